import type { Actor, Calendar, Instant, MaintenanceWindow } from '../../domain/index.js';
import { affectedBy, ALL_TIME, announceMaintenance } from '../booking/index.js';
import type { InventoryStores } from './ports.js';

type Stores = Pick<InventoryStores, 'maintenance' | 'calendars' | 'events'>;

/** What was announced for a row and is not over, and who has the thing to which the row belongs. */
interface Maintained {
  readonly calendar: Calendar;
  readonly windows: readonly MaintenanceWindow[];
}

/** Null where no maintenance is ahead. */
export const maintenanceAhead = async (
  rowId: number,
  { maintenance, calendars }: Omit<Stores, 'events'>,
  now: Instant,
): Promise<Maintained | null> => {
  const windows = (await maintenance.ofDevice(rowId)).filter(({ slot }) => slot.end > now);
  if (windows.length === 0) return null;
  const [thing] = await calendars.things([{ id: rowId }]);
  const calendar = thing && (await calendars.read([thing.id], ALL_TIME)).get(thing.id);
  return calendar ? { calendar, windows } : null;
};

/** Records for telling whose bookings maintenance hits, and whose no more, now that its row belongs to another thing. */
export const tellOfMovedMaintenance = async (
  stores: Stores,
  actor: Actor,
  rowId: number,
  before: Maintained,
  now: Instant,
): Promise<void> => {
  const after = await maintenanceAhead(rowId, stores, now);
  if (!after) return;
  const left = without(before.calendar, after.calendar);
  const joined = without(after.calendar, before.calendar);
  for (const window of after.windows) {
    for (const [type, calendar] of [
      ['maintenance.removed', left],
      ['maintenance.announced', joined],
    ] as const) {
      if (affectedBy(window, calendar, now).length > 0) {
        await announceMaintenance(stores, type, actor, window, calendar, now);
      }
    }
  }
};

/** Bookings go with a row that was the only one of its thing: to their owners nothing is new. */
const without = (calendar: Calendar, { holds: others }: Calendar): Calendar => ({
  ...calendar,
  holds: calendar.holds.filter((hold) => !others.some(({ bookingId }) => bookingId === hold.bookingId)),
});
