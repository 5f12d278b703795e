import { HOUR, MINUTE } from '../../domain/index.js';
import type { BookingRecord, Records } from './records.js';

/** Limits of a lab that are told from its bookings alone. */
export interface Limits {
  readonly maxDeviceHours: number;
  readonly maxGroups: number;
  readonly turnaroundMinutes: number;
}

const HOLDING = new Set(['PENDING', 'CONFLICTING', 'CONFIRMED']);

const groupedBy = <Key>(records: readonly BookingRecord[], keyOf: (record: BookingRecord) => Key) => {
  const groups = new Map<Key, BookingRecord[]>();
  for (const record of records) groups.set(keyOf(record), [...(groups.get(keyOf(record)) ?? []), record]);
  return groups;
};

const hoursOf = (records: readonly BookingRecord[]): number =>
  records.reduce((sum, { startsAt, endsAt }) => sum + (endsAt - startsAt), 0) / HOUR;

/**
 * Where people hold more than they may, or stand closer to each other than they may.
 * @param deviceIds devices whose rows nobody moves: a row that joins another device brings its bookings along.
 */
export const limitsBroken = (
  { bookings, now }: Pick<Records, 'bookings' | 'now'>,
  { maxDeviceHours, maxGroups, turnaroundMinutes }: Limits,
  deviceIds: ReadonlySet<number>,
): string[] => {
  const holding = [...bookings.values()].filter(({ status, endsAt }) => HOLDING.has(status) && endsAt > now);
  const quotas = [...groupedBy(holding, ({ ownerId }) => ownerId)].flatMap(([ownerId, held]) => {
    const [hours, groups] = [hoursOf(held), new Set(held.map(({ groupId }) => groupId)).size];
    return [
      ...(hours > maxDeviceHours + 0.01 ? [`user ${ownerId} holds ${hours} device-hours of ${maxDeviceHours}`] : []),
      ...(groups > maxGroups ? [`user ${ownerId} holds ${groups} groups of ${maxGroups}`] : []),
    ];
  });
  const settled = holding.filter(({ deviceId }) => deviceIds.has(deviceId));
  const tooClose = [...groupedBy(settled, ({ deviceId }) => deviceId)].flatMap(([deviceId, held]) =>
    held.flatMap((one) =>
      held
        .filter((other) => {
          const gap = other.startsAt - one.endsAt;
          return other.ownerId !== one.ownerId && gap >= 0 && gap < turnaroundMinutes * MINUTE;
        })
        .map(
          (other) => `device ${deviceId}: bookings ${one.id} and ${other.id} leave less than ${turnaroundMinutes} min`,
        ),
    ),
  );
  return [...quotas, ...tooClose];
};
