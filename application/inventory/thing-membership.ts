import { conflict, nameKey, type Device, type Instant } from '../../domain/index.js';
import { settleCalendar } from '../booking/index.js';
import type { Clock } from '../shared/ports.js';
import type { InventoryStores, ThingName } from './ports.js';

export const sameThing = (a: ThingName, b: ThingName): boolean =>
  a.typeId === b.typeId && nameKey(a.name) === nameKey(b.name);

const leadOf = (rows: readonly Device[]): number | null =>
  rows.length > 0 ? Math.min(...rows.map((row) => row.id)) : null;

type Stores = Pick<InventoryStores, 'devices' | 'thingBookings' | 'maintenance' | 'calendars' | 'bookings' | 'events'>;

/**
 * Claims the thing of a row, and the one that it is to join, and reads the row again: until it is claimed somebody else
 * may change it or move it to another thing. Null when somebody removed it.
 */
export const claimRow = async (
  found: Device,
  to: ThingName | null,
  devices: Pick<InventoryStores['devices'], 'find' | 'claimThings'>,
): Promise<Device | null> => {
  for (let row: Device | null = found; row; row = await devices.find(found.id)) {
    const claimed = await devices.claimThings(to ? [row, to] : [row]);
    const now = claimed.find(({ id }) => id === found.id);
    if (now) return now;
  }
  return null;
};

/**
 * Keeps bookings with their thing when a row leaves it for another one, or for good (`to` null). Bookings are known by
 * the lowest row id, so they move when that changes. Maintenance goes where its row goes; that of a row which is removed
 * stays with the others. Claims both things; to be called before the row is written.
 * @param row as `claimRow` answers it.
 * @throws DomainError `device.has-bookings` when bookings would be left without a device, or two calendars would have
 * to become one.
 */
export const moveRowBetweenThings = async (
  row: Device,
  to: ThingName | null,
  stores: Stores,
  clock: Clock,
): Promise<void> => {
  if (to && sameThing(row, to)) return;
  const { devices, thingBookings } = stores;
  const claimed = await devices.claimThings(to ? [row, to] : [row]);
  const staying = claimed.filter((other) => other.id !== row.id && sameThing(other, row));
  const joined = to ? claimed.filter((other) => other.id !== row.id && sameThing(other, to)) : [];

  const stayingLead = leadOf(staying);
  const joinedLead = leadOf(joined);
  if (stayingLead !== null) {
    if (!to) await leaveMaintenance(row.id, stayingLead, stores, clock.now());
    if (row.id < stayingLead) await thingBookings.move(row.id, stayingLead);
    if (joinedLead !== null && row.id < joinedLead) await thingBookings.move(joinedLead, row.id);
    return;
  }

  // The last row leaves: its calendar goes with it.
  const now = clock.now();
  const held = await thingBookings.countHolding(row.id, now);
  if (!to) {
    if (held > 0) throw hasBookings(row, held);
    // What is over is written down as such: nothing may look as if it held a device that is not there.
    await settleCalendar(stores, row.id, clock);
  } else if (joinedLead !== null) {
    if (held > 0 && (await thingBookings.countHolding(joinedLead, now)) > 0) throw hasBookings(row, held);
    const lead = Math.min(row.id, joinedLead);
    await thingBookings.move(Math.max(row.id, joinedLead), lead);
    // One of the two has nothing to come; what is over on both must not look as if it overlapped.
    await settleCalendar(stores, lead, clock);
  }
};

/** What was announced for one row was announced for the whole thing, and is not over because the row is removed. */
const leaveMaintenance = async (
  rowId: number,
  stayingLead: number,
  { maintenance }: Pick<Stores, 'maintenance'>,
  now: Instant,
): Promise<void> => {
  const ahead = (await maintenance.ofDevice(rowId)).filter(({ slot }) => slot.end > now);
  for (const { slot, reason, createdBy } of ahead) {
    await maintenance.add({ deviceId: stayingLead, slot, reason, createdBy, createdAt: now, legacy: false });
  }
};

/** Bookings to come are in the way. */
export const hasBookings = (row: Pick<Device, 'id' | 'name'>, held: number) =>
  conflict('device.has-bookings', `${row.name} has ${held} booking(s) to come; cancel them first.`, {
    device_id: row.id,
    bookings: held,
  });
