import { bitOf, linkScore, type Problem, type Strand } from './problem.js';
import { otherEnd, type Wiring } from './wiring.js';

const SENDS = 1;
const RECEIVES = 2;
const DUPLEX = 4;

/** A patch switch that a device reaches: over its own fibre (0 elements), or through elements wired to it for good. */
interface Reach {
  readonly at: number;
  readonly elements: number;
  readonly ways: number;
}

/** Two devices joined by fibres alone. */
interface Pair {
  readonly peer: number;
  /** Ways in which a direct fibre can be used from here, as bits. */
  readonly direct: number;
  /** Fewest inline elements between them; 0 when a chain does not join them. */
  readonly elements: number;
}

/**
 * The most that a link between two devices can score, before it is known which ports, trunks and elements are left.
 * Devices that reach the same switches in the same ways are one group; fibres between two devices are pairs.
 */
export class Links {
  readonly wiring: Wiring;
  readonly groupOf: Int32Array;
  /** Pairs of each device that has any. */
  readonly pairs: ReadonlyMap<number, readonly Pair[]>;
  readonly #reaches: (readonly Reach[])[] = [];
  readonly hasPairs: Uint8Array;
  readonly #tables = new Map<number, Float64Array>();
  readonly #bondTables = new Map<string, Float64Array>();
  readonly #inline: number;
  /** Fewest elements between two switches; 0 for none. */
  readonly #elements: Uint8Array;

  constructor({ lab, candidates, inline }: Problem, wiring: Wiring) {
    this.wiring = wiring;
    this.#inline = inline;
    const { devices, switches } = lab.index;
    this.groupOf = new Int32Array(devices.length).fill(-1);
    const isCandidate = new Uint8Array(devices.length);
    for (const { places } of new Set(candidates)) for (const place of places) isCandidate[place] = 1;
    this.#elements = this.#elementsBetween(switches.length);
    const pairs = new Map<number, Pair[]>();
    const groups = new Map<number | string, number>();
    for (let place = 0; place < devices.length; place += 1) {
      if (isCandidate[place] === 0) continue;
      const found = this.#look(place, isCandidate);
      if (found.pairs.length > 0) pairs.set(place, found.pairs);
      const [only] = found.reaches;
      const key =
        found.reaches.length === 1 && only!.elements === 0
          ? only!.at * 8 + only!.ways
          : found.reaches.map(({ at, elements, ways }) => `${at}/${elements}/${ways}`).join();
      let group = groups.get(key);
      if (group === undefined) {
        group = groups.size;
        groups.set(key, group);
        this.#reaches.push(found.reaches);
      }
      this.groupOf[place] = group;
    }
    this.pairs = pairs;
    this.hasPairs = new Uint8Array(devices.length);
    for (const place of pairs.keys()) this.hasPairs[place] = 1;
  }

  get groups(): number {
    return this.#reaches.length;
  }

  /** 1 for every group that reaches a switch at most one trunk away. */
  groupsAround(centre: number): Uint8Array {
    const { distance, lab } = this.wiring;
    const isNear = (at: number) => at === centre || distance[centre * lab.index.switches.length + at] === 1;
    return Uint8Array.from(this.#reaches, (reaches) => Number(reaches.some(({ at }) => isNear(at))));
  }

  /** Names the table of a strand: strands of one profile share it. */
  profileOf({ kinds, duplex }: Strand): number {
    return kinds * 2 + Number(duplex);
  }

  /** Best score by group of the source x groups + group of the target, -Infinity where there is no way. */
  tableOf(strand: Strand): Float64Array {
    const profile = this.profileOf(strand);
    let table = this.#tables.get(profile);
    if (!table) {
      const { groups } = this;
      table = new Float64Array(groups * groups);
      for (let a = 0; a < groups; a += 1) {
        for (let b = 0; b < groups; b += 1) {
          table[a * groups + b] = this.#best(strand, this.#reaches[a]!, this.#reaches[b]!);
        }
      }
      this.#tables.set(profile, table);
    }
    return table;
  }

  /** What strands between two nodes can add together, by group of the parent x groups + group of the other node. */
  bondTable(strands: readonly Strand[], parent: number, linkWeight: number): Float64Array {
    const profile = strands
      .map((strand) => this.profileOf(strand) * 2 + Number(strand.source === parent))
      .sort((a, b) => a - b)
      .join();
    const known = this.#bondTables.get(profile);
    if (known) return known;
    const size = this.groups;
    const sum = new Float64Array(size * size);
    for (const strand of strands) {
      const table = this.tableOf(strand);
      const isSource = strand.source === parent;
      for (let a = 0; a < size; a += 1) {
        for (let b = 0; b < size; b += 1) {
          sum[a * size + b]! += linkWeight * table[isSource ? a * size + b : b * size + a]!;
        }
      }
    }
    this.#bondTables.set(profile, sum);
    return sum;
  }

  /** What fibres between the two add; -Infinity when they are not joined by fibres alone. */
  pairScore({ kinds, duplex }: Strand, pair: Pair, isSource: boolean): number {
    const needed = duplex ? DUPLEX : isSource ? SENDS : RECEIVES;
    if ((kinds & bitOf('direct')) !== 0 && (pair.direct & needed) !== 0) return 1;
    if ((kinds & bitOf('inline')) !== 0 && pair.elements > 0) {
      return linkScore('inline', pair.elements, 0, Infinity);
    }
    return -Infinity;
  }

  #best({ kinds, duplex }: Strand, from: readonly Reach[], to: readonly Reach[]): number {
    const { distance, lab } = this.wiring;
    const size = lab.index.switches.length;
    let best = -Infinity;
    for (const a of from) {
      if (a.elements === 0 && (a.ways & (duplex ? DUPLEX : SENDS)) === 0) continue;
      for (const b of to) {
        if (b.elements === 0 && (b.ways & (duplex ? DUPLEX : RECEIVES)) === 0) continue;
        const inside = a.elements + b.elements;
        if (inside === 0 && a.at === b.at && (kinds & bitOf('patch')) !== 0) return linkScore('patch', 0, 0, Infinity);
        const hops = distance[a.at * size + b.at]!;
        if (inside === 0 && hops > 0 && (kinds & bitOf('trunk')) !== 0) {
          best = Math.max(best, linkScore('trunk', hops, 0, Infinity));
        }
        if ((kinds & bitOf('inline')) === 0) continue;
        const between = this.#elements[a.at * size + b.at]!;
        const elements = inside > 0 && a.at === b.at ? inside : between > 0 ? inside + between : Infinity;
        if (elements <= this.#inline) best = Math.max(best, linkScore('inline', elements, 0, Infinity));
      }
    }
    return best;
  }

  #elementsBetween(size: number): Uint8Array {
    const fewest = new Uint8Array(size * size);
    const { wayEndOf, wayEndsAt, lab } = this.wiring;
    const { ports, ways } = lab.index;
    const exitOf = (wayEnd: number) => ((wayEnd & 1) === 0 ? ways.portB[wayEnd >> 1]! : ways.portA[wayEnd >> 1]!);
    const step = (from: number, wayEnd: number, depth: number) => {
      const exit = exitOf(wayEnd);
      const to = ports.switchOf[exit]!;
      if (to >= 0) {
        const known = fewest[from * size + to]!;
        if (known === 0 || known > depth) fewest[from * size + to] = depth;
        return;
      }
      const next = wayEndOf[ports.peer[exit]!]!;
      if (next >= 0 && depth < this.#inline) step(from, next, depth + 1);
    };
    wayEndsAt.forEach((ends, from) => ends.forEach((wayEnd) => step(from, wayEnd, 1)));
    const chained = [...fewest.keys()].filter((at) => fewest[at] === 1);
    if (this.#inline < 2) return fewest;
    for (const first of chained) {
      for (const second of chained) {
        if (first % size !== Math.floor(second / size)) continue;
        const both = Math.floor(first / size) * size + (second % size);
        if (fewest[both] === 0) fewest[both] = 2;
      }
    }
    return fewest;
  }

  #look(place: number, isCandidate: Uint8Array): { reaches: Reach[]; pairs: Pair[] } {
    const { lab, wayEndOf } = this.wiring;
    const { ports, ways } = lab.index;
    const reaches: Reach[] = [];
    const pairs: Pair[] = [];
    const reach = (at: number, elements: number, bits: number) => {
      const known = reaches.findIndex((other) => other.at === at && other.elements === elements);
      if (known < 0) reaches.push({ at, elements, ways: bits });
      else reaches[known] = { at, elements, ways: reaches[known]!.ways | bits };
    };
    const join = (peer: number, direct: number, elements: number) => {
      if (peer === place || isCandidate[peer] === 0) return;
      const known = pairs.findIndex((other) => other.peer === peer);
      const old = pairs[known] ?? { direct: 0, elements: 0 };
      const fewest = old.elements === 0 ? elements : elements === 0 ? old.elements : Math.min(old.elements, elements);
      const pair = { peer, direct: old.direct | direct, elements: fewest };
      if (known < 0) pairs.push(pair);
      else pairs[known] = pair;
    };
    const follow = (wayEnd: number, elements: number) => {
      const end = otherEnd(wayEnd);
      const exit = (end & 1) === 0 ? ways.portA[end >> 1]! : ways.portB[end >> 1]!;
      if (ports.switchOf[exit]! >= 0) {
        reach(ports.switchOf[exit]!, elements, 0);
        return;
      }
      const entry = ports.peer[exit]!;
      if (lab.heldPorts[entry] === 1) return;
      join(ports.device[entry]!, 0, elements);
      const next = wayEndOf[entry]!;
      if (next >= 0 && elements < this.#inline) follow(next, elements + 1);
    };
    for (let port = ports.base[place]!; port < ports.base[place + 1]!; port += 1) {
      if (lab.heldPorts[port] === 1) continue;
      const [sends, receives] = [ports.sends[port] === 1, ports.receives[port] === 1];
      const bits = (sends ? SENDS : 0) | (receives ? RECEIVES : 0) | (sends && receives ? DUPLEX : 0);
      if (ports.switchOf[port]! >= 0) {
        reach(ports.switchOf[port]!, 0, bits);
        continue;
      }
      const peer = ports.peer[port]!;
      if (lab.heldPorts[peer] === 1) continue;
      join(ports.device[peer]!, bits, 0);
      if (wayEndOf[peer]! >= 0) follow(wayEndOf[peer]!, 1);
    }
    reaches.sort((a, b) => a.at - b.at || a.elements - b.elements);
    return { reaches, pairs };
  }
}
