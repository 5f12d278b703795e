import { overlaps, type Instant, type TimeSlot } from '../shared/index.js';
import type { PlantIndex, SlotTable } from './plant-index.js';

const UNKNOWN = 255;
/** What keeps a device out of a window; 0 when nothing does. */
export type Block = 0 | 4 | 5 | 6;

/** First slot of the owner that ends after the instant. */
const firstAfter = ({ base, end }: SlotTable, owner: number, instant: Instant): number => {
  let [low, high] = [base[owner]!, base[owner + 1]!];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (end[middle]! > instant) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** The state of the plant over one window: asked for a device at a time, and remembered. */
export class LabWindow {
  readonly index: PlantIndex;
  readonly window: TimeSlot;
  readonly #blocks: Uint8Array;
  readonly #slack: Float64Array;
  /** 1 for every wired port that cannot be had. */
  readonly heldPorts: Uint8Array;
  readonly heldTrunks: ReadonlySet<number>;

  constructor(index: PlantIndex, window: TimeSlot) {
    this.index = index;
    this.window = window;
    this.#blocks = new Uint8Array(index.devices.length).fill(UNKNOWN);
    this.#slack = new Float64Array(index.devices.length).fill(-1);
    const { ports, plant } = index;
    this.heldPorts = new Uint8Array(ports.device.length);
    for (const held of plant.heldPorts) if (overlaps(held.slot, window)) this.#hold(held.deviceId, held.port);
    const trunks = plant.heldTrunks.filter(({ slot }) => overlaps(slot, window)).map(({ trunkId }) => trunkId);
    const dark = new Set(index.switches.flatMap((found, place) => (this.#isUsable(found) ? [] : [place])));
    if (dark.size > 0) {
      ports.switchOf.forEach((place, port) => {
        if (dark.has(place)) this.heldPorts[port] = 1;
      });
      for (const { a, b, trunks: bundled } of index.bundles) {
        if (dark.has(a) || dark.has(b)) trunks.push(...bundled.map(({ id }) => id));
      }
    }
    this.heldTrunks = new Set(trunks);
  }

  blockOf(place: number): Block {
    const known = this.#blocks[place]!;
    if (known !== UNKNOWN) return known as Block;
    const { busy, maintenance, devices } = this.index;
    let block: Block = 0;
    if (!devices[place]!.bookable) block = 6;
    else if (this.#meets(maintenance, place)) block = 5;
    else if (this.#meets(busy, place)) block = 4;
    this.#blocks[place] = block;
    return block;
  }

  /** Free milliseconds beside the window, on the side that has less; Infinity when nothing else is booked. */
  slackOf(place: number): number {
    const known = this.#slack[place]!;
    if (known >= 0) return known;
    const { busy, maintenance } = this.index;
    const slack = Math.min(this.#distance(busy, place), this.#distance(maintenance, place));
    this.#slack[place] = slack;
    return slack;
  }

  #meets(table: SlotTable, place: number): boolean {
    const at = firstAfter(table, place, this.window.start);
    return at < table.base[place + 1]! && table.start[at]! < this.window.end;
  }

  #distance(table: SlotTable, place: number): number {
    const at = firstAfter(table, place, this.window.start);
    const after = at < table.base[place + 1]! ? table.start[at]! - this.window.end : Infinity;
    const before = at > table.base[place]! ? this.window.start - table.end[at - 1]! : Infinity;
    return Math.max(0, Math.min(before, after));
  }

  #hold(deviceId: number, name: string): void {
    const { placeOf, ports } = this.index;
    const place = placeOf.get(deviceId);
    if (place === undefined) return;
    for (let port = ports.base[place]!; port < ports.base[place + 1]!; port += 1) {
      if (ports.name[port] === name) this.heldPorts[port] = 1;
    }
  }

  #isUsable({ usable, maintenance }: { usable: boolean; maintenance: readonly TimeSlot[] }): boolean {
    return usable && !maintenance.some((slot) => overlaps(slot, this.window));
  }
}

/** The earliest instant from which an owner of slots in both tables is free for `length`, not before `from`. */
export const freeFrom = (tables: readonly SlotTable[], owner: number, from: Instant, length: number): Instant => {
  let start = from;
  for (;;) {
    let pushed = start;
    for (const table of tables) {
      const at = firstAfter(table, owner, pushed);
      if (at < table.base[owner + 1]! && table.start[at]! < pushed + length) pushed = table.end[at]!;
    }
    if (pushed === start) return start;
    start = pushed;
  }
};
