import type { Instant } from '../shared/index.js';

/** An entry of the audit trail exactly as it is kept; `metadata` is its JSON text, so that not a blank can change. */
export interface KeptEntry {
  readonly id: number;
  readonly at: Instant;
  readonly actorId: number | null;
  readonly actorName: string;
  readonly actorRole: string | null;
  readonly action: string;
  readonly entityType: string;
  readonly entityId: string | null;
  readonly entityLabel: string | null;
  readonly message: string;
  readonly metadata: string;
  readonly requestId: string | null;
  readonly address: string | null;
}

/** One link of the chain: the hash of the entry together with that of the link before it. */
export interface Seal {
  /** 1, 2, 3 … in the order in which entries were sealed. */
  readonly place: number;
  readonly entryId: number;
  /** 64 hexadecimal digits. */
  readonly hash: string;
}

/** A link as it is found, with the entry that it seals; null when that is gone. */
export interface FoundSeal extends Seal {
  readonly entry: KeptEntry | null;
}

/** Where the chain ends, as it is kept apart from it. */
export type ChainHead = Pick<Seal, 'place' | 'hash'>;

/** One-way function of text to 64 hexadecimal digits; SHA-256 in the lab. */
export type Hash = (text: string) => string;

const NOTHING: ChainHead = { place: 0, hash: '' };

const hashOf = (before: string, entry: KeptEntry, hash: Hash): string =>
  hash(
    JSON.stringify([
      ...[before, entry.id, entry.at, entry.actorId, entry.actorName, entry.actorRole, entry.action],
      ...[entry.entityType, entry.entityId, entry.entityLabel, entry.message, entry.metadata],
      ...[entry.requestId, entry.address],
    ]),
  );

/** The links by which entries are joined to the chain, in the order given. */
export const sealsFor = (entries: readonly KeptEntry[], head: ChainHead | null, hash: Hash): Seal[] => {
  let last = head ?? NOTHING;
  return entries.map((entry) => {
    const seal = { place: last.place + 1, entryId: entry.id, hash: hashOf(last.hash, entry, hash) };
    last = seal;
    return seal;
  });
};

/** What is wrong with the chain, and the first entry of which that is known. */
export interface Break {
  readonly entryId: number | null;
  readonly detail: string;
}

/** Follows the chain from its first link; feed it every link in order, then ask how it ended. */
export class ChainCheck {
  readonly #hash: Hash;
  #last = NOTHING;
  #broken: Break | null = null;

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  /** How many links were whole. */
  get checked(): number {
    return this.#last.place;
  }

  /** Looks at the next link. @returns false once the chain is broken. */
  follow({ place, entryId, hash, entry }: FoundSeal): boolean {
    if (this.#broken) return false;
    if (place !== this.#last.place + 1) {
      this.#broken = { entryId, detail: `Links ${this.#last.place + 1} to ${place - 1} of the chain are missing.` };
    } else if (!entry) {
      this.#broken = { entryId, detail: `Entry ${entryId} is gone.` };
    } else if (hashOf(this.#last.hash, entry, this.#hash) !== hash) {
      this.#broken = { entryId, detail: `Entry ${entryId} is not what was sealed: it or its link was changed.` };
    } else this.#last = { place, hash };
    return this.#broken === null;
  }

  /**
   * What is wrong, now that all links were looked at; null when nothing is.
   * @param head where the chain ends according to what is kept apart from it; it may have grown since.
   */
  end(head: ChainHead | null): Break | null {
    if (this.#broken) return this.#broken;
    const { place, hash } = head ?? NOTHING;
    if (place > this.#last.place) {
      return { entryId: null, detail: `The last ${place - this.#last.place} link(s) of the chain are gone.` };
    }
    if (place === this.#last.place && hash !== this.#last.hash) {
      return { entryId: null, detail: 'The chain ends in another link than was noted.' };
    }
    return null;
  }
}
