import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, id, index, instant, longText, text } from './table-design.js';

const hasIndex = async (queryRunner: QueryRunner, name: string): Promise<boolean> =>
  (await queryRunner.getTable('bookings'))?.indices.some((known) => known.name === name) ?? false;

/** What happened, to be told afterwards; and calendars whose long looks ahead need the index only. */
export class Events1763900000000 implements MigrationInterface {
  readonly name = 'Events1763900000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(queryRunner, 'lab_events', { id, at: instant, type: text(48), body: longText }, [
      index('ix_lab_events_at', 'at'),
    ]);
    await this.#index(
      queryRunner,
      'ix_bookings_slots',
      'device_id, status, ends_at, starts_at',
      'ix_bookings_calendar',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await this.#index(queryRunner, 'ix_bookings_calendar', 'device_id, status, ends_at', 'ix_bookings_slots');
    await queryRunner.dropTable('lab_events', true);
  }

  /** One index instead of another; either step may have been done by a process that died over this. */
  async #index(queryRunner: QueryRunner, name: string, columns: string, instead: string): Promise<void> {
    if (!(await hasIndex(queryRunner, name))) await queryRunner.query(`CREATE INDEX ${name} ON bookings (${columns})`);
    if (await hasIndex(queryRunner, instead)) await queryRunner.dropIndex('bookings', instead);
  }
}
