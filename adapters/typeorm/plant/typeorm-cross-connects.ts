import type { EntityManager } from 'typeorm';
import type {
  CrossConnectReader,
  CrossConnectRepository,
  GroupConnect,
  HeldConnect,
} from '../../../application/booking/ports.js';
import type { Instant, TimeSlot } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { inParts, marks, rowsOf } from '../sql.js';
import { crossConnectSchema } from './schemas.js';

const COLUMNS = `ways.group_id AS groupId, ways.edge_id AS edgeId, ways.strand AS strand, ways.switch_id AS switchId,
  ways.in_port AS inPort, ways.out_port AS outPort, ways.from_device_id AS fromThingId, ways.to_device_id AS toThingId`;

interface HeldRow extends GroupConnect {
  readonly fromStart: number;
  readonly fromEnd: number;
  readonly toStart: number;
  readonly toEnd: number;
}

const HOLDING = `status IN ('PENDING', 'CONFLICTING', 'CONFIRMED')`;

const heldIn = async (
  manager: EntityManager,
  switchIds: readonly number[] | null,
  window: TimeSlot,
): Promise<HeldConnect[]> => {
  const held: HeldConnect[] = [];
  for (const part of switchIds === null ? [null] : inParts(switchIds)) {
    const rows = await rowsOf<HeldRow>(
      manager,
      `SELECT ${COLUMNS}, near.starts_at AS fromStart, near.ends_at AS fromEnd, far.starts_at AS toStart,
              far.ends_at AS toEnd
         FROM cross_connects AS ways
         JOIN bookings AS near ON near.group_id = ways.group_id AND near.device_id = ways.from_device_id
         JOIN bookings AS far ON far.group_id = ways.group_id AND far.device_id = ways.to_device_id
        WHERE near.${HOLDING} AND near.ends_at > ? AND near.starts_at < ?
          AND far.${HOLDING} AND far.ends_at > near.starts_at AND far.starts_at < near.ends_at
          AND far.ends_at > ? AND far.starts_at < ?
          ${part === null ? '' : `AND ways.switch_id IN (${marks(part)})`}
        ORDER BY ways.id, near.id, far.id`,
      [window.start, window.end, window.start, window.end, ...(part ?? [])],
    );
    for (const { fromStart, fromEnd, toStart, toEnd, ...connect } of rows) {
      held.push({ ...connect, slot: { start: Math.max(fromStart, toStart), end: Math.min(fromEnd, toEnd) } });
    }
  }
  return held;
};

export class TypeormCrossConnects implements CrossConnectRepository {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  ofGroup(groupId: string): Promise<GroupConnect[]> {
    return rowsOf<GroupConnect>(
      this.#manager,
      `SELECT ${COLUMNS} FROM cross_connects AS ways WHERE ways.group_id = ? ORDER BY ways.id`,
      [groupId],
    );
  }

  async add(connects: readonly GroupConnect[], at: Instant): Promise<void> {
    const rows = connects.map(({ fromThingId, toThingId, ...connect }) => ({
      ...connect,
      fromDeviceId: fromThingId,
      toDeviceId: toThingId,
      createdAt: at,
    }));
    for (const part of inParts(rows, 9)) await this.#manager.getRepository(crossConnectSchema).insert(part);
  }

  held(switchIds: readonly number[] | null, window: TimeSlot): Promise<HeldConnect[]> {
    return heldIn(this.#manager, switchIds, window);
  }
}

/** Cross-connects as they were last committed. */
export class TypeormCrossConnectReader implements CrossConnectReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  held(switchIds: readonly number[] | null, window: TimeSlot): Promise<HeldConnect[]> {
    return this.#database.read((manager) => heldIn(manager, switchIds, window));
  }
}
