import type { EntityManager } from 'typeorm';
import type { AuditChain, AuditChainReader } from '../../../application/audit/index.js';
import type { ChainHead, FoundSeal, KeptEntry, Seal } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { inParts, isMysql, rowsOf } from '../sql.js';
import { ENTRY_COLUMNS } from './typeorm-audit-records.js';

const HEAD = 'head';

/**
 * Entries get their ids before they are committed, so that one may turn up below others that are sealed already; never
 * further down than this.
 */
const LATECOMERS = 10_000;

const headOf = async (manager: EntityManager, lock = ''): Promise<ChainHead | null> => {
  const sql = `SELECT place, hash FROM audit_head WHERE name = ? ${lock}`;
  const [head] = await rowsOf<ChainHead>(manager, sql, [HEAD]);
  return head && head.place > 0 ? head : null;
};

const UNSEALED = `FROM audit_log LEFT JOIN audit_seals ON audit_seals.entry_id = audit_log.id
  WHERE audit_seals.entry_id IS NULL
    AND audit_log.id > (SELECT COALESCE(MAX(entry_id), 0) FROM audit_seals) - ${LATECOMERS}`;

/** A link with its entry, whose columns are all null when it is gone. */
type LinkRow = Omit<KeptEntry, 'id'> & { place: number; sealedId: number; hash: string; id: number | null };

export class TypeormAuditChain implements AuditChain {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async claimHead(): Promise<ChainHead | null> {
    if (!isMysql(this.#manager)) return headOf(this.#manager);
    // There must be a row before it can be locked; of two who make it, one does.
    await this.#manager.query(`INSERT IGNORE INTO audit_head (name, place, hash) VALUES (?, 0, '')`, [HEAD]);
    return headOf(this.#manager, 'FOR UPDATE');
  }

  unsealed(limit: number): Promise<KeptEntry[]> {
    return rowsOf<KeptEntry>(this.#manager, `SELECT ${ENTRY_COLUMNS} ${UNSEALED} ORDER BY audit_log.id LIMIT ?`, [
      limit,
    ]);
  }

  async add(seals: readonly Seal[]): Promise<void> {
    for (const part of inParts(seals, 3)) {
      await this.#manager.query(
        `INSERT INTO audit_seals (place, entry_id, hash) VALUES ${part.map(() => '(?, ?, ?)').join(', ')}`,
        part.flatMap(({ place, entryId, hash }) => [place, entryId, hash]),
      );
    }
    const last = seals.at(-1);
    if (!last) return;
    const { place, hash } = last;
    await this.#manager.query(
      isMysql(this.#manager)
        ? 'UPDATE audit_head SET place = ?, hash = ? WHERE name = ?'
        : 'INSERT OR REPLACE INTO audit_head (place, hash, name) VALUES (?, ?, ?)',
      [place, hash, HEAD],
    );
  }
}

export class TypeormAuditChainReader implements AuditChainReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  head(): Promise<ChainHead | null> {
    return this.#database.read((manager) => headOf(manager));
  }

  async after(place: number, limit: number): Promise<FoundSeal[]> {
    const rows = await this.#database.read((manager) =>
      rowsOf<LinkRow>(
        manager,
        `SELECT audit_seals.place AS place, audit_seals.entry_id AS sealedId, audit_seals.hash AS hash, ${ENTRY_COLUMNS}
           FROM audit_seals LEFT JOIN audit_log ON audit_log.id = audit_seals.entry_id
          WHERE audit_seals.place > ? ORDER BY audit_seals.place LIMIT ?`,
        [place, limit],
      ),
    );
    return rows.map(({ place: at, sealedId, hash, id, ...entry }) => ({
      ...{ place: at, entryId: sealedId, hash },
      entry: id === null ? null : { id, ...entry },
    }));
  }

  async countUnsealed(): Promise<number> {
    const [row] = await this.#database.read((manager) =>
      rowsOf<{ entries: number }>(
        manager,
        `SELECT (SELECT COUNT(*) FROM audit_log) -
                (SELECT COUNT(*) FROM audit_seals JOIN audit_log ON audit_log.id = audit_seals.entry_id) AS entries`,
      ),
    );
    return row?.entries ?? 0;
  }
}
