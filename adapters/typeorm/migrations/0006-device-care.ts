import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, instant, longText, primary, reference, text } from './table-design.js';

const indexNamed = async (queryRunner: QueryRunner, table: string, name: string): Promise<boolean> =>
  (await queryRunner.getTable(table))?.indices.some((known) => known.name === name) ?? false;

/** Who answers for a device and how it is; and bookings that can be counted without reading them. */
export class DeviceCare1763962000000 implements MigrationInterface {
  readonly name = 'DeviceCare1763962000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const integer = queryRunner.dataSource.options.type === 'mysql' ? 'int' : 'INTEGER';
    // As in 0002: what is there already was left by a process that died over this.
    if (!(await queryRunner.hasColumn('devices', 'owner_id'))) {
      await queryRunner.query(`ALTER TABLE devices ADD COLUMN owner_id ${integer} NULL`);
    }
    await this.#index(queryRunner, 'devices', 'ix_devices_owner', 'owner_id');
    await createTable(queryRunner, 'device_health', {
      device_id: primary(reference),
      status: text(32),
      heartbeat_at: instant,
      metrics: longText,
      reported_at: instant,
    });
    await this.#index(queryRunner, 'bookings', 'ix_bookings_ahead', 'ends_at, starts_at, status, created_at');
    await this.#noIndex(queryRunner, 'bookings', 'ix_bookings_time');
    await this.#index(queryRunner, 'bookings', 'ix_bookings_decided', 'decided_at');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await this.#index(queryRunner, 'bookings', 'ix_bookings_time', 'ends_at, starts_at');
    for (const name of ['ix_bookings_decided', 'ix_bookings_ahead']) await this.#noIndex(queryRunner, 'bookings', name);
    await queryRunner.dropTable('device_health', true);
    await this.#noIndex(queryRunner, 'devices', 'ix_devices_owner');
    await queryRunner.query('ALTER TABLE devices DROP COLUMN owner_id');
  }

  async #index(queryRunner: QueryRunner, table: string, name: string, columns: string): Promise<void> {
    if (!(await indexNamed(queryRunner, table, name))) {
      await queryRunner.query(`CREATE INDEX ${name} ON ${table} (${columns})`);
    }
  }

  async #noIndex(queryRunner: QueryRunner, table: string, name: string): Promise<void> {
    if (await indexNamed(queryRunner, table, name)) await queryRunner.dropIndex(table, name);
  }
}
