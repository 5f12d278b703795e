import { assertMay, ChainCheck, type Actor, type ChainHead, type Hash } from '../../domain/index.js';
import type { AuditChainReader } from './ports.js';

/**
 * Whether the audit trail is whole, and where it is not. Entries that wait to be sealed are counted, and not judged.
 */
export interface AuditVerdict {
  readonly ok: boolean;
  /** How many entries were found as they were sealed. */
  readonly entries: number;
  /** The first entry that is not what it was; null when all are, or when it is gone without a trace. */
  readonly firstBadId: number | null;
  readonly detail: string;
  /** Entries of the last seconds that wait for their seal. */
  readonly unsealed: number;
}

const PAGE = 1000;

/** Tells whether the audit trail is what was written. */
export class VerifyAudit {
  readonly #chain: AuditChainReader;
  readonly #hash: Hash;

  constructor(chain: AuditChainReader, hash: Hash) {
    this.#chain = chain;
    this.#hash = hash;
  }

  /** @param noted an end of the chain that somebody wrote down elsewhere, from the log for example. */
  /**
   * Follows the whole chain.
   * @param noted where the chain ended once, as somebody wrote it down elsewhere: it must still lead there.
   * @throws DomainError `permission.denied` without `logs:read`.
   */
  async execute(actor: Actor, noted: ChainHead | null = null): Promise<AuditVerdict> {
    assertMay(actor, 'logs:read');
    // Before the links are read: the chain may grow meanwhile, and must not seem cut then.
    const head = await this.#chain.head();
    const check = new ChainCheck(this.#hash);
    let elsewhere = noted;
    for (let place = 0; ;) {
      const links = await this.#chain.after(place, PAGE);
      const whole = links.every((link) => {
        if (link.place === noted?.place && link.hash === noted.hash) elsewhere = null;
        return check.follow(link);
      });
      place = links.at(-1)?.place ?? place;
      if (!whole || links.length < PAGE) break;
    }
    const broken =
      check.end(head) ??
      (elsewhere && {
        entryId: null,
        detail: `The chain has no link ${elsewhere.place} with the hash that was noted.`,
      });
    const unsealed = await this.#chain.countUnsealed();
    return {
      ok: broken === null,
      entries: check.checked,
      firstBadId: broken?.entryId ?? null,
      detail: broken?.detail ?? `All ${check.checked} sealed entries are as they were written.`,
      unsealed,
    };
  }
}
