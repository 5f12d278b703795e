import type { PduAddress, PduLink, PduLinks } from './ports.js';

/** Reaches each PDU by the way that its driver names, and all others by the usual one. */
export class LinksByDriver implements PduLinks {
  readonly #ways: ReadonlyMap<string, PduLinks>;
  readonly #usual: PduLinks;

  /** @param ways by the name of the driver. */
  constructor(ways: ReadonlyMap<string, PduLinks>, usual: PduLinks) {
    this.#ways = ways;
    this.#usual = usual;
  }

  open(address: PduAddress): PduLink {
    return (this.#ways.get(address.driver) ?? this.#usual).open(address);
  }
}
