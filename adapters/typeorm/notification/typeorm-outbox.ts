import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '../../../application/events/ports.js';
import type { NewNotification, Notification, Outbox, Outcome } from '../../../application/notification/ports.js';
import type { Channel, Instant, LabEvent } from '../../../domain/index.js';
import { lastPlace } from '../events/typeorm-event-log.js';
import { inParts, isMysql, marks, rowsOf } from '../sql.js';

export const NOTIFICATION_COLUMNS = `id, event_id AS eventId, type, channel, user_id AS userId, text, link, state,
  attempts, due_at AS dueAt, last_error AS lastError, created_at AS createdAt, sent_at AS sentAt, read_at AS readAt`;

const AS_IF_NEW = `state = 'waiting', attempts = 0, due_at = ?, last_error = NULL, sent_at = NULL`;

const toEvent = ({ id, body }: { id: number; body: string }): RecordedEvent => ({
  id,
  event: JSON.parse(body) as LabEvent,
});

export class TypeormOutbox implements Outbox {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async untold(limit: number): Promise<RecordedEvent[]> {
    // One at a time gives places, or what is behind a place could come to be seen before it. This row is always there.
    if (isMysql(this.#manager)) {
      await this.#manager.query('SELECT id FROM migrations ORDER BY id DESC LIMIT 1 FOR UPDATE');
    }
    const rows = await rowsOf<{ id: number; body: string }>(
      this.#manager,
      'SELECT id, body FROM lab_events WHERE place IS NULL ORDER BY id LIMIT ?',
      [limit],
    );
    return rows.map(toEvent);
  }

  async place(eventIds: readonly number[]): Promise<void> {
    let place = await lastPlace(this.#manager);
    for (const part of inParts(eventIds, 3)) {
      const cases = part.map(() => 'WHEN ? THEN ?').join(' ');
      await this.#manager.query(`UPDATE lab_events SET place = CASE id ${cases} END WHERE id IN (${marks(part)})`, [
        ...part.flatMap((id) => [id, (place += 1)]),
        ...part,
      ]);
    }
  }

  async add(notifications: readonly NewNotification[]): Promise<void> {
    const insert = isMysql(this.#manager) ? 'INSERT IGNORE' : 'INSERT OR IGNORE';
    for (const part of inParts(notifications, 11)) {
      await this.#manager.query(
        `${insert} INTO notifications
           (event_id, type, channel, user_id, text, link, state, attempts, due_at, created_at, sent_at)
         VALUES ${part.map(() => '(?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)').join(', ')}`,
        part.flatMap(({ eventId, type, channel, userId, text, link, state, createdAt }) => [
          ...[eventId, type, channel, userId, text, link, state, createdAt, createdAt],
          state === 'sent' ? createdAt : null,
        ]),
      );
    }
  }

  async claim(channel: Channel, limit: number, now: Instant, until: Instant): Promise<Notification[]> {
    const due = await rowsOf<{ id: number }>(
      this.#manager,
      `SELECT id FROM notifications WHERE state = 'waiting' AND channel = ? AND due_at <= ? ORDER BY id LIMIT ?`,
      [channel, now, limit],
    );
    if (due.length === 0) return [];
    // Locked by id: the look above, if it locked, would lock on its way what others look for, and they would pass over it.
    const lock = isMysql(this.#manager) ? 'FOR UPDATE SKIP LOCKED' : '';
    const claimed = await rowsOf<Notification>(
      this.#manager,
      `SELECT ${NOTIFICATION_COLUMNS} FROM notifications
        WHERE id IN (${marks(due)}) AND state = 'waiting' AND due_at <= ? ORDER BY id ${lock}`,
      [...due.map(({ id }) => id), now],
    );
    await this.#update('due_at = ?', [until], claimed);
    return claimed;
  }

  async settle(outcomes: readonly Outcome[]): Promise<void> {
    const sent = outcomes.filter((outcome) => outcome.state === 'sent');
    const [first] = sent;
    if (first) await this.#update(`state = 'sent', sent_at = ?, last_error = NULL`, [first.at], sent);
    for (const outcome of outcomes) {
      if (outcome.state === 'dead') {
        await this.#manager.query(
          `UPDATE notifications SET state = 'dead', attempts = attempts + 1, last_error = ?
            WHERE id = ? AND state = 'waiting' AND due_at = ?`,
          [outcome.error, outcome.id, outcome.claimedUntil],
        );
      }
      if (outcome.state === 'waiting') {
        await this.#manager.query(
          `UPDATE notifications SET due_at = ?, attempts = attempts + ?, last_error = ?
            WHERE id = ? AND state = 'waiting' AND due_at = ?`,
          [outcome.dueAt, outcome.failed ? 1 : 0, outcome.error, outcome.id, outcome.claimedUntil],
        );
      }
    }
  }

  async eventsWith(ids: readonly number[]): Promise<RecordedEvent[]> {
    const found: RecordedEvent[] = [];
    for (const part of inParts(ids)) {
      const sql = `SELECT id, body FROM lab_events WHERE id IN (${marks(part)})`;
      found.push(...(await rowsOf<{ id: number; body: string }>(this.#manager, sql, part)).map(toEvent));
    }
    return found;
  }

  async find(id: number): Promise<Notification | null> {
    const sql = `SELECT ${NOTIFICATION_COLUMNS} FROM notifications WHERE id = ?`;
    const [row] = await rowsOf<Notification>(this.#manager, sql, [id]);
    return row ?? null;
  }

  async renew(id: number, at: Instant): Promise<void> {
    await this.#update(AS_IF_NEW, [at], [{ id }]);
  }

  async renewDead(channel: Channel | null, at: Instant): Promise<number> {
    const [condition, values] = channel === null ? ['', []] : ['AND channel = ?', [channel]];
    const sql = `UPDATE notifications SET ${AS_IF_NEW} WHERE state = 'dead' ${condition}`;
    return this.#changed(sql, [at, ...values]);
  }

  async markRead(id: number, at: Instant): Promise<void> {
    await this.#manager.query('UPDATE notifications SET read_at = ? WHERE id = ? AND read_at IS NULL', [at, id]);
  }

  async removeBefore(at: Instant): Promise<void> {
    await this.#manager.query(`DELETE FROM notifications WHERE state <> 'waiting' AND created_at < ?`, [at]);
    await this.#manager.query('DELETE FROM done_once WHERE at < ?', [at]);
  }

  async once(key: string, at: Instant): Promise<boolean> {
    const insert = isMysql(this.#manager) ? 'INSERT IGNORE' : 'INSERT OR IGNORE';
    return (await this.#changed(`${insert} INTO done_once (deed, at) VALUES (?, ?)`, [key, at])) > 0;
  }

  /** @returns how many rows the statement changed. */
  async #changed(sql: string, values: readonly unknown[]): Promise<number> {
    if (isMysql(this.#manager)) {
      return (await this.#manager.query<{ affectedRows: number }>(sql, [...values])).affectedRows;
    }
    await this.#manager.query(sql, [...values]);
    const [row] = await rowsOf<{ changed: number }>(this.#manager, 'SELECT changes() AS changed');
    return row?.changed ?? 0;
  }

  async #update(
    assignments: string,
    values: readonly unknown[],
    notifications: readonly { readonly id: number }[],
  ): Promise<void> {
    for (const part of inParts(notifications.map(({ id }) => id))) {
      await this.#manager.query(`UPDATE notifications SET ${assignments} WHERE id IN (${marks(part)})`, [
        ...values,
        ...part,
      ]);
    }
  }
}
