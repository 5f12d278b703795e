import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, id, index, instant, longText, primary, reference, text, unique } from './table-design.js';

const COLUMNS = [
  ['audit_log', 'request_id', 'varchar(64)'],
  ['audit_log', 'address', 'varchar(64)'],
  ['users', 'approval_max_days', 'integer'],
  ['users', 'approval_max_device_hours', 'integer'],
  ['users', 'last_active_at', 'bigint'],
  ['invitations', 'invitation_id', 'varchar(36)'],
  ['invitations', 'email', 'varchar(254)'],
] as const;

/** Who may decide how much, invitations by mail, a chain through the audit trail, settings, and limits counted by all. */
export class Administration1763960000000 implements MigrationInterface {
  readonly name = 'Administration1763960000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    // Plain statements, and safe to repeat: see the migration before the last.
    for (const [table, column, type] of COLUMNS) {
      if (await queryRunner.hasColumn(table, column)) continue;
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${type} NULL`);
    }
    await createTable(
      queryRunner,
      'audit_seals',
      { place: { ...id, isGenerated: false }, entry_id: reference, hash: text(64) },
      [unique('ux_audit_seals_entry', 'entry_id')],
    );
    await createTable(queryRunner, 'audit_head', { name: primary(text(16)), place: reference, hash: text(64) });
    await createTable(queryRunner, 'settings', {
      name: primary(text(64)),
      value: longText,
      changed_at: instant,
      changed_by: reference,
    });
    await createTable(
      queryRunner,
      'rate_counters',
      { counter_key: primary(text(160)), hits: reference, resets_at: instant },
      [index('ix_rate_counters_reset', 'resets_at')],
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['rate_counters', 'settings', 'audit_head', 'audit_seals'])
      await queryRunner.dropTable(table, true);
    for (const [table, column] of [...COLUMNS].reverse()) {
      await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
    }
  }
}
