import type { Links } from './links.js';
import type { Problem, Strand } from './problem.js';
import type { ReasonCode } from './resolution.js';

/** What is left of the candidates of each node once its neighbours are looked at. */
export interface Domains {
  readonly places: readonly Int32Array[];
  readonly values: readonly Float64Array[];
  /** Per node: how many candidates fell, and why. */
  readonly fallen: readonly Partial<Record<ReasonCode, number>>[];
  /** Per node and candidate: those of one number above -1 can stand for each other everywhere. */
  readonly twins: readonly Int32Array[];
}

/** The strands that end at each node. */
const strandsByNode = ({ strands, topology }: Pick<Problem, 'strands' | 'topology'>): Strand[][] => {
  const byNode = topology.nodes.map((): Strand[] => []);
  for (const strand of strands) {
    byNode[strand.source]!.push(strand);
    byNode[strand.target]!.push(strand);
  }
  return byNode;
};

const keep = <A extends Int32Array | Float64Array>(items: A, kept: readonly number[]): A => {
  const smaller = items.slice(0, kept.length) as A;
  kept.forEach((from, to) => (smaller[to] = items[from]!));
  return smaller;
};

/**
 * Drops candidates that no option can hold: with too few usable ports (C9), or without a partner for a strand (C8).
 * Repeated until nothing falls any more.
 */
export const filteredDomains = (problem: Problem, links: Links): Omit<Domains, 'twins'> => {
  const { candidates, lab } = problem;
  const places = candidates.map((found) => found.places);
  const values = [...problem.values];
  const fallen = candidates.map((): Partial<Record<ReasonCode, number>> => ({}));
  const byNode = strandsByNode(problem);
  const member = new Uint8Array(lab.index.devices.length);
  const queue = new Set(places.keys());
  const groupsAt = places.map((domain) => groupsIn(domain, links));
  for (const node of queue) {
    queue.delete(node);
    const strands = byNode[node]!;
    if (strands.length === 0) continue;
    const others = strands.map(({ source, target }) => (source === node ? target : source));
    for (const other of others) for (const place of places[other]!) member[place] = 1;
    const enough = enoughPorts(problem, links, strands.length, member);
    const supports = strands.map((strand, at) =>
      supporter(links, strand, strand.source === node, places[others[at]!]!, groupsAt[others[at]!]!),
    );
    const kept: number[] = [];
    places[node]!.forEach((place, at) => {
      const code = !enough(place) ? 'C9' : supports.every((supports_) => supports_(place)) ? null : 'C8';
      if (code === null) kept.push(at);
      else fallen[node]![code] = (fallen[node]![code] ?? 0) + 1;
    });
    for (const other of others) for (const place of places[other]!) member[place] = 0;
    if (kept.length === places[node]!.length) continue;
    places[node] = keep(places[node]!, kept);
    values[node] = keep(values[node]!, kept);
    groupsAt[node] = groupsIn(places[node], links);
    for (const other of others) queue.add(other);
  }
  return { places, values, fallen };
};

const groupsIn = (places: Int32Array, { groupOf }: Links): number[] => [
  ...new Set(Array.from(places, (place) => groupOf[place]!)),
];

const enoughPorts = ({ lab, inline }: Problem, { wiring }: Links, needed: number, member: Uint8Array) => {
  const { base, switchOf, peer, device } = lab.index.ports;
  /** Whether a fibre from there, or a chain of elements that it begins, comes to a switch or a possible neighbour. */
  const leadsOn = (port: number, elements: number): boolean => {
    if (lab.heldPorts[port] === 1) return false;
    if (switchOf[port]! >= 0) return true;
    const other = peer[port]!;
    if (lab.heldPorts[other] === 1) return false;
    if (member[device[other]!] === 1) return true;
    const entry = wiring.wayEndOf[other]!;
    return entry >= 0 && elements < inline && leadsOn(wiring.exitOf(entry), elements + 1);
  };
  return (place: number): boolean => {
    let count = 0;
    for (let port = base[place]!; port < base[place + 1]! && count < needed; port += 1)
      count += Number(leadsOn(port, 0));
    return count >= needed;
  };
};

/** Whether a device has any partner among the candidates at the other end of the strand. */
const supporter = (
  links: Links,
  strand: Strand,
  isSource: boolean,
  partners: Int32Array,
  groups: readonly number[],
): ((place: number) => boolean) => {
  const table = links.tableOf(strand);
  const size = links.groups;
  const reaches = new Uint8Array(size);
  for (let group = 0; group < size; group += 1) {
    const found = groups.some((other) => table[isSource ? group * size + other : other * size + group]! > -Infinity);
    reaches[group] = Number(found);
  }
  const isPartner = links.pairs.size === 0 ? null : new Set(partners);
  return (place) =>
    reaches[links.groupOf[place]!] === 1 ||
    (links.pairs.get(place) ?? []).some(
      (pair) => isPartner?.has(pair.peer) === true && links.pairScore(strand, pair, isSource) > -Infinity,
    );
};

/**
 * Keeps of every set of devices that are wired alike only the best that a node could need. If an option used a worse
 * one, one of the better ones would be unused and could take its place: nothing is lost, and most devices go.
 *
 * @param spare how many devices of a set another rule might keep a node from using: one for each earlier option.
 */
export const prunedDomains = (
  problem: Problem,
  links: Links,
  { places, values, fallen }: Omit<Domains, 'twins'>,
  spare: number,
): Domains => {
  const { lab, alike, inline, strands } = problem;
  const { typeOf, modelOf, ways } = lab.index;
  const byNode = strandsByNode(problem);
  const nodesOfType = new Map<number, number>();
  for (const domain of places) {
    if (domain.length === 0) continue;
    const type = typeOf[domain[0]!]!;
    nodesOfType.set(type, (nodesOfType.get(type) ?? 0) + 1);
  }
  const inlineTypes = new Set(inline > 0 ? Array.from(ways.device, (device) => typeOf[device]!) : []);
  const members = membership(places, lab.index.devices.length);
  const member = new Uint8Array(lab.index.devices.length);
  const plain = places.map((domain, node) => {
    if (problem.picky) return new Uint8Array(domain.length);
    const neighbours = new Set(byNode[node]!.map(({ source, target }) => (source === node ? target : source)));
    for (const other of neighbours) for (const place of places[other]!) member[place] = 1;
    const found = Uint8Array.from(domain, (place) =>
      Number(isPlainAt(problem, links, place, byNode[node]!.length, member)),
    );
    for (const other of neighbours) for (const place of places[other]!) member[place] = 0;
    return found;
  });
  // A device that is special to one node cannot change places with another.
  const isSpecial = new Uint8Array(lab.index.devices.length);
  places.forEach((domain, node) => domain.forEach((place, at) => (isSpecial[place]! |= 1 - plain[node]![at]!)));

  const classes = new Map<number, number>();
  const models = 1 + lab.index.modelSize.length;
  const hasAlike = alike.some((label) => label >= 0);
  const kept = places.map((domain, node) => {
    const type = domain.length > 0 ? typeOf[domain[0]!]! : -1;
    const isInline = inlineTypes.has(type);
    const most = (nodesOfType.get(type) ?? 0) + spare + (isInline ? strands.length * inline : 0);
    const modelAt = (place: number) => (alike[node]! < 0 ? 0 : 1 + modelOf[place]!);
    const leaders = new Map<number, number[]>();
    const value = values[node]!;
    const chosen: number[] = [];
    domain.forEach((place, at) => {
      if (plain[node]![at] === 0) {
        chosen.push(at);
        return;
      }
      const key = links.groups * modelAt(place) + links.groupOf[place]!;
      let best = leaders.get(key);
      if (!best) {
        best = [];
        leaders.set(key, best);
      }
      if (best.length >= most && value[best[most - 1]!]! >= value[at]!) return;
      let into = best.length;
      while (into > 0 && value[best[into - 1]!]! < value[at]!) into -= 1;
      best.splice(into, 0, at);
      if (best.length > most) best.pop();
    });
    for (const best of leaders.values()) chosen.push(...best);
    chosen.sort((a, b) => a - b);
    const twins = Int32Array.from(chosen, (at) => {
      const place = domain[at]!;
      if (isInline || isSpecial[place] === 1 || plain[node]![at] === 0) return -1;
      // Where some nodes must be of one model, two models cannot change places even at the others.
      const model = hasAlike ? 1 + modelOf[place]! : 0;
      const key = (members[place]! * links.groups + links.groupOf[place]!) * models + model;
      const known = classes.get(key);
      if (known !== undefined) return known;
      classes.set(key, classes.size);
      return classes.size - 1;
    });
    return { chosen, twins };
  });
  return {
    places: places.map((domain, node) => keep(domain, kept[node]!.chosen)),
    values: values.map((value, node) => keep(value, kept[node]!.chosen)),
    fallen,
    twins: kept.map(({ twins }) => twins),
  };
};

/** Whether all that a device can do for a node is what every other device of its group can. */
const isPlainAt = ({ lab }: Problem, { wiring }: Links, place: number, needed: number, member: Uint8Array): boolean => {
  const { base, switchOf, peer, device, sends, receives } = lab.index.ports;
  for (let port = base[place]!; port < base[place + 1]!; port += 1) {
    if (lab.heldPorts[port] === 1) continue;
    const other = peer[port]!;
    if (switchOf[port]! < 0) {
      if (lab.heldPorts[other] === 0 && (member[device[other]!] === 1 || wiring.wayEndOf[other]! >= 0)) return false;
      continue;
    }
    if (sends[port] === 0 || receives[port] === 0) return false;
    let duplex = 0;
    for (let like = base[place]!; like < base[place + 1]!; like += 1) {
      if (switchOf[like] === switchOf[port] && lab.heldPorts[like] === 0) duplex += 1;
    }
    if (duplex < needed) return false;
  }
  return true;
};

/** Numbers the devices so that two have one number when they are candidates of the same nodes. */
const membership = (places: readonly Int32Array[], devices: number): Int32Array => {
  const number = new Int32Array(devices);
  let next = 1;
  const seen = new Map<Int32Array, true>();
  for (const domain of places) {
    if (seen.has(domain)) continue;
    seen.set(domain, true);
    const renamed = new Map<number, number>();
    for (const place of domain) {
      const old = number[place]!;
      let renewed = renamed.get(old);
      if (renewed === undefined) {
        renewed = next;
        next += 1;
        renamed.set(old, renewed);
      }
      number[place] = renewed;
    }
  }
  return number;
};
