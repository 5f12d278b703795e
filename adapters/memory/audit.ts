import type { AuditChain, AuditChainReader, AuditFilter, AuditRecords } from '../../application/audit/index.js';
import type { AuditEntry } from '../../application/shared/ports.js';
import { nameKey, type ChainHead, type FoundSeal, type KeptEntry, type Seal } from '../../domain/index.js';
import type { LabState, Tables } from './tables.js';

const kept = (id: number, { at, actor, metadata, ...entry }: AuditEntry): KeptEntry => ({
  ...{ id, at, ...entry },
  actorId: actor.id,
  actorName: actor.name,
  actorRole: actor.role,
  metadata: JSON.stringify(metadata),
  requestId: actor.requestId ?? null,
  address: actor.address ?? null,
});

const entriesIn = ({ audit }: Tables): KeptEntry[] =>
  [...audit].map(([id, entry]) => kept(id, entry)).sort((a, b) => a.id - b.id);

const headIn = ({ auditSeals }: Tables): ChainHead | null => {
  const last = [...auditSeals.values()].at(-1);
  return last ? { place: last.place, hash: last.hash } : null;
};

const unsealedIn = (tables: Tables): KeptEntry[] => {
  const sealed = new Set([...tables.auditSeals.values()].map((seal) => seal.entryId));
  return entriesIn(tables).filter((entry) => !sealed.has(entry.id));
};

export class MemoryAuditChain implements AuditChain {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async claimHead(): Promise<ChainHead | null> {
    return headIn(this.#tables);
  }

  async unsealed(limit: number): Promise<KeptEntry[]> {
    return unsealedIn(this.#tables).slice(0, limit);
  }

  async add(seals: readonly Seal[]): Promise<void> {
    for (const seal of seals) this.#tables.auditSeals.set(seal.place, seal);
  }
}

export class MemoryAuditChainReader implements AuditChainReader {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async head(): Promise<ChainHead | null> {
    return headIn(this.#lab.tables);
  }

  async after(place: number, limit: number): Promise<FoundSeal[]> {
    const { auditSeals, audit } = this.#lab.tables;
    return [...auditSeals.values()]
      .filter((seal) => seal.place > place)
      .slice(0, limit)
      .map((seal) => {
        const entry = audit.get(seal.entryId);
        return { ...seal, entry: entry ? kept(seal.entryId, entry) : null };
      });
  }

  async countUnsealed(): Promise<number> {
    return unsealedIn(this.#lab.tables).length;
  }
}

export class MemoryAuditRecords implements AuditRecords {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async page(
    filter: AuditFilter,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): Promise<{ items: KeptEntry[]; total: number }> {
    const found = this.#matching(filter);
    return { items: found.slice(offset, offset + limit), total: found.length };
  }

  async before(filter: AuditFilter, id: number | null, limit: number): Promise<KeptEntry[]> {
    return this.#matching(filter)
      .filter((entry) => id === null || entry.id < id)
      .slice(0, limit);
  }

  #matching({ action, entityType, actor, from, to }: AuditFilter): KeptEntry[] {
    return entriesIn(this.#lab.tables)
      .filter(
        (entry) =>
          (action === null || entry.action.startsWith(action)) &&
          (entityType === null || entry.entityType === entityType) &&
          (actor === null || entry.actorName.toLowerCase().includes(nameKey(actor))) &&
          (from === null || entry.at >= from) &&
          (to === null || entry.at < to),
      )
      .reverse();
  }
}
