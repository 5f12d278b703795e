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

/** @param rows all rows of one type and name; at least one. */
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

/** Whether it is in the lab, even if it does not work now. */
export const isInstalled = ({ status }: Thing): boolean =>
  status === 'active' || status === 'in_maintenance' || status === 'unavailable';
