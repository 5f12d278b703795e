import type {
  OutletReading,
  PduAddress,
  PduIdentity,
  PduLink,
  PduLinks,
  PduReading,
} from '../../../application/index.js';
import { invalid } from '../../../domain/index.js';
import * as refusals from '../refusals.js';
import type { SimulatedPdu } from './simulated-pdu.js';

/** Reaches simulated PDUs in this process, by their names as hosts. */
export class SimulatedLinks implements PduLinks {
  readonly #pdus: ReadonlyMap<string, SimulatedPdu>;

  constructor(pdus: ReadonlyMap<string, SimulatedPdu>) {
    this.#pdus = pdus;
  }

  open({ driver, host }: PduAddress): PduLink {
    if (driver !== 'simulated') throw invalid('pdu.unknown-driver', `There is no simulated driver "${driver}".`);
    return new SimulatedLink(host, () => this.#pdus.get(host));
  }
}

class SimulatedLink implements PduLink {
  readonly #host: string;
  readonly #find: () => SimulatedPdu | undefined;
  #closed = false;

  constructor(host: string, find: () => SimulatedPdu | undefined) {
    this.#host = host;
    this.#find = find;
  }

  identify(): Promise<PduIdentity> {
    return this.#ask((pdu) => pdu.identity);
  }

  read(): Promise<PduReading> {
    return this.#ask((pdu) => pdu.read());
  }

  outlet(number: number): Promise<OutletReading> {
    return this.#ask((pdu) => this.#found(pdu, number));
  }

  set(number: number, to: 'on' | 'off'): Promise<void> {
    return this.#ask((pdu) => {
      if (!this.#found(pdu, number).switchable) throw refusals.notSwitchable(this.#host, number);
      if (pdu.fault === 'read-only') throw refusals.refusedWrite(this.#host);
      pdu.order(number, to);
      if (pdu.fault === 'lost-answers') throw refusals.unanswered(this.#host);
    });
  }

  close(): void {
    this.#closed = true;
  }

  #found(pdu: SimulatedPdu, number: number): OutletReading {
    const outlet = pdu.outlet(number);
    if (!outlet) throw refusals.noSuchOutlet(this.#host, number, pdu.numbers);
    return outlet;
  }

  async #ask<T>(work: (pdu: SimulatedPdu) => T): Promise<T> {
    // An answer never comes at once.
    await Promise.resolve();
    if (this.#closed) throw refusals.closed(this.#host);
    const pdu = this.#find();
    if (!pdu || pdu.fault === 'silent') throw refusals.unreachable(this.#host, refusals.SILENCE);
    return work(pdu);
  }
}
