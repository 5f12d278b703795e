import type { EntityManager } from 'typeorm';
import type { Figures, LabFigures, Moments } from '../../../application/administration/ports.js';
import type { DeviceStatus } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { rowsOf } from '../sql.js';

/** A row of sums; over no rows at all they are null, and some databases answer them as text. */
type Sums<Name extends string> = Readonly<Record<Name, number | string | null>>;

/** The one row of such a query. Every condition is counted under its name. */
const countEach = async <Name extends string>(
  manager: EntityManager,
  conditions: Readonly<Record<Name, readonly [sql: string, ...parameters: readonly unknown[]]>>,
  from: string,
  parameters: readonly unknown[],
): Promise<Record<Name, number>> => {
  const all = Object.entries(conditions) as [Name, readonly [string, ...unknown[]]][];
  const sums = all.map(([name, [sql]]) => `SUM(CASE WHEN ${sql} THEN 1 ELSE 0 END) AS ${name}`).join(', ');
  const [row] = await rowsOf<Sums<Name>>(manager, `SELECT ${sums} FROM ${from}`, [
    ...all.flatMap(([, [, ...values]]) => values),
    ...parameters,
  ]);
  return Object.fromEntries(all.map(([name]) => [name, Number(row?.[name] ?? 0)])) as Record<Name, number>;
};

const UNDECIDED = `status IN ('PENDING', 'CONFLICTING') AND ends_at > ?`;
const HELD_OR_HAD = `status IN ('PENDING', 'CONFLICTING', 'CONFIRMED', 'EXPIRED')`;

export class TypeormLabFigures implements LabFigures {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  count({ now, today, week, weekAgo, twoWeeksAgo }: Moments): Promise<Figures> {
    return this.#database.read(async (manager) => {
      // All of it is in one index, from today on.
      const bookings = await countEach(
        manager,
        {
          undecided: [UNDECIDED, now],
          contending: [`status = 'CONFLICTING' AND ends_at > ?`, now],
          overdue: [`${UNDECIDED} AND starts_at <= ?`, now, now],
          stillUndecided: [`${UNDECIDED} AND created_at <= ?`, now, weekAgo],
          today: [`starts_at < ? AND ${HELD_OR_HAD}`, today.end],
          week: [`starts_at < ? AND ${HELD_OR_HAD}`, week.end],
        },
        'bookings WHERE ends_at > ?',
        [today.start],
      );
      const [decided] = await rowsOf<{ since: number }>(
        manager,
        `SELECT COUNT(*) AS since FROM bookings
          WHERE decided_at > ? AND created_at <= ? AND ends_at > ? AND status IN ('CONFIRMED', 'REJECTED', 'EXPIRED')`,
        [weekAgo, weekAgo, weekAgo],
      );
      const accounts = await countEach(
        manager,
        {
          active: [`status = 'active'`],
          madeThisWeek: ['created_at > ? AND created_at <= ?', weekAgo, now],
          madeTheWeekBefore: ['created_at > ? AND created_at <= ?', twoWeeksAgo, weekAgo],
        },
        'users',
        [],
      );
      const devices = await rowsOf<{ status: DeviceStatus; rows_with_it: number }>(
        manager,
        'SELECT status, COUNT(*) AS rows_with_it FROM devices GROUP BY status',
      );
      const { stillUndecided, ...counted } = bookings;
      return {
        bookings: { ...counted, undecidedWeekAgo: stillUndecided + (decided?.since ?? 0) },
        accounts,
        devices: new Map(devices.map(({ status, rows_with_it: rows }) => [status, rows])),
      };
    });
  }
}
