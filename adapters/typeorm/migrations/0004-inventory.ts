import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nameKey } from '../../../domain/index.js';
import { createTable, id, index, instant, longText, optional, reference, text, unique } from './table-design.js';

const COLUMNS = [
  ['manufacturers', 'website', 'varchar(500)'],
  ['manufacturers', 'notes', 'TEXT'],
  ['sites', 'address', 'TEXT'],
  ['sites', 'notes', 'TEXT'],
  ['tags', 'description', 'TEXT'],
  ['tags', 'color', 'varchar(7)'],
  ['devices', 'version', 'INTEGER NOT NULL DEFAULT 1'],
  ['devices', 'created_by', 'INTEGER'],
  ['devices', 'updated_by', 'INTEGER'],
  ['devices', 'search_text', 'TEXT'],
] as const;

const INDICES = [
  ['ix_devices_name', 'name_key'],
  ['ix_devices_status', 'status'],
  ['ix_devices_site', 'site_id'],
  ['ix_devices_manufacturer', 'manufacturer_id'],
] as const;

const SEARCHED = [
  ...['name', 'oi_id', 'serial_number', 'model', 'hostname', 'mgmt_ip', 'polatis_name', 'rack', 'owner_group'],
] as const;

type SearchedRow = Readonly<Record<(typeof SEARCHED)[number], string | null>> & { readonly id: number };

const ROWS_AT_ONCE = 500;

/** What is said of catalogue entries, versions of devices, what happened to them, and their papers. */
export class Inventory1763950000000 implements MigrationInterface {
  readonly name = 'Inventory1763950000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const mysql = queryRunner.dataSource.options.type === 'mysql';
    // As in 0002: what is there already was left by a process that died over this.
    for (const [table, column, type] of COLUMNS) {
      if (await queryRunner.hasColumn(table, column)) continue;
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${mysql ? onMysql(type) : type}`);
    }
    const devices = await queryRunner.getTable('devices');
    for (const [name, column] of INDICES) {
      if (devices?.indices.some((known) => known.name === name)) continue;
      await queryRunner.query(`CREATE INDEX ${name} ON devices (${column})`);
    }
    await createTable(
      queryRunner,
      'device_changes',
      {
        id,
        device_id: reference,
        device_name: text(200),
        action: text(32),
        at: instant,
        actor_id: optional(reference),
        actor_name: text(100),
        notes: optional(longText),
        metadata: optional(longText),
      },
      [index('ix_device_changes_device', 'device_id')],
    );
    await createTable(
      queryRunner,
      'device_change_fields',
      {
        id,
        change_id: reference,
        field_name: optional(text(64)),
        old_value: optional(longText),
        new_value: optional(longText),
      },
      [index('ix_device_change_fields_change', 'change_id')],
    );
    await createTable(
      queryRunner,
      'attachments',
      {
        id,
        device_id: reference,
        file_name: text(255),
        mime_type: text(127),
        size_bytes: instant,
        vault_name: text(64),
        uploaded_by: optional(reference),
        uploaded_by_name: text(100),
        created_at: instant,
      },
      [index('ix_attachments_device', 'device_id'), unique('ux_attachments_vault_name', 'vault_name')],
    );
    await this.#makeSearchable(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['attachments', 'device_change_fields', 'device_changes']) {
      await queryRunner.dropTable(table, true);
    }
    for (const [name] of INDICES) await queryRunner.dropIndex('devices', name);
    for (const [table, column] of COLUMNS) await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  }

  /** Devices that were there before could not be found by their names otherwise. */
  async #makeSearchable(queryRunner: QueryRunner): Promise<void> {
    for (let after = 0; ;) {
      const rows = (await queryRunner.query(
        `SELECT id, ${SEARCHED.join(', ')} FROM devices WHERE id > ? AND search_text IS NULL ORDER BY id LIMIT ?`,
        [after, ROWS_AT_ONCE],
      )) as SearchedRow[];
      for (const row of rows) {
        const searchText = SEARCHED.map((column) => nameKey(row[column] ?? '')).join('\n');
        await queryRunner.query('UPDATE devices SET search_text = ? WHERE id = ?', [searchText, row.id]);
      }
      const last = rows.at(-1);
      if (!last) return;
      after = last.id;
    }
  }
}

const onMysql = (type: string): string =>
  type.startsWith('INTEGER')
    ? type.replace('INTEGER', 'int')
    : `${type.replace('TEXT', 'mediumtext')} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL`;
