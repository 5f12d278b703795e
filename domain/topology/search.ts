import type { Domains } from './domains.js';
import { GroupReach } from './group-reach.js';
import type { Links } from './links.js';
import { Matching } from './matching.js';
import { Occupancy } from './occupancy.js';
import type { Problem, Strand } from './problem.js';
import type { Bond, Relaxation, Rival } from './relaxation.js';
import type { PlannedRoute } from './planned-route.js';
import type { RoutePlanner } from './routes.js';

/** A complete answer: a device for every node and a route for every strand. */
export interface Mapping {
  readonly places: Int32Array;
  /** By place in `strands`. */
  readonly routes: readonly PlannedRoute[];
  /** Offset not included. */
  readonly score: number;
}

export interface SearchLimits {
  /** Nodes to place, and routes to try, before the search gives up. */
  readonly budget: number;
  /** Options that are not this much better than the best known, as a share of it, are not looked for. */
  readonly gap: number;
  /** Stop at the first option. */
  readonly isEnough?: boolean;
}

export interface Found {
  readonly best: Mapping | null;
  /** No option scores more, offset not included. */
  readonly bound: number;
  readonly truncated: boolean;
  readonly spent: number;
}

/** So many routes looked at cost as much as placing a node. */
const LOOKS = 20;

/** Scores closer than this are equal. */
export const EQUAL = 1e-9;

/**
 * Depth-first branch and bound. Places one node after the other, best first, and routes its strands to those placed
 * before; gives up a branch when even the relaxation has nothing better than what is known.
 */
export class Search {
  readonly #problem: Problem;
  readonly #links: Links;
  readonly #planner: RoutePlanner;
  readonly #domains: Omit<Domains, 'fallen'>;
  readonly #relaxation: Relaxation;
  readonly #rivals: readonly Rival[];
  readonly #limits: SearchLimits;
  readonly #taken: Occupancy;
  readonly #matching: Matching | null;
  readonly #reach: GroupReach;
  readonly #back: readonly (readonly Strand[])[];
  readonly #at: Int32Array;
  readonly #scores: readonly Float64Array[];
  readonly #routes: PlannedRoute[];
  readonly #strandAt: ReadonlyMap<Strand, number>;
  readonly #modelOfLabel = new Map<number, { model: number; users: number }>();
  readonly #shared: Int32Array;
  #best: Mapping | null;
  #spent = 0;
  /** Branches given up for another reason than that they hold no option at all. */
  #cut = 0;
  #mostCut = -Infinity;
  #done = false;

  constructor(
    problem: Problem,
    links: Links,
    planner: RoutePlanner,
    domains: Omit<Domains, 'fallen'>,
    relaxation: Relaxation,
    rivals: readonly Rival[],
    limits: SearchLimits,
    best: Mapping | null,
  ) {
    this.#problem = problem;
    this.#links = links;
    this.#planner = planner;
    this.#domains = domains;
    this.#relaxation = relaxation;
    this.#rivals = rivals;
    this.#limits = limits;
    this.#best = best;
    this.#taken = new Occupancy(problem, links.wiring);
    const { places } = domains;
    this.#matching = places.every((domain) => domain.length >= places.length)
      ? null
      : new Matching(places, problem.lab.index.devices.length);
    this.#reach = new GroupReach(relaxation, links.groups);
    this.#at = new Int32Array(places.length).fill(-1);
    this.#scores = places.map((domain) => new Float64Array(domain.length));
    this.#routes = new Array<PlannedRoute>(problem.strands.length);
    this.#strandAt = new Map(problem.strands.map((strand, at) => [strand, at]));
    this.#shared = new Int32Array(rivals.length);
    this.#back = relaxation.above.map((bonds) => bonds.flatMap((bond) => bond.strands));
  }

  run(): Found {
    const { bound } = this.#relaxation;
    if (bound === -Infinity || this.#matching?.complete() || !this.#reach.start()) {
      return { best: this.#best, bound: this.#best?.score ?? -Infinity, truncated: false, spent: 0 };
    }
    this.#place(0, bound, 0);
    const truncated = this.#done && this.#limits.isEnough !== true;
    const searched = Math.max(this.#best?.score ?? -Infinity, this.#mostCut);
    return { best: this.#best, bound: this.#done ? bound : Math.min(bound, searched), truncated, spent: this.#spent };
  }

  /** Nothing at or below this is looked for. */
  get #floor(): number {
    return this.#best === null ? -Infinity : this.#best.score + Math.max(EQUAL, this.#limits.gap * this.#best.score);
  }

  #place(depth: number, upper: number, score: number): void {
    const node = this.#relaxation.order[depth];
    if (node === undefined) {
      this.#record(score);
      return;
    }
    const scores = this.#scoresOf(node, upper);
    const domain = this.#domains.places[node]!;
    const twins = this.#domains.twins[node]!;
    const hopeless = new Set<number>();
    for (;;) {
      const i = highestAt(scores);
      if (i < 0) return;
      const reach = scores[i]!;
      scores[i] = -Infinity;
      if (reach <= this.#floor) {
        this.#giveUp(reach);
        return;
      }
      if (hopeless.has(twins[i]!)) continue;
      if (this.#isSpent()) return;
      const place = domain[i]!;
      const cutBefore = this.#cut;
      if (!this.#enter(node, i, place)) continue;
      const { mark } = this.#reach;
      if (this.#reach.place(node, this.#relaxation.groups[node]![i]!)) {
        this.#route(this.#back[node]!, 0, depth, reach, score + this.#domains.values[node]![i]!);
      }
      this.#reach.undo(node, mark);
      this.#leave(node, place);
      if (this.#done) return;
      if (twins[i]! >= 0 && this.#cut === cutBefore) hopeless.add(twins[i]!);
    }
  }

  #giveUp(reach: number): void {
    this.#cut += 1;
    if (reach > this.#mostCut) this.#mostCut = reach;
  }

  #isSpent(): boolean {
    this.#spent += 1;
    if (this.#spent > this.#limits.budget) this.#done = true;
    return this.#done;
  }

  /** The most that an option can score in which the node becomes each of its candidates. */
  #scoresOf(node: number, upper: number): Float64Array {
    const { above, worth, groups, messages } = this.#relaxation;
    const scores = this.#scores[node]!;
    const parents = above[node]!;
    let rest = upper;
    if (parents.length === 0) rest -= this.#rootWorth(node);
    for (const bond of parents) rest -= messages.get(bond)![this.#at[bond.parent]!]!;
    const [own, groupAt] = [worth[node]!, groups[node]!];
    for (let i = 0; i < scores.length; i += 1) scores[i] = rest + own[i]!;
    for (const bond of parents) this.#addBond(bond, scores, groupAt);
    const domain = this.#domains.places[node]!;
    for (let i = 0; i < scores.length; i += 1) {
      if (this.#taken.usedDevice[domain[i]!] === 1 || !this.#reach.allows(node, groupAt[i]!)) scores[i] = -Infinity;
    }
    return scores;
  }

  #rootWorth(node: number): number {
    const worth = this.#relaxation.worth[node]!;
    return worth[highestAt(worth)] ?? -Infinity;
  }

  #addBond({ parent, table, pairs }: Bond, scores: Float64Array, groupAt: Int32Array): void {
    const i = this.#at[parent]!;
    const row = this.#relaxation.groups[parent]![i]! * this.#links.groups;
    if (!pairs || pairs.base[i] === pairs.base[i + 1]) {
      for (let j = 0; j < scores.length; j += 1) scores[j]! += table[row + groupAt[j]!]!;
      return;
    }
    const joined = new Map<number, number>();
    for (let at = pairs.base[i]!; at < pairs.base[i + 1]!; at += 1) {
      const j = pairs.child[at]!;
      joined.set(j, scores[j]! + Math.max(pairs.gain[at]!, joined.get(j) ?? -Infinity));
    }
    for (let j = 0; j < scores.length; j += 1) scores[j]! += table[row + groupAt[j]!]!;
    for (const [j, sum] of joined) scores[j] = Math.max(scores[j]!, sum);
  }

  #enter(node: number, i: number, place: number): boolean {
    const label = this.#problem.alike[node]!;
    const model = this.#problem.lab.index.modelOf[place]!;
    const known = this.#modelOfLabel.get(label);
    if (label >= 0 && known && known.users > 0 && known.model !== model) return false;
    for (const [rival, { places, most }] of this.#rivals.entries()) {
      if (places[node] === place && this.#shared[rival]! >= most) {
        this.#cut += 1;
        return false;
      }
    }
    if (this.#matching && !this.#matching.fix(node, place)) return false;
    this.#rivals.forEach(({ places }, rival) => (this.#shared[rival]! += Number(places[node] === place)));
    if (label >= 0) this.#modelOfLabel.set(label, { model, users: (known?.users ?? 0) + 1 });
    this.#taken.usedDevice[place] = 1;
    this.#at[node] = i;
    return true;
  }

  #leave(node: number, place: number): void {
    this.#taken.usedDevice[place] = 0;
    this.#matching?.release(place);
    this.#rivals.forEach(({ places }, rival) => (this.#shared[rival]! -= Number(places[node] === place)));
    const label = this.#problem.alike[node]!;
    const known = this.#modelOfLabel.get(label);
    if (label >= 0 && known) this.#modelOfLabel.set(label, { ...known, users: known.users - 1 });
    this.#at[node] = -1;
  }

  #route(strands: readonly Strand[], next: number, depth: number, upper: number, score: number): void {
    const strand = strands[next];
    if (!strand) {
      if (this.#hasPortsLeft(depth)) this.#place(depth + 1, upper, score);
      return;
    }
    const { linkWeight } = this.#problem;
    const [from, to] = [this.#placeOf(strand.source), this.#placeOf(strand.target)];
    const most = this.#most(strand, from, to);
    const isWorth = (hoped: number) => {
      const reach = upper - linkWeight * (most - Math.min(most, hoped));
      if (reach > this.#floor) return true;
      this.#giveUp(reach);
      return false;
    };
    let tried = 0;
    let looked = this.#planner.looked;
    for (const route of this.#planner.routes(strand, from, to, this.#taken, isWorth)) {
      this.#spent += Math.floor((this.#planner.looked - looked) / LOOKS);
      looked = this.#planner.looked;
      if (!isWorth(route.score)) continue;
      tried += 1;
      if (tried > 1 && this.#isSpent()) return;
      this.#routes[this.#strandAt.get(strand)!] = route;
      this.#taken.take(route);
      const reach = upper - linkWeight * (most - route.score);
      this.#route(strands, next + 1, depth, reach, score + linkWeight * route.score);
      this.#taken.release(route);
      if (this.#done) return;
      looked = this.#planner.looked;
    }
    this.#spent += Math.floor((this.#planner.looked - looked) / LOOKS);
  }

  /** Whether the node just placed and its neighbours have ports for the strands to come. */
  #hasPortsLeft(depth: number): boolean {
    const node = this.#relaxation.order[depth]!;
    return this.#canGoOn(node) && this.#relaxation.above[node]!.every(({ parent }) => this.#canGoOn(parent));
  }

  #canGoOn(node: number): boolean {
    const i = this.#at[node]!;
    let needed = 0;
    for (const { child, strands, pairs } of this.#relaxation.below[node]!) {
      if (this.#at[child]! >= 0) continue;
      if (!this.#isJoined(i, child, pairs)) needed += strands.length;
    }
    if (needed <= 0) return true;
    const { base } = this.#problem.lab.index.ports;
    const place = this.#placeOf(node);
    for (let port = base[place]!; port < base[place + 1]!; port += 1) {
      if (this.#taken.usedPort[port] === 1) continue;
      if (this.#links.leadsToSwitch(port)) needed -= 1;
    }
    return needed <= 0;
  }

  /** Whether fibres alone could still join the parent's candidate to a device for the child. */
  #isJoined(i: number, child: number, pairs: Bond['pairs']): boolean {
    if (!pairs) return false;
    for (let at = pairs.base[i]!; at < pairs.base[i + 1]!; at += 1) {
      if (this.#taken.usedDevice[this.#domains.places[child]![pairs.child[at]!]!] === 0) return true;
    }
    return false;
  }

  #placeOf(node: number): number {
    return this.#domains.places[node]![this.#at[node]!]!;
  }

  /** What the relaxation has counted for the strand. */
  #most(strand: Strand, from: number, to: number): number {
    const { groupOf, groups, pairs } = this.#links;
    const byGroup = this.#links.tableOf(strand)[groupOf[from]! * groups + groupOf[to]!]!;
    const pair = pairs.get(from)?.find(({ peer }) => peer === to);
    return pair ? Math.max(byGroup, this.#links.pairScore(strand, pair, true)) : byGroup;
  }

  #record(score: number): void {
    this.#cut += 1;
    if (this.#best !== null && score <= this.#best.score) return;
    const places = this.#domains.places.map((domain, node) => domain[this.#at[node]!]!);
    this.#best = { places: Int32Array.from(places), routes: [...this.#routes], score };
    if (this.#limits.isEnough === true) this.#done = true;
  }
}

/** Place of the highest number, the first of equal ones; -1 when all are -Infinity. */
const highestAt = (numbers: Float64Array): number => {
  let [at, most] = [-1, -Infinity];
  for (let i = 0; i < numbers.length; i += 1) {
    if (numbers[i]! > most) [at, most] = [i, numbers[i]!];
  }
  return at;
};
