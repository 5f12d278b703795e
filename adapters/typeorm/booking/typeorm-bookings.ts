import type { EntityManager } from 'typeorm';
import type { BookingRepository, Decision, NewBooking } from '../../../application/booking/ports.js';
import type { Booking, BookingStatus, HeldTime, Instant } from '../../../domain/index.js';
import { inParts, isMysql, marks, rowsOf } from '../sql.js';
import { heldBy } from './held-by.js';
import type { BookingRow } from './schemas.js';

type Row = Omit<BookingRow, 'goneType' | 'goneName' | 'decidedBy' | 'decidedAt' | 'decisionComment'>;

const COLUMNS = `id, group_id AS groupId, device_id AS deviceId, owner_id AS ownerId, starts_at AS startsAt,
  ends_at AS endsAt, status, comment, created_at AS createdAt, updated_at AS updatedAt`;

export class TypeormBookingRepository implements BookingRepository {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async add(bookings: readonly NewBooking[], collaboratorIds: readonly number[]): Promise<Booking[]> {
    for (const part of inParts(bookings, 9)) {
      await this.#manager.query(
        `INSERT INTO bookings
           (group_id, device_id, owner_id, starts_at, ends_at, status, comment, created_at, updated_at)
         VALUES ${part.map(() => '(?, ?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}`,
        part.flatMap(({ groupId, deviceId, ownerId, slot, status, comment, createdAt }) => [
          ...[groupId, deviceId, ownerId, slot.start, slot.end, status, comment, createdAt, createdAt],
        ]),
      );
    }
    // Read back rather than counted from the last id: a cluster hands out ids with gaps.
    const groups = [...new Set(bookings.map((booking) => booking.groupId))];
    const written = new Map<string, Row>();
    for (const groupId of groups) {
      const rows = await rowsOf<Row>(this.#manager, `SELECT ${COLUMNS} FROM bookings WHERE group_id = ? ORDER BY id`, [
        groupId,
      ]);
      for (const row of rows) written.set(`${row.groupId}/${row.deviceId}/${row.startsAt}`, row);
    }
    const rows = bookings.map(({ groupId, deviceId, slot }) => {
      const row = written.get(`${groupId}/${deviceId}/${slot.start}`);
      if (!row) throw new Error('a booking just written is not there');
      return row;
    });
    await this.#addCollaborators(
      rows.map((row) => row.id),
      collaboratorIds,
    );
    return rows.map((row) => toBooking(row, collaboratorIds));
  }

  async find(id: number): Promise<Booking | null> {
    const [booking] = await this.#where('id = ?', id);
    return booking ?? null;
  }

  async withIds(ids: readonly number[]): Promise<Booking[]> {
    const found: Booking[] = [];
    for (const part of inParts([...new Set(ids)].sort((a, b) => a - b))) {
      found.push(...(await this.#where(`id IN (${marks(part)})`, ...part)));
    }
    return found;
  }

  ofGroup(groupId: string): Promise<Booking[]> {
    return this.#where('group_id = ?', groupId);
  }

  async setStatus(ids: readonly number[], status: BookingStatus, at: Instant): Promise<void> {
    for (const part of inParts(ids)) {
      await this.#manager.query(`UPDATE bookings SET status = ?, updated_at = ? WHERE id IN (${marks(part)})`, [
        status,
        at,
        ...part,
      ]);
    }
  }

  async decide(ids: readonly number[], status: BookingStatus, { by, at, comment }: Decision): Promise<void> {
    for (const part of inParts(ids)) {
      await this.#manager.query(
        `UPDATE bookings SET status = ?, updated_at = ?, decided_by = ?, decided_at = ?, decision_comment = ?
          WHERE id IN (${marks(part)})`,
        [status, at, by, at, comment, ...part],
      );
    }
  }

  async heldBy(userId: number, after: Instant): Promise<HeldTime[]> {
    if (isMysql(this.#manager)) await rowsOf(this.#manager, 'SELECT id FROM users WHERE id = ? FOR UPDATE', [userId]);
    return heldBy(this.#manager, userId, after);
  }

  async setEnd(id: number, end: Instant, at: Instant): Promise<void> {
    await this.#manager.query('UPDATE bookings SET ends_at = ?, updated_at = ? WHERE id = ?', [end, at, id]);
  }

  async setCollaborators(ids: readonly number[], userIds: readonly number[]): Promise<void> {
    const there = await this.#lock(ids);
    for (const part of inParts(there)) {
      await this.#manager.query(`DELETE FROM booking_collaborators WHERE booking_id IN (${marks(part)})`, part);
    }
    await this.#addCollaborators(there, userIds);
  }

  /** Those that there are. Of two who replace the collaborators of one booking, the second waits for the first to end. */
  async #lock(ids: readonly number[]): Promise<number[]> {
    const forUpdate = isMysql(this.#manager) ? 'FOR UPDATE' : '';
    const there: number[] = [];
    for (const part of inParts([...new Set(ids)].sort((a, b) => a - b))) {
      const rows = await rowsOf<{ id: number }>(
        this.#manager,
        `SELECT id FROM bookings WHERE id IN (${marks(part)}) ORDER BY id ${forUpdate}`,
        part,
      );
      there.push(...rows.map((row) => row.id));
    }
    return there;
  }

  async #addCollaborators(ids: readonly number[], userIds: readonly number[]): Promise<void> {
    const pairs = ids.flatMap((id) => userIds.map((userId) => [id, userId]));
    for (const part of inParts(pairs, 2)) {
      await this.#manager.query(
        `INSERT INTO booking_collaborators (booking_id, user_id) VALUES ${part.map(() => '(?, ?)').join(', ')}`,
        part.flat(),
      );
    }
  }

  async remove(id: number): Promise<void> {
    await this.#manager.query('DELETE FROM booking_collaborators WHERE booking_id = ?', [id]);
    await this.#manager.query('DELETE FROM bookings WHERE id = ?', [id]);
  }

  async #where(condition: string, ...values: readonly (string | number)[]): Promise<Booking[]> {
    const sql = `SELECT ${COLUMNS} FROM bookings WHERE ${condition} ORDER BY id`;
    const rows = await rowsOf<Row>(this.#manager, sql, values);
    const collaborators = await this.#collaboratorsOf(rows.map((row) => row.id));
    return rows.map((row) => toBooking(row, collaborators.get(row.id) ?? []));
  }

  async #collaboratorsOf(ids: readonly number[]): Promise<Map<number, number[]>> {
    const found = new Map<number, number[]>();
    for (const part of inParts(ids)) {
      const rows = await rowsOf<{ bookingId: number; userId: number }>(
        this.#manager,
        `SELECT booking_id AS bookingId, user_id AS userId FROM booking_collaborators
          WHERE booking_id IN (${marks(part)}) ORDER BY booking_id, user_id`,
        part,
      );
      for (const { bookingId, userId } of rows) found.set(bookingId, [...(found.get(bookingId) ?? []), userId]);
    }
    return found;
  }
}

const toBooking = ({ startsAt, endsAt, ...row }: Row, collaboratorIds: readonly number[]): Booking => ({
  ...row,
  slot: { start: startsAt, end: endsAt },
  collaboratorIds: [...collaboratorIds].sort((a, b) => a - b),
});
