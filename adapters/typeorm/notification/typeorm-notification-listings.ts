import type {
  Backlog,
  Notification,
  NotificationListings,
  NotificationPage,
  NotificationState,
} from '../../../application/notification/ports.js';
import type { Channel, Instant } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { marks, rowsOf } from '../sql.js';
import { NOTIFICATION_COLUMNS } from './typeorm-outbox.js';

export class TypeormNotificationListings implements NotificationListings {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  anythingDue(now: Instant, channels: readonly Channel[]): Promise<{ untold: boolean; due: boolean }> {
    return this.#database.read(async (manager) => {
      const untold = await rowsOf(manager, 'SELECT id FROM lab_events WHERE place IS NULL LIMIT 1');
      if (channels.length === 0) return { untold: untold.length > 0, due: false };
      const due = await rowsOf(
        manager,
        `SELECT id FROM notifications
          WHERE state = 'waiting' AND channel IN (${marks(channels)}) AND due_at <= ? LIMIT 1`,
        [...channels, now],
      );
      return { untold: untold.length > 0, due: due.length > 0 };
    });
  }

  backlog(): Promise<Backlog> {
    interface Row {
      state: string | null;
      number: number;
      since: number;
    }
    return this.#database.read(async (manager) => {
      const rows = await rowsOf<Row>(
        manager,
        `SELECT state, COUNT(*) AS number, MIN(created_at) AS since FROM notifications
          WHERE state IN ('waiting', 'dead') GROUP BY state
         UNION ALL
         SELECT NULL, COUNT(*), MIN(at) FROM lab_events WHERE place IS NULL`,
      );
      const of = (wanted: string | null) => rows.find(({ state }) => state === wanted);
      const number = (wanted: string | null) => of(wanted)?.number ?? 0;
      const [untold, waiting, dead] = [number(null), number('waiting'), number('dead')];
      const times = [...(untold > 0 ? [of(null)?.since] : []), ...(waiting > 0 ? [of('waiting')?.since] : [])].map(
        Number,
      );
      return { untold, waiting, dead, since: times.length === 0 ? null : Math.min(...times) };
    });
  }

  ofUser(
    userId: number,
    { unread, ...page }: { unread: boolean; limit: number; offset: number },
  ): Promise<NotificationPage> {
    const condition = `user_id = ? AND channel = 'in-app'${unread ? ' AND read_at IS NULL' : ''}`;
    return this.#page(condition, [userId], page);
  }

  withState(state: NotificationState | null, page: { limit: number; offset: number }): Promise<NotificationPage> {
    return state === null ? this.#page('1 = 1', [], page) : this.#page('state = ?', [state], page);
  }

  #page(
    condition: string,
    parameters: readonly unknown[],
    { limit, offset }: { limit: number; offset: number },
  ): Promise<NotificationPage> {
    return this.#database.snapshot(async (manager) => {
      const items = await rowsOf<Notification>(
        manager,
        `SELECT ${NOTIFICATION_COLUMNS} FROM notifications WHERE ${condition} ORDER BY id DESC LIMIT ? OFFSET ?`,
        [...parameters, limit, offset],
      );
      const [row] = await rowsOf<{ total: number }>(
        manager,
        `SELECT COUNT(*) AS total FROM notifications WHERE ${condition}`,
        parameters,
      );
      return { items, total: Number(row?.total) };
    });
  }
}
