import { MINUTE, type Instant, type TimeSlot } from '../shared/index.js';
import { CandidateFinder } from './candidates.js';
import { LabWindow } from './lab-window.js';
import type { LogicalTopology } from './logical-topology.js';
import { Matching } from './matching.js';
import type { PlantIndex, SlotTable } from './plant-index.js';
import type { EarliestTerms } from './resolution.js';
import { anyMapping, prepare } from './solve.js';

/** Search nodes that one instant may cost. */
const PROBE_BUDGET = 2000;
/** Instants at which there are devices enough, and which the search may still look at. */
const MOST_SEARCHES = 400;

const toMinute = (instant: Instant): Instant => Math.ceil(instant / MINUTE) * MINUTE;

/** Long before anything was booked. */
const LONG_AGO = Number.MIN_SAFE_INTEGER;

/** Calls back with every stretch of starts at which the owner is free for `length`, both ends included. */
const eachFreeStart = (
  tables: readonly [SlotTable, SlotTable],
  owner: number,
  { start: from, end: until }: TimeSlot,
  length: number,
  found: (first: Instant, last: Instant) => void,
): void => {
  const [left, right] = tables;
  let [i, j] = [left.base[owner]!, right.base[owner]!];
  const [lastI, lastJ] = [left.base[owner + 1]!, right.base[owner + 1]!];
  let first = from;
  while (i < lastI || j < lastJ) {
    const isLeft = j >= lastJ || (i < lastI && left.start[i]! <= right.start[j]!);
    const [start, end] = isLeft ? [left.start[i]!, left.end[i]!] : [right.start[j]!, right.end[j]!];
    if (isLeft) i += 1;
    else j += 1;
    if (start >= until) break;
    if (end <= first) continue;
    if (start - length >= first) found(first, start - length);
    first = end;
  }
  if (first <= until - length) found(first, until - length);
};

/**
 * The earliest window of that length in which the topology can be built, starting at a whole minute; null when there
 * is none.
 *
 * Only the end of a booking, of maintenance or of what a live booking holds can make it possible, so these are the
 * instants to look at. Most are ruled out by counting, the next by matching; the search decides the rest. What an empty
 * calendar has no room for is not looked for at all.
 */
export const earliestWindow = (
  topology: LogicalTopology,
  index: PlantIndex,
  terms: Omit<EarliestTerms, 'options' | 'now'>,
): TimeSlot | null => {
  const { within, length } = terms;
  const start = toMinute(within.start);
  if (start + length > within.end || topology.nodes.length === 0) return null;
  const empty = new LabWindow(index, { start: LONG_AGO, end: LONG_AGO + length });
  const ever = prepare(topology, empty, new CandidateFinder(empty, terms.weights), terms);
  const anyhow = anyMapping(ever, PROBE_BUDGET);
  if (!anyhow.best && !anyhow.truncated) return null;
  const members = ever.problem.candidates.map(({ places }) => places);
  const sweep = new FreeCounts(members, index);
  const instants = sweep.instants({ start, end: within.end }, length, topology.edges.length > 0);
  let searches = 0;
  for (const at of instants) {
    if (!sweep.isEnoughAt(at)) continue;
    const window = { start: at, end: at + length };
    if (!sweep.hasMatching()) continue;
    searches += 1;
    if (searches > MOST_SEARCHES) return null;
    const lab = new LabWindow(index, window);
    const prepared = prepare(topology, lab, new CandidateFinder(lab, terms.weights), terms);
    if (anyMapping(prepared, PROBE_BUDGET).best) return window;
  }
  return null;
};

const isSame = (a: Int32Array, b: Int32Array): boolean =>
  a === b || (a.length === b.length && a.every((place, at) => place === b[at]));

/** How many devices each kind of node has at an instant, kept up to date while time goes on. */
class FreeCounts {
  readonly #members: readonly Int32Array[];
  readonly #index: PlantIndex;
  /** Kinds of nodes: nodes with one set of devices. */
  readonly #kinds: readonly { readonly places: Int32Array; readonly needed: number }[];
  readonly #kindsOf: readonly (readonly number[])[];
  readonly #free: Int32Array;
  readonly #isFree: Uint8Array;
  /** Minute of each change x devices + place, x 2, + 1 for one that begins a stretch of free starts: ends come first. */
  #changes = new Float64Array(0);
  #next = 0;
  #origin = 0;
  #unmet: number;

  constructor(members: readonly Int32Array[], index: PlantIndex) {
    this.#members = members;
    this.#index = index;
    const kinds: { places: Int32Array; needed: number }[] = [];
    for (const places of members) {
      const known = kinds.find((kind) => isSame(kind.places, places));
      if (known) known.needed += 1;
      else kinds.push({ places, needed: 1 });
    }
    this.#kinds = kinds;
    const kindsOf = index.devices.map((): number[] => []);
    this.#kinds.forEach(({ places }, kind) => places.forEach((place) => kindsOf[place]!.push(kind)));
    this.#kindsOf = kindsOf;
    this.#free = new Int32Array(this.#kinds.length);
    this.#isFree = new Uint8Array(index.devices.length);
    this.#unmet = this.#kinds.length;
  }

  /** The instants at which something becomes possible that was not before, in order. */
  instants(within: TimeSlot, length: number, hasEdges: boolean): Instant[] {
    const { devices, busy, maintenance } = this.#index;
    this.#origin = within.start;
    const changes: number[] = [];
    const size = devices.length;
    for (let place = 0; place < size; place += 1) {
      if (this.#kindsOf[place]!.length === 0) continue;
      eachFreeStart([busy, maintenance], place, within, length, (first, last) => {
        const from = Math.ceil((first - within.start) / MINUTE);
        const to = Math.floor((last - within.start) / MINUTE);
        if (from > to) return;
        changes.push((from * size + place) * 2 + 1, ((to + 1) * size + place) * 2);
      });
    }
    this.#changes = Float64Array.from(changes).sort();
    const minutes = [0];
    for (const change of this.#changes) {
      if (change % 2 === 1) minutes.push(Math.floor(change / 2 / size));
    }
    if (hasEdges) {
      for (const end of this.#linkEnds()) {
        if (end > within.start) minutes.push(Math.ceil((end - within.start) / MINUTE));
      }
    }
    return Array.from(Float64Array.from(minutes).sort())
      .filter((minute, at, all) => minute !== all[at - 1])
      .map((minute) => within.start + minute * MINUTE)
      .filter((instant) => instant + length <= within.end);
  }

  /** When something ends that keeps links from being made. */
  *#linkEnds(): Iterable<Instant> {
    const { busy, maintenance, plant, ways, switches } = this.#index;
    for (const { slot } of plant.heldPorts) yield slot.end;
    for (const { slot } of plant.heldTrunks) yield slot.end;
    for (const { maintenance: slots } of switches) for (const { end } of slots) yield end;
    for (const place of new Set(ways.device)) {
      yield* busy.end.subarray(busy.base[place], busy.base[place + 1]);
      yield* maintenance.end.subarray(maintenance.base[place], maintenance.base[place + 1]);
    }
  }

  /** Moves on to that instant; whether every kind has as many devices as nodes. */
  isEnoughAt(instant: Instant): boolean {
    const size = this.#index.devices.length;
    const minute = Math.round((instant - this.#origin) / MINUTE);
    for (; this.#next < this.#changes.length; this.#next += 1) {
      const change = this.#changes[this.#next]!;
      const at = Math.floor(change / 2);
      if (Math.floor(at / size) > minute) break;
      this.#turn(at % size, change % 2 === 1);
    }
    return this.#unmet === 0;
  }

  hasMatching(): boolean {
    if (this.#kinds.length < 2) return true;
    const domains = this.#members.map((places) => places.filter((place) => this.#isFree[place] === 1));
    return new Matching(domains, this.#index.devices.length).complete() === null;
  }

  #turn(place: number, isFree: boolean): void {
    this.#isFree[place] = Number(isFree);
    for (const kind of this.#kindsOf[place]!) {
      const { needed } = this.#kinds[kind]!;
      const before = this.#free[kind]!;
      const after = before + (isFree ? 1 : -1);
      this.#free[kind] = after;
      if (before < needed && after >= needed) this.#unmet -= 1;
      if (before >= needed && after < needed) this.#unmet += 1;
    }
  }
}
