import type { AuditFilter, AuditRecords } from '../../../application/audit/index.js';
import { nameKey, type KeptEntry } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { likeText, rowsOf } from '../sql.js';

/** The columns of an entry under the names of `KeptEntry`, for hand-written queries. */
export const ENTRY_COLUMNS = `audit_log.id AS id, audit_log.at AS at, audit_log.actor_id AS actorId,
  audit_log.actor_name AS actorName, audit_log.actor_role AS actorRole, audit_log.action AS action,
  audit_log.entity_type AS entityType, audit_log.entity_id AS entityId, audit_log.entity_label AS entityLabel,
  audit_log.message AS message, audit_log.metadata AS metadata, audit_log.request_id AS requestId,
  audit_log.address AS address`;

const conditionOf = ({ action, entityType, actor, from, to }: AuditFilter): { sql: string; values: unknown[] } => {
  const conditions: [string, unknown][] = [];
  if (action !== null) conditions.push([`audit_log.action LIKE ? ESCAPE '!'`, `${likeText(action)}%`]);
  if (entityType !== null) conditions.push(['audit_log.entity_type = ?', entityType]);
  if (actor !== null)
    conditions.push([`LOWER(audit_log.actor_name) LIKE ? ESCAPE '!'`, `%${likeText(nameKey(actor))}%`]);
  if (from !== null) conditions.push(['audit_log.at >= ?', from]);
  if (to !== null) conditions.push(['audit_log.at < ?', to]);
  return {
    sql: conditions.length === 0 ? '1 = 1' : conditions.map(([condition]) => condition).join(' AND '),
    values: conditions.map(([, value]) => value),
  };
};

export class TypeormAuditRecords implements AuditRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  page(
    filter: AuditFilter,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): Promise<{ items: KeptEntry[]; total: number }> {
    const { sql, values } = conditionOf(filter);
    return this.#database.read(async (manager) => {
      const items = await rowsOf<KeptEntry>(
        manager,
        `SELECT ${ENTRY_COLUMNS} FROM audit_log WHERE ${sql} ORDER BY audit_log.id DESC LIMIT ? OFFSET ?`,
        [...values, limit, offset],
      );
      const count = `SELECT COUNT(*) AS total FROM audit_log WHERE ${sql}`;
      const [row] = await rowsOf<{ total: number }>(manager, count, values);
      return { items, total: row?.total ?? 0 };
    });
  }

  before(filter: AuditFilter, id: number | null, limit: number): Promise<KeptEntry[]> {
    const { sql, values } = conditionOf(filter);
    return this.#database.read((manager) =>
      rowsOf<KeptEntry>(
        manager,
        `SELECT ${ENTRY_COLUMNS} FROM audit_log WHERE ${sql} ${id === null ? '' : 'AND audit_log.id < ?'}
          ORDER BY audit_log.id DESC LIMIT ?`,
        [...values, ...(id === null ? [] : [id]), limit],
      ),
    );
  }
}
