import { assertMay, type Actor, type KeptEntry } from '../../domain/index.js';
import type { AuditFilter, AuditRecords } from './ports.js';

const CHUNK = 1000;

/** The audit trail as people look at it. */
export class ViewAudit {
  readonly #records: AuditRecords;

  constructor(records: AuditRecords) {
    this.#records = records;
  }

  /** The newest first. */
  page(
    actor: Actor,
    filter: AuditFilter,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly items: readonly KeptEntry[]; readonly total: number }> {
    assertMay(actor, 'logs:read');
    return this.#records.page(filter, page);
  }

  /** Every entry, the newest first, some at a time: however many there are, few are in memory. */
  all(actor: Actor, filter: AuditFilter): AsyncIterable<KeptEntry> {
    assertMay(actor, 'logs:export');
    return this.#all(filter);
  }

  async *#all(filter: AuditFilter): AsyncIterable<KeptEntry> {
    for (let below: number | null = null; ;) {
      const entries: readonly KeptEntry[] = await this.#records.before(filter, below, CHUNK);
      yield* entries;
      below = entries.at(-1)?.id ?? below;
      if (entries.length < CHUNK) return;
    }
  }
}
