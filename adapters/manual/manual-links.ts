import type {
  Clock,
  OutletReading,
  OutletWord,
  PduAddress,
  PduIdentity,
  PduLink,
  PduLinks,
  PduReading,
  PowerView,
  PowerWork,
} from '../../application/index.js';
import { DomainError, invalid } from '../../domain/index.js';

/** What a person is asked to do at gear that nothing can switch. */
export interface ManualRequest {
  /** The name under which the gear was entered as a host. */
  readonly pdu: string;
  readonly outlet: number;
  readonly to: 'on' | 'off';
}

/** What manual gear is known by. */
export interface ManualParts {
  readonly view: Pick<PowerView, 'pdus' | 'words'>;
  readonly work: PowerWork;
  readonly clock: Clock;
  /** Tells people what to do; it must not wait for them. */
  readonly ask: (request: ManualRequest) => void;
}

const MOST_OUTLETS = 999;

const noSuchOutlet = (pdu: string, number: number) =>
  new DomainError('unavailable', 'pdu.no-such-outlet', `${pdu} has no outlet ${number}: they are numbered from 1.`);

const closed = (pdu: string) => new DomainError('unavailable', 'pdu.closed', `The conversation about ${pdu} is over.`);

const identity: PduIdentity = {
  ...{ driver: 'manual', manufacturer: null, model: null, serialNumber: null, firmware: null },
};

const readingOf = (number: number, word: OutletWord | undefined): OutletReading => {
  const said = word?.by === null ? 'transitioning' : word?.to;
  return { number, name: null, state: said ?? 'unknown', watts: null, switchable: true };
};

/**
 * Gear that only people can switch: whoever wants it switched has a person asked, and the outlet is on its way until
 * somebody says what it is. What nobody has said anything of is unknown. All of it is in the lab's own database, so that
 * whichever process drives knows what was said at another, or before it was there.
 */
export class ManualLinks implements PduLinks {
  readonly #parts: ManualParts;

  constructor(parts: ManualParts) {
    this.#parts = parts;
  }

  open({ driver, host, port }: PduAddress): PduLink {
    if (driver !== 'manual') throw invalid('pdu.unknown-driver', `There is no manual driver "${driver}".`);
    if (host.trim() === '') throw invalid('pdu.bad-address', 'Manual gear needs a name as its host.');
    return new ManualLink(host, port, this.#parts);
  }
}

class ManualLink implements PduLink {
  readonly #host: string;
  readonly #port: number;
  readonly #parts: ManualParts;
  #isClosed = false;

  constructor(host: string, port: number, parts: ManualParts) {
    this.#host = host;
    this.#port = port;
    this.#parts = parts;
  }

  async identify(): Promise<PduIdentity> {
    await this.#pduId();
    return identity;
  }

  /** Outlets of which somebody has wanted or said something. */
  async read(): Promise<PduReading> {
    const words = await this.#words();
    return {
      identity,
      outlets: words.map((word) => readingOf(word.number, word)),
      ...{ watts: null, kilowattHours: null, amperes: null, celsius: null, relativeHumidity: null },
    };
  }

  async outlet(number: number): Promise<OutletReading> {
    this.#assertThere(number);
    const words = await this.#words();
    return readingOf(
      number,
      words.find((word) => word.number === number),
    );
  }

  /** Asks a person. */
  async set(number: number, to: 'on' | 'off'): Promise<void> {
    this.#assertThere(number);
    const { work, clock, ask } = this.#parts;
    const pduId = await this.#pduId();
    const wish = { pduId, number, to, at: clock.now() };
    if (await work.run(({ power }) => power.askFor(wish))) ask({ pdu: this.#host, outlet: number, to });
  }

  close(): void {
    this.#isClosed = true;
  }

  async #words(): Promise<OutletWord[]> {
    return this.#parts.view.words(await this.#pduId());
  }

  /** By which the lab knows the gear that was entered at this address. */
  async #pduId(): Promise<number> {
    this.#assertOpen();
    const pdus = await this.#parts.view.pdus();
    this.#assertOpen();
    const pdu = pdus.find(({ host, port }) => host === this.#host && port === this.#port);
    if (!pdu) throw new DomainError('unavailable', 'pdu.not-a-pdu', `${this.#host} is not entered as manual gear.`);
    return pdu.id;
  }

  #assertOpen(): void {
    if (this.#isClosed) throw closed(this.#host);
  }

  #assertThere(number: number): void {
    if (!Number.isInteger(number) || number < 1 || number > MOST_OUTLETS) throw noSuchOutlet(this.#host, number);
  }
}
