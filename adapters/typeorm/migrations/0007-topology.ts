import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createTable,
  decimal,
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

const TABLES = ['links', 'cross_connects', 'topologies', 'topology_collaborators', 'topology_reviews'];

/** How the lab is wired, which ways through patch switches bookings hold, and the networks that people drew. */
export class Topology1763970000000 implements MigrationInterface {
  readonly name = 'Topology1763970000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const end = (side: 'a' | 'b') => ({
      [`${side}_device_id`]: reference,
      [`${side}_port`]: optional(text(60)),
      [`${side}_in_port`]: optional(reference),
      [`${side}_out_port`]: optional(reference),
    });
    await createTable(
      queryRunner,
      'links',
      {
        ...{ id, label: optional(text(50)), kind: text(16), direction: text(16), ...end('a'), ...end('b') },
        ...{ strands: reference, length_km: decimal, loss_db: decimal, fiber_type: optional(text(100)) },
        ...{ notes: optional(longText), created_at: instant, updated_at: instant },
      },
      [unique('ux_links_label', 'label'), index('ix_links_a', 'a_device_id'), index('ix_links_b', 'b_device_id')],
    );
    await createTable(
      queryRunner,
      'cross_connects',
      {
        ...{ id, group_id: text(36), edge_id: text(200), strand: reference, switch_id: reference },
        ...{ in_port: reference, out_port: reference, from_device_id: reference, to_device_id: reference },
        created_at: instant,
      },
      [
        index('ix_cross_connects_switch', 'switch_id'),
        index('ix_cross_connects_group', 'group_id'),
        index('ix_cross_connects_from', 'from_device_id'),
        index('ix_cross_connects_to', 'to_device_id'),
      ],
    );
    await createTable(
      queryRunner,
      'topologies',
      {
        ...{ id, name: text(200), owner_id: reference, nodes: longText, edges: longText },
        ...{ created_at: instant, updated_at: instant },
      },
      [index('ix_topologies_owner', 'owner_id')],
    );
    await createTable(
      queryRunner,
      'topology_collaborators',
      { topology_id: primary(reference), user_id: primary(reference) },
      [index('ix_topology_collaborators_user', 'user_id')],
    );
    await createTable(
      queryRunner,
      'topology_reviews',
      {
        ...{ topology_id: primary(reference), status: text(16), submitted_by: reference, submitted_at: instant },
        ...{ resolved_at: optional(instant), conflict_count: reference },
      },
      [index('ix_topology_reviews_status', 'status', 'submitted_at')],
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.dropTable(table, true);
  }
}
