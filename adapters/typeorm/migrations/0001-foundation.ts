import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createTable,
  flag,
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

const catalogueColumns = { id, name: text(100), name_key: text(200), created_at: instant, updated_at: instant };

/** People, the inventory, bookings and the audit trail. */
export class Foundation1763856000000 implements MigrationInterface {
  readonly name = 'Foundation1763856000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'users',
      {
        id,
        username: text(50),
        username_key: text(100),
        email: optional(text(254)),
        email_key: optional(text(254)),
        discord_id: optional(text(32)),
        role: text(16),
        status: text(16),
        password_hash: text(100),
        created_at: instant,
      },
      [unique('ux_users_username', 'username_key'), unique('ux_users_email', 'email_key')],
    );
    await createTable(
      queryRunner,
      'sessions',
      { id: primary(text(64)), user_id: reference, created_at: instant, expires_at: instant },
      [index('ix_sessions_user', 'user_id'), index('ix_sessions_expiry', 'expires_at')],
    );
    await createTable(queryRunner, 'invitations', {
      token_digest: primary(text(64)),
      role: text(16),
      expires_at: instant,
      invited_by: optional(reference),
    });
    await this.#createInventory(queryRunner);
    await this.#createBookings(queryRunner);
    await createTable(
      queryRunner,
      'audit_log',
      {
        id,
        at: instant,
        actor_id: optional(reference),
        actor_name: text(100),
        actor_role: optional(text(16)),
        action: text(64),
        entity_type: text(32),
        entity_id: optional(text(64)),
        entity_label: optional(text(200)),
        message: text(1000),
        metadata: longText,
      },
      [index('ix_audit_log_at', 'at')],
    );
  }

  async #createInventory(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'device_types',
      {
        id,
        name: text(100),
        name_key: text(200),
        category: text(16),
        description: optional(longText),
        is_schedulable: flag,
        has_ports: flag,
        created_at: instant,
        updated_at: instant,
      },
      [unique('ux_device_types_name', 'name_key')],
    );
    for (const table of ['manufacturers', 'sites', 'tags']) {
      await createTable(queryRunner, table, catalogueColumns, [unique(`ux_${table}_name`, 'name_key')]);
    }
    await createTable(
      queryRunner,
      'devices',
      {
        id,
        oi_id: optional(text(50)),
        name: text(200),
        name_key: text(400),
        device_type_id: reference,
        manufacturer_id: optional(reference),
        model: optional(text(100)),
        serial_number: optional(text(100)),
        status: text(16),
        site_id: optional(reference),
        rack: optional(text(50)),
        u_position: optional(reference),
        hostname: optional(text(255)),
        mgmt_ip: optional(text(45)),
        polatis_name: optional(text(100)),
        polatis_port_range: optional(text(100)),
        in_port: optional(reference),
        out_port: optional(reference),
        ports: longText,
        owner_group: optional(text(100)),
        notes: optional(longText),
        created_at: instant,
        updated_at: instant,
      },
      [
        unique('ux_devices_oi_id', 'oi_id'),
        unique('ux_devices_serial', 'serial_number'),
        index('ix_devices_thing', 'device_type_id', 'name_key'),
        index('ix_devices_mgmt_ip', 'mgmt_ip'),
      ],
    );
    await createTable(queryRunner, 'device_tags', { device_id: primary(reference), tag_id: primary(reference) }, [
      index('ix_device_tags_tag', 'tag_id'),
    ]);
    await createTable(
      queryRunner,
      'maintenance_windows',
      {
        id,
        device_id: reference,
        starts_at: instant,
        ends_at: instant,
        reason: text(1000),
        created_by: optional(reference),
        created_at: instant,
        legacy: flag,
      },
      [index('ix_maintenance_device', 'device_id', 'ends_at')],
    );
  }

  async #createBookings(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'bookings',
      {
        id,
        group_id: text(36),
        device_id: reference,
        owner_id: reference,
        starts_at: instant,
        ends_at: instant,
        status: text(16),
        comment: longText,
        created_at: instant,
        updated_at: instant,
        gone_type: optional(text(100)),
        gone_name: optional(text(200)),
      },
      [
        index('ix_bookings_calendar', 'device_id', 'status', 'ends_at'),
        index('ix_bookings_time', 'ends_at', 'starts_at'),
        index('ix_bookings_owner', 'owner_id'),
        index('ix_bookings_group', 'group_id'),
      ],
    );
    await createTable(
      queryRunner,
      'booking_collaborators',
      { booking_id: primary(reference), user_id: primary(reference) },
      [index('ix_booking_collaborators_user', 'user_id')],
    );
    await createTable(
      queryRunner,
      'kept_answers',
      {
        user_id: primary(reference),
        request_key: primary(text(200)),
        fingerprint: text(64),
        answer: optional(longText),
        created_at: instant,
      },
      [index('ix_kept_answers_age', 'created_at')],
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const tables = [
      ...['users', 'sessions', 'invitations', 'device_types', 'manufacturers', 'sites', 'tags', 'devices'],
      ...['device_tags', 'maintenance_windows', 'bookings', 'booking_collaborators', 'kept_answers', 'audit_log'],
    ];
    for (const table of tables.reverse()) await queryRunner.dropTable(table, true);
  }
}
