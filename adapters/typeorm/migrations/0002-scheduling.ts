import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, id, instant, longText, primary, reference, text, unique } from './table-design.js';

const DECISION = [
  ['decided_by', 'integer'],
  ['decided_at', 'bigint'],
  ['decision_comment', 'varchar(1000)'],
] as const;

/** Favourites, who decided about a booking when and why, and which process does the jobs. */
export class Scheduling1763863200000 implements MigrationInterface {
  readonly name = 'Scheduling1763863200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'favourites',
      {
        id,
        user_id: reference,
        group_id: text(36),
        name: text(200),
        device_snapshot: longText,
        created_at: instant,
        updated_at: instant,
      },
      [unique('ux_favourites_group', 'user_id', 'group_id')],
    );
    await createTable(queryRunner, 'leases', { name: primary(text(64)), holder: text(64), expires_at: instant });
    // Plain statements: the query runner would copy the whole table to add a column to it. What is there already was
    // left by a process that died over this: MySQL does not undo changes to tables.
    for (const [column, type] of DECISION) {
      if (await queryRunner.hasColumn('bookings', column)) continue;
      await queryRunner.query(`ALTER TABLE bookings ADD COLUMN ${column} ${type} NULL`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [column] of DECISION) {
      await queryRunner.query(`ALTER TABLE bookings DROP COLUMN ${column}`);
    }
    await queryRunner.dropTable('leases', true);
    await queryRunner.dropTable('favourites', true);
  }
}
