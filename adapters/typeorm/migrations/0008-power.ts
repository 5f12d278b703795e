import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createTable,
  id,
  index,
  instant,
  longText,
  optional,
  primary,
  reference,
  text,
  unique,
} from './table-design.js';

/** PDUs, what their outlets feed, what they told last, and what they are to do. */
export class Power1763980000000 implements MigrationInterface {
  readonly name = 'Power1763980000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'pdus',
      {
        id,
        name: text(100),
        name_key: text(200),
        driver: text(32),
        host: text(255),
        port: reference,
        credentials: longText,
        user_name: optional(text(100)),
        pdu_path: optional(text(200)),
        external_id: optional(text(100)),
        identity: optional(longText),
        created_at: instant,
      },
      [unique('ux_pdus_name', 'name_key'), unique('ux_pdus_address', 'host', 'port')],
    );
    await createTable(
      queryRunner,
      'power_outlets',
      {
        pdu_id: primary(reference),
        outlet: primary(reference),
        device_id: optional(reference),
        label: optional(text(200)),
        mode: optional(text(16)),
        bound_name: optional(text(255)),
        manual_hold: optional(longText),
        hand_switch: optional(longText),
        failures: reference,
        retry_at: optional(instant),
      },
      [index('ix_power_outlets_device', 'device_id')],
    );
    await createTable(queryRunner, 'power_readings', {
      pdu_id: primary(reference),
      reading: optional(longText),
      read_at: optional(instant),
      tried_at: instant,
      problem: optional(longText),
    });
    await createTable(
      queryRunner,
      'power_commands',
      {
        id,
        pdu_id: reference,
        outlet: reference,
        switch_order: text(8),
        state: text(8),
        step: optional(text(8)),
        attempts: reference,
        outcome: optional(text(16)),
        actor_id: optional(reference),
        actor_name: text(100),
        actor_role: optional(text(16)),
        rule: optional(text(100)),
        reason: text(1000),
        device_id: optional(reference),
        booking_id: optional(reference),
        state_before: optional(text(16)),
        state_after: optional(text(16)),
        problem: optional(longText),
        created_at: instant,
        sent_at: optional(instant),
        rest_until: optional(instant),
        finished_at: optional(instant),
      },
      [index('ix_power_commands_open', 'state', 'id'), index('ix_power_commands_pdu', 'pdu_id')],
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['power_commands', 'power_readings', 'power_outlets', 'pdus']) {
      await queryRunner.dropTable(table, true);
    }
  }
}
