import type { ChainHead, FoundSeal, Instant, KeptEntry, Seal } from '../../domain/index.js';
import type { UnitOfWork } from '../shared/ports.js';

/** Which entries are asked for; null asks for all of them. */
export interface AuditFilter {
  readonly action: string | null;
  readonly entityType: string | null;
  /** Part of the actor's name, in any letter case. */
  readonly actor: string | null;
  readonly from: Instant | null;
  /** Not included. */
  readonly to: Instant | null;
}

/** The audit trail as it is read, the newest first. */
export interface AuditRecords {
  /** `total` counts every entry that the filter lets through, on all pages. */
  page(
    filter: AuditFilter,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly items: readonly KeptEntry[]; readonly total: number }>;
  /** The next entries below an id (null begins with the newest), for going through all of them. */
  before(filter: AuditFilter, id: number | null, limit: number): Promise<readonly KeptEntry[]>;
}

/** The chain of seals while it is made longer. */
export interface AuditChain {
  /** Where the chain ends; nobody else makes it longer until the work ends. */
  claimHead(): Promise<ChainHead | null>;
  /** Entries without a seal, by id. */
  unsealed(limit: number): Promise<KeptEntry[]>;
  /** Adds links and notes where the chain ends now. */
  add(seals: readonly Seal[]): Promise<void>;
}

/** The chain of seals as it is checked. */
export interface AuditChainReader {
  /** What was noted apart from the chain. */
  head(): Promise<ChainHead | null>;
  /** The links behind a place, in order, with their entries. */
  after(place: number, limit: number): Promise<FoundSeal[]>;
  /** How many entries have no seal yet. */
  countUnsealed(): Promise<number>;
}

/** What sealing the audit trail reads and writes. */
export interface AuditStores {
  readonly auditChain: AuditChain;
}

/** A transaction that seals the audit trail. */
export type AuditWork = UnitOfWork<AuditStores>;
