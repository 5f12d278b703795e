import { sealsFor, type ChainHead, type Hash } from '../../domain/index.js';
import type { AuditWork } from './ports.js';

/** So many entries are sealed in one transaction. */
const AT_ONCE = 500;

/**
 * Joins new entries of the audit trail to the chain. It is a job of its own, so that those who write need not wait for
 * each other: in a chain every entry waits for the one before.
 */
export class SealAudit {
  readonly #work: AuditWork;
  readonly #hash: Hash;

  constructor(work: AuditWork, hash: Hash) {
    this.#work = work;
    this.#hash = hash;
  }

  /** @returns where the chain ends now, when it was made longer; to be noted where nobody can change it. */
  async execute(): Promise<ChainHead | null> {
    let end: ChainHead | null = null;
    for (;;) {
      const added = await this.#work.run(async ({ auditChain }) => {
        const head = await auditChain.claimHead();
        const seals = sealsFor(await auditChain.unsealed(AT_ONCE), head, this.#hash);
        if (seals.length > 0) await auditChain.add(seals);
        return seals;
      });
      end = added.at(-1) ?? end;
      if (added.length < AT_ONCE) return end && { place: end.place, hash: end.hash };
    }
  }
}
