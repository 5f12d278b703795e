import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, id, index, instant, optional, primary, reference, text, unique } from './table-design.js';

/** Who is told of what, and the order in which it is told. What happened before this version is told to nobody. */
export class Notifications1763990000000 implements MigrationInterface {
  readonly name = 'Notifications1763990000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'notifications',
      {
        id,
        event_id: reference,
        type: text(48),
        channel: text(16),
        user_id: reference,
        text: text(1000),
        link: text(200),
        state: text(16),
        attempts: reference,
        due_at: instant,
        last_error: optional(text(1000)),
        created_at: instant,
        sent_at: optional(instant),
        read_at: optional(instant),
      },
      [
        unique('ux_notifications_once', 'event_id', 'channel', 'user_id'),
        index('ix_notifications_due', 'state', 'channel', 'due_at'),
        index('ix_notifications_user', 'user_id', 'channel'),
      ],
    );
    await createTable(queryRunner, 'done_once', { deed: primary(text(100)), at: instant });
    await createTable(
      queryRunner,
      'access_tokens',
      {
        id,
        digest: text(64),
        user_id: reference,
        scope: text(16),
        device_id: optional(reference),
        created_at: instant,
        expires_at: optional(instant),
      },
      [unique('ux_access_tokens_digest', 'digest'), index('ix_access_tokens_user', 'user_id')],
    );
    await this.#placeEvents(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const events = await queryRunner.getTable('lab_events');
    if (events?.indices.some(({ name }) => name === 'ux_lab_events_place')) {
      await queryRunner.dropIndex('lab_events', 'ux_lab_events_place');
    }
    if (events?.findColumnByName('place')) await queryRunner.query('ALTER TABLE lab_events DROP COLUMN place');
    for (const table of ['notifications', 'done_once', 'access_tokens']) await queryRunner.dropTable(table, true);
  }

  /** Any step may have been done by a process that died over this. */
  async #placeEvents(queryRunner: QueryRunner): Promise<void> {
    const events = await queryRunner.getTable('lab_events');
    if (!events?.findColumnByName('place')) {
      await queryRunner.query('ALTER TABLE lab_events ADD COLUMN place integer NULL');
    }
    if (events?.indices.some(({ name }) => name === 'ux_lab_events_place')) return;
    await queryRunner.query('UPDATE lab_events SET place = id');
    await queryRunner.query('CREATE UNIQUE INDEX ux_lab_events_place ON lab_events (place)');
  }
}
