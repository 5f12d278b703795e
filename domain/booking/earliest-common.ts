import { MINUTE, type Instant, type TimeSlot } from '../shared/index.js';
import { freeSlots } from './free-time.js';

/** A device and every slot in which it cannot be had. */
export interface BusyDevice {
  readonly id: number;
  readonly blocks: readonly TimeSlot[];
  /** Instants at which a slot may not begin, though the device is free. */
  readonly noStarts?: readonly TimeSlot[];
}

/** So many devices out of these, whichever they are. */
export interface AnyOf {
  readonly count: number;
  readonly devices: readonly BusyDevice[];
}

const toMinute = (instant: Instant): Instant => Math.ceil(instant / MINUTE) * MINUTE;

/** The instants, whole minutes, at which the device could begin a slot of that length; both ends included. */
const startsOf = (
  { blocks, noStarts = [] }: BusyDevice,
  window: TimeSlot,
  length: number,
): { first: Instant; last: Instant }[] =>
  freeSlots(window, length, blocks)
    .flatMap(({ start, end }) => freeSlots({ start, end: end - length + 1 }, 0, noStarts))
    .map(({ start, end }) => ({ first: toMinute(start), last: end - 1 }))
    .filter(({ first, last }) => first <= last);

/**
 * The earliest whole minute from which all the fixed devices, and enough of every choice, are free for `length`
 * milliseconds; null when there is none within `window`.
 *
 * A sweep over the instants at which a device becomes or stops being startable: the earliest answer is always one at
 * which some device becomes so. O(n log n) in the number of blocks.
 */
export const earliestCommon = (
  window: TimeSlot,
  length: number,
  fixed: readonly BusyDevice[],
  choices: readonly AnyOf[] = [],
): { readonly slot: TimeSlot; readonly deviceIds: readonly number[] } | null => {
  const demands: AnyOf[] = [
    ...fixed.map((device) => ({ count: 1, devices: [device] })),
    ...choices.filter(({ count }) => count > 0),
  ];
  const edges: { at: Instant; change: 1 | -1; demand: number; deviceId: number }[] = [];
  demands.forEach(({ devices }, demand) => {
    for (const device of devices) {
      for (const { first, last } of startsOf(device, window, length)) {
        // `last` itself still works: leaving happens after arriving.
        edges.push(
          { at: first, change: 1, demand, deviceId: device.id },
          { at: last, change: -1, demand, deviceId: device.id },
        );
      }
    }
  });
  edges.sort((a, b) => a.at - b.at || b.change - a.change);

  const startable = demands.map(() => new Set<number>());
  let unmet = demands.length;
  const first = toMinute(window.start);
  if (unmet === 0)
    return first + length <= window.end ? { slot: { start: first, end: first + length }, deviceIds: [] } : null;
  for (const [index, { at, change, demand, deviceId }] of edges.entries()) {
    const devices = startable[demand];
    const count = demands[demand]?.count ?? 0;
    if (!devices) continue;
    const before = devices.size;
    if (change === 1) devices.add(deviceId);
    else devices.delete(deviceId);
    if (before < count && devices.size >= count) unmet -= 1;
    if (before >= count && devices.size < count) unmet += 1;
    const next = edges[index + 1];
    if (unmet > 0 || (next?.at === at && next.change === 1)) continue;
    const chosen = demands.flatMap((wanted, at_) =>
      [...(startable[at_] ?? [])].sort((a, b) => a - b).slice(0, wanted.count),
    );
    return { slot: { start: at, end: at + length }, deviceIds: chosen };
  }
  return null;
};
