import type { OutletReading, PduAddress, PduIdentity, PduLink, PduLinks, PduReading } from '../../application/index.js';
import { DomainError, invalid, type OutletState } from '../../domain/index.js';

/** What a person is asked to do at gear that nothing can switch. */
export interface ManualRequest {
  /** The name under which the gear was entered as a host. */
  readonly pdu: string;
  readonly outlet: number;
  readonly to: 'on' | 'off';
}

interface Known {
  state: OutletState;
  wished: 'on' | 'off' | null;
}

const MOST_OUTLETS = 999;

const noSuchOutlet = (pdu: string, number: number) =>
  new DomainError('unavailable', 'pdu.no-such-outlet', `${pdu} has no outlet ${number}: they are numbered from 1.`);

const closed = (pdu: string) => new DomainError('unavailable', 'pdu.closed', `The conversation about ${pdu} is over.`);

/**
 * Gear that only people can switch: whoever wants it switched has a person asked, and the outlet is on its way until
 * somebody says what it is. What nobody has said anything of is unknown.
 */
export class ManualLinks implements PduLinks {
  readonly #ask: (request: ManualRequest) => void;
  readonly #pdus = new Map<string, Map<number, Known>>();

  /** @param ask tells people what to do; it must not wait for them. */
  constructor(ask: (request: ManualRequest) => void) {
    this.#ask = ask;
  }

  open({ driver, host }: PduAddress): PduLink {
    if (driver !== 'manual') throw invalid('pdu.unknown-driver', `There is no manual driver "${driver}".`);
    if (host.trim() === '') throw invalid('pdu.bad-address', 'Manual gear needs a name as its host.');
    return new ManualLink(host, this.#outletsOf(host), this.#ask);
  }

  /** A person says what an outlet is. */
  said(pdu: string, outlet: number, state: 'on' | 'off'): void {
    this.#outletsOf(pdu).set(outlet, { state, wished: null });
  }

  /** What people have been asked and have not answered. */
  unanswered(): ManualRequest[] {
    return [...this.#pdus].flatMap(([pdu, outlets]) =>
      [...outlets].flatMap(([outlet, { wished }]) => (wished === null ? [] : [{ pdu, outlet, to: wished }])),
    );
  }

  #outletsOf(pdu: string): Map<number, Known> {
    const known = this.#pdus.get(pdu);
    if (known) return known;
    const outlets = new Map<number, Known>();
    this.#pdus.set(pdu, outlets);
    return outlets;
  }
}

class ManualLink implements PduLink {
  readonly #pdu: string;
  readonly #outlets: Map<number, Known>;
  readonly #ask: (request: ManualRequest) => void;
  #closed = false;

  constructor(pdu: string, outlets: Map<number, Known>, ask: (request: ManualRequest) => void) {
    this.#pdu = pdu;
    this.#outlets = outlets;
    this.#ask = ask;
  }

  identify(): Promise<PduIdentity> {
    return this.#answer(() => this.#identity());
  }

  /** Outlets of which somebody has wanted or said something. */
  read(): Promise<PduReading> {
    return this.#answer(() => ({
      identity: this.#identity(),
      outlets: [...this.#outlets.keys()].sort((a, b) => a - b).map((number) => this.#reading(number)),
      watts: null,
      kilowattHours: null,
      amperes: null,
      celsius: null,
      relativeHumidity: null,
    }));
  }

  outlet(number: number): Promise<OutletReading> {
    return this.#answer(() => this.#reading(number));
  }

  /** Asks a person. */
  set(number: number, to: 'on' | 'off'): Promise<void> {
    return this.#answer(() => {
      const { state } = this.#reading(number);
      if (state === to) return;
      this.#outlets.set(number, { state: 'transitioning', wished: to });
      this.#ask({ pdu: this.#pdu, outlet: number, to });
    });
  }

  close(): void {
    this.#closed = true;
  }

  #identity(): PduIdentity {
    return { driver: 'manual', manufacturer: null, model: null, serialNumber: null, firmware: null };
  }

  #reading(number: number): OutletReading {
    if (!Number.isInteger(number) || number < 1 || number > MOST_OUTLETS) throw noSuchOutlet(this.#pdu, number);
    const state = this.#outlets.get(number)?.state ?? 'unknown';
    return { number, name: null, state, watts: null, switchable: true };
  }

  async #answer<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (this.#closed) throw closed(this.#pdu);
    return work();
  }
}
