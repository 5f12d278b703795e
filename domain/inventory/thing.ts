import type { DeviceStatus } from './device-status.js';

/** What booking needs to know of one inventory row. */
export interface ThingRow {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly status: DeviceStatus;
  readonly schedulable: boolean;
}

/**
 * One bookable thing. A multi-port device has several rows with one type and name that differ in patch port: they are
 * booked as a whole, and the thing is known by the lowest of their ids.
 */
export interface Thing {
  readonly id: number;
  readonly rowIds: readonly number[];
  readonly type: string;
  readonly name: string;
  readonly status: DeviceStatus;
  readonly schedulable: boolean;
}

/**
 * A thing is as good as its worst installed row: one line card in maintenance takes the chassis with it. Rows that are
 * not installed (spare, planned, retired) say nothing about the rest.
 */
const statusOfThing = (rows: readonly ThingRow[]): DeviceStatus => {
  const statuses = new Set(rows.map((row) => row.status));
  for (const status of ['in_maintenance', 'unavailable', 'active'] as const) if (statuses.has(status)) return status;
  return rows[0]?.status ?? 'unavailable';
};

/**
 * The thing that these rows are together.
 * @param rows all rows of one type and name.
 * @throws RangeError when there is none.
 */
export const thingOf = (rows: readonly ThingRow[]): Thing => {
  const ordered = [...rows].sort((a, b) => a.id - b.id);
  const [lead] = ordered;
  if (!lead) throw new RangeError('a thing has at least one row');
  return {
    id: lead.id,
    rowIds: ordered.map((row) => row.id),
    type: lead.type,
    name: lead.name,
    status: statusOfThing(ordered),
    schedulable: lead.schedulable,
  };
};

/** Only an active device of a schedulable type can be booked. */
export const isBookable = (thing: Thing): boolean => thing.schedulable && thing.status === 'active';

/** A sentence about one that is not bookable. */
export const whyNotBookable = (thing: Thing): string =>
  thing.schedulable
    ? `${thing.name} cannot be booked: its status is ${thing.status}.`
    : `${thing.name} cannot be booked: devices of type ${thing.type} are not schedulable.`;

const INSTALLED: readonly DeviceStatus[] = ['active', 'in_maintenance', 'unavailable'];

/** Whether a device stands in the lab: one that is spare, planned or retired does not. */
export const isInstalled = (status: DeviceStatus): boolean => INSTALLED.includes(status);

/**
 * Whether bookings of the thing make sense at all. What is out of order for a while keeps them; what left the lab, or is
 * of a type that nobody books, does not.
 */
export const keepsBookings = (thing: Pick<Thing, 'schedulable' | 'status'>): boolean =>
  thing.schedulable && isInstalled(thing.status);
