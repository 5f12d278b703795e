import type { Domains } from './domains.js';
import type { Links } from './links.js';
import type { Problem, Strand } from './problem.js';

/** All strands between two nodes; the parent comes earlier in the order. */
export interface Bond {
  readonly parent: number;
  readonly child: number;
  readonly strands: readonly Strand[];
  /** Most that the strands can add, by group of the parent x groups + group of the child. */
  readonly table: Float64Array;
  /** Where fibres between two devices add more: for parent candidate i those from `base[i]` up to `base[i + 1]`. */
  readonly pairs: { readonly base: Int32Array; readonly child: Int32Array; readonly gain: Float64Array } | null;
}

/** An earlier option that this one must differ from. */
export interface Rival {
  readonly places: Int32Array;
  /** How many nodes may become the same device. */
  readonly most: number;
}

/** Nodes in the order in which they are placed: the tightest first, then those with most neighbours placed. */
const placingOrder = (sizes: readonly number[], strands: readonly Strand[]): number[] => {
  const links = sizes.map(() => 0);
  const left = new Set(sizes.keys());
  const neighbours = sizes.map(() => new Set<number>());
  for (const { source, target } of strands) {
    neighbours[source]!.add(target);
    neighbours[target]!.add(source);
  }
  const isBefore = (a: number, b: number) =>
    links[a]! - links[b]! || sizes[b]! - sizes[a]! || neighbours[a]!.size - neighbours[b]!.size;
  const order: number[] = [];
  while (left.size > 0) {
    let next = -1;
    for (const node of left) if (next < 0 || isBefore(node, next) > 0) next = node;
    left.delete(next);
    order.push(next);
    for (const other of neighbours[next]!) links[other]! += 1;
  }
  return order;
};

/**
 * The problem without the rule that nodes must differ, and with every ring cut open: its optimum is found by passing
 * messages from the last node of the order to the first, and no option scores more. Prices on devices, moved by
 * subgradient steps, make nodes want different ones after all, tilts make the parents of one node agree on it, and both
 * bring the bound down.
 */
export class Relaxation {
  readonly order: readonly number[];
  /** Bonds to earlier nodes, by child. */
  readonly above: readonly (readonly Bond[])[];
  /** Bonds to later nodes, by parent. */
  readonly below: readonly (readonly Bond[])[];
  readonly groups: readonly Int32Array[];
  /** At the best prices: value of each candidate less its price, with the best that its later neighbours can add. */
  readonly worth: readonly Float64Array[];
  /** Value less price alone. */
  readonly net: readonly Float64Array[];
  /** What each child adds to each candidate of the parent. */
  readonly messages: ReadonlyMap<Bond, Float64Array>;
  readonly #problem: Pick<Problem, 'linkWeight' | 'strands'>;
  readonly #domains: Pick<Domains, 'places' | 'values'>;
  readonly #links: Links;
  readonly #rivals: readonly Rival[];
  readonly #slots: readonly Int32Array[];
  readonly #price: Float64Array;
  readonly #penalty: Float64Array;
  readonly #rivalAt: readonly (readonly number[])[];
  readonly #present: readonly Int32Array[];
  /** What the share of each parent in a child counts more or less, by group of the child; 0 over all its parents. */
  readonly #tilts: ReadonlyMap<Bond, Float64Array>;
  readonly #level: Float64Array;
  readonly #best: Float64Array;
  readonly #reached: Float64Array;
  #bound = Infinity;
  /** What the prices add to the bound. */
  #paid = 0;

  constructor(
    problem: Pick<Problem, 'linkWeight' | 'strands' | 'lab'>,
    links: Links,
    domains: Pick<Domains, 'places' | 'values'>,
    rivals: readonly Rival[],
  ) {
    this.#problem = problem;
    this.#domains = domains;
    this.#links = links;
    this.#rivals = rivals;
    this.#level = new Float64Array(links.groups);
    this.#best = new Float64Array(links.groups);
    this.#reached = new Float64Array(links.groups);
    const { places } = domains;
    this.order = placingOrder(
      places.map((domain) => domain.length),
      problem.strands,
    );
    this.groups = places.map((domain) => domain.map((place) => links.groupOf[place]!));
    this.#present = this.groups.map((groups) => Int32Array.from(new Set(groups)));
    const bonds = this.#bonds(problem.lab.index.devices.length);
    this.above = places.map((_, node) => bonds.filter(({ child }) => child === node));
    this.below = places.map((_, node) => bonds.filter(({ parent }) => parent === node));
    this.messages = new Map(bonds.map((bond) => [bond, new Float64Array(places[bond.parent]!.length)]));
    this.net = domains.values.map((values) => values.slice());
    this.worth = domains.values.map((values) => values.slice());
    const slot = new Int32Array(problem.lab.index.devices.length).fill(-1);
    let slots = 0;
    this.#slots = places.map((domain) =>
      domain.map((place) => {
        if (slot[place] === -1) {
          slot[place] = slots;
          slots += 1;
        }
        return slot[place]!;
      }),
    );
    this.#price = new Float64Array(slots);
    const tilted = this.above.filter((parents) => parents.length > 1).flat();
    this.#tilts = new Map(tilted.map((bond) => [bond, new Float64Array(links.groups)]));
    this.#penalty = new Float64Array(rivals.length);
    this.#rivalAt = rivals.map((rival) => places.map((domain, node) => domain.indexOf(rival.places[node]!)));
  }

  /** No option scores more, offset not included; -Infinity when there is none. */
  get bound(): number {
    return this.#bound;
  }

  /** What unspent prices add to a bound from which net values have been taken. */
  get paid(): number {
    return this.#paid;
  }

  /**
   * Improves the bound towards `target`, a score that is known to be reached or thought to be; keeps the best prices.
   */
  improve(rounds: number, target: number): void {
    let best = { bound: this.#pass(), dual: this.#dual() };
    const first = best.bound;
    let step = 1;
    let stale = 0;
    for (let round = 0; round < rounds && best.bound > target + 1e-12 && first > -Infinity; round += 1) {
      const { usage, shared, pulls } = this.#usage();
      let norm = 0;
      usage.forEach((used, slot) => (norm += used > 1 || this.#price[slot]! > 0 ? (used - 1) ** 2 : 0));
      shared.forEach((count, rival) => {
        const over = count - this.#rivals[rival]!.most;
        norm += over > 0 || this.#penalty[rival]! > 0 ? over ** 2 : 0;
      });
      for (const pull of pulls.values()) for (const part of pull) norm += part ** 2;
      if (norm === 0) break;
      const length = (step * (this.#bound - target)) / norm;
      usage.forEach((used, slot) => {
        if (used > 1 || this.#price[slot]! > 0) {
          this.#price[slot] = Math.max(0, this.#price[slot]! + length * (used - 1));
        }
      });
      shared.forEach((count, rival) => {
        const over = count - this.#rivals[rival]!.most;
        this.#penalty[rival] = Math.max(0, this.#penalty[rival]! + length * over);
      });
      for (const [bond, pull] of pulls) {
        const tilt = this.#tilts.get(bond)!;
        pull.forEach((part, group) => (tilt[group]! -= length * part));
      }
      const bound = this.#pass();
      if (bound < best.bound - 1e-9) {
        best = { bound, dual: this.#dual() };
        stale = 0;
      } else {
        stale += 1;
        if (stale % 5 === 0) step /= 2;
      }
    }
    this.#price.set(best.dual.price);
    this.#penalty.set(best.dual.penalty);
    for (const [bond, tilt] of this.#tilts) tilt.set(best.dual.tilts.get(bond)!);
    this.#pass();
  }

  #dual() {
    return {
      price: this.#price.slice(),
      penalty: this.#penalty.slice(),
      tilts: new Map([...this.#tilts].map(([bond, tilt]) => [bond, tilt.slice()])),
    };
  }

  /** Messages at the current prices, from the last node to the first. */
  #pass(): number {
    const { places, values } = this.#domains;
    let bound = 0;
    for (const price of this.#price) bound += price;
    this.#penalty.forEach((penalty, rival) => (bound += penalty * this.#rivals[rival]!.most));
    this.#paid = bound;
    for (let at = this.order.length - 1; at >= 0; at -= 1) {
      const node = this.order[at]!;
      const [net, worth, value, slots] = [this.net[node]!, this.worth[node]!, values[node]!, this.#slots[node]!];
      for (let i = 0; i < value.length; i += 1) net[i] = value[i]! - this.#price[slots[i]!]!;
      this.#rivalAt.forEach((where, rival) => {
        const i = where[node]!;
        if (i >= 0) net[i]! -= this.#penalty[rival]!;
      });
      worth.set(net);
      for (const bond of this.below[node]!) {
        const message = this.messages.get(bond)!;
        for (let i = 0; i < worth.length; i += 1) worth[i]! += message[i]!;
      }
      const parents = this.above[node]!;
      if (parents.length === 0) bound += highest(worth);
      else for (const bond of parents) this.#send(bond, 1 / parents.length);
    }
    this.#bound = places.some((domain) => domain.length === 0) ? -Infinity : bound;
    return this.#bound;
  }

  #send(bond: Bond, share: number): void {
    const { parent, child, table, pairs } = bond;
    const size = this.#links.groups;
    const worth = this.worth[child]!;
    const best = this.#bestByGroup(child, worth);
    const tilt = this.#tilts.get(bond) ?? this.#level;
    for (const b of this.#present[child]!) best[b] = share * best[b]! + tilt[b]!;
    const reached = this.#reached;
    for (const a of this.#present[parent]!) {
      let most = -Infinity;
      const row = a * size;
      for (const b of this.#present[child]!) {
        const sum = best[b]! + table[row + b]!;
        if (sum > most) most = sum;
      }
      reached[a] = most;
    }
    const message = this.messages.get(bond)!;
    const groups = this.groups[parent]!;
    for (let i = 0; i < message.length; i += 1) message[i] = reached[groups[i]!]!;
    if (!pairs) return;
    const childGroups = this.groups[child]!;
    for (let i = 0; i < message.length; i += 1) {
      for (let at = pairs.base[i]!; at < pairs.base[i + 1]!; at += 1) {
        const j = pairs.child[at]!;
        const sum = share * worth[j]! + tilt[childGroups[j]!]! + pairs.gain[at]!;
        if (sum > message[i]!) message[i] = sum;
      }
    }
  }

  #bestByGroup(node: number, worth: Float64Array): Float64Array {
    const best = this.#best;
    for (const group of this.#present[node]!) best[group] = -Infinity;
    const groups = this.groups[node]!;
    for (let i = 0; i < worth.length; i += 1) {
      if (worth[i]! > best[groups[i]!]!) best[groups[i]!] = worth[i]!;
    }
    return best;
  }

  /** How often the relaxed optimum takes each device and each rival's choice, and how its parts of a node disagree. */
  #usage(): { usage: Float64Array; shared: Float64Array; pulls: Map<Bond, Float64Array> } {
    const usage = new Float64Array(this.#price.length);
    const shared = new Float64Array(this.#rivals.length);
    const pulls = new Map<Bond, Float64Array>();
    const chosen = this.order.map((): Map<number, number> => new Map<number, number>());
    for (const node of this.order) {
      const parents = this.above[node]!;
      const choices = chosen[node]!;
      const groups = this.groups[node]!;
      if (parents.length === 0) choices.set(this.worth[node]!.indexOf(highest(this.worth[node]!)), 1);
      const mean = parents.length > 1 ? new Float64Array(this.#links.groups) : null;
      for (const bond of parents) {
        const pull = mean && new Float64Array(this.#links.groups);
        for (const [i, weight] of chosen[bond.parent]!) {
          const j = i < 0 ? -1 : this.#answerTo(bond, i, 1 / parents.length);
          if (j < 0) continue;
          choices.set(j, (choices.get(j) ?? 0) + weight / parents.length);
          if (!pull) continue;
          pull[groups[j]!]! += weight;
          mean[groups[j]!]! += weight / parents.length;
        }
        if (pull) pulls.set(bond, pull);
      }
      if (mean) for (const bond of parents) mean.forEach((part, group) => (pulls.get(bond)![group]! -= part));
      for (const [i, weight] of choices) {
        if (i < 0) continue;
        usage[this.#slots[node]![i]!]! += weight;
        this.#rivalAt.forEach((where, rival) => {
          if (where[node] === i) shared[rival]! += weight;
        });
      }
    }
    return { usage, shared, pulls };
  }

  /** Which candidate of the child the message to parent candidate `i` speaks of. */
  #answerTo(bond: Bond, i: number, share: number): number {
    const { child, parent, table, pairs } = bond;
    const tilt = this.#tilts.get(bond) ?? this.#level;
    const worth = this.worth[child]!;
    const groups = this.groups[child]!;
    const row = this.groups[parent]![i]! * this.#links.groups;
    let [best, most] = [-1, -Infinity];
    for (let j = 0; j < worth.length; j += 1) {
      const sum = share * worth[j]! + tilt[groups[j]!]! + table[row + groups[j]!]!;
      if (sum > most) [best, most] = [j, sum];
    }
    if (!pairs) return best;
    for (let at = pairs.base[i]!; at < pairs.base[i + 1]!; at += 1) {
      const j = pairs.child[at]!;
      const sum = share * worth[j]! + tilt[groups[j]!]! + pairs.gain[at]!;
      if (sum > most) [best, most] = [j, sum];
    }
    return best;
  }

  #bonds(devices: number): Bond[] {
    const rank = new Int32Array(this.order.length);
    this.order.forEach((node, at) => (rank[node] = at));
    const byEnds = new Map<number, Strand[]>();
    for (const strand of this.#problem.strands) {
      const isSourceFirst = rank[strand.source]! < rank[strand.target]!;
      const [parent, child] = isSourceFirst ? [strand.source, strand.target] : [strand.target, strand.source];
      const key = parent * rank.length + child;
      byEnds.set(key, [...(byEnds.get(key) ?? []), strand]);
    }
    const position = new Int32Array(this.#links.pairs.size > 0 ? devices : 0).fill(-1);
    return [...byEnds].map(([key, strands]) => {
      const [parent, child] = [Math.floor(key / rank.length), key % rank.length];
      const table = this.#links.bondTable(strands, parent, this.#problem.linkWeight);
      return { parent, child, strands, table, pairs: this.#pairs(parent, child, strands, position) };
    });
  }

  #pairs(parent: number, child: number, strands: readonly Strand[], position: Int32Array): Bond['pairs'] {
    if (this.#links.pairs.size === 0) return null;
    const { places } = this.#domains;
    const size = this.#links.groups;
    places[child]!.forEach((place, j) => (position[place] = j));
    const base = new Int32Array(places[parent]!.length + 1);
    const children: number[] = [];
    const gains: number[] = [];
    places[parent]!.forEach((place, i) => {
      for (const pair of this.#links.hasPairs[place] === 1 ? this.#links.pairs.get(place)! : []) {
        const j = position[pair.peer]!;
        if (j < 0) continue;
        const [a, b] = [this.groups[parent]![i]!, this.groups[child]![j]!];
        const gain = strands.reduce((sum, strand) => {
          const isSource = strand.source === parent;
          const table = this.#links.tableOf(strand);
          const byGroup = table[isSource ? a * size + b : b * size + a]!;
          return sum + this.#problem.linkWeight * Math.max(byGroup, this.#links.pairScore(strand, pair, isSource));
        }, 0);
        children.push(j);
        gains.push(gain);
      }
      base[i + 1] = children.length;
    });
    places[child]!.forEach((place) => (position[place] = -1));
    return children.length === 0 ? null : { base, child: Int32Array.from(children), gain: Float64Array.from(gains) };
  }
}

const highest = (numbers: Float64Array): number => {
  let most = -Infinity;
  for (const number of numbers) if (number > most) most = number;
  return most;
};
