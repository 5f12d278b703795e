import {
  afterFailure,
  closedBreaker,
  DomainError,
  FAILURES_TO_OPEN,
  mayAsk,
  type Breaker,
} from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import type { PduIdentity, PduLink, PduLinks } from './ports.js';
import type { Pdu } from './power-records.js';
import type { CredentialVault } from './power-stores.js';

/** What a PDU that is not there, or talks nonsense, is reported as; everything else is an answer. */
const SILENCE = new Set(['pdu.unreachable', 'pdu.malformed-reply', 'pdu.closed']);

/** Serial numbers tell two units apart; without them, what kind of unit it is. */
const isSame = (a: PduIdentity, b: PduIdentity): boolean =>
  a.serialNumber !== null && b.serialNumber !== null
    ? a.serialNumber === b.serialNumber
    : a.model === b.model && a.manufacturer === b.manufacturer;

const unitText = ({ manufacturer, model, serialNumber }: PduIdentity): string =>
  [manufacturer, model, serialNumber === null ? null : `serial ${serialNumber}`].filter((part) => part).join(' ') ||
  'an unnamed unit';

/** The connection to one PDU: opened when needed, left alone while nobody answers, and sure of whom it speaks with. */
export class PduLine {
  readonly #pdu: Pdu;
  readonly #links: PduLinks;
  readonly #vault: CredentialVault;
  readonly #clock: Clock;
  #registered: PduIdentity | null;
  #link: PduLink | null = null;
  #breaker: Breaker = closedBreaker;

  constructor(pdu: Pdu, links: PduLinks, vault: CredentialVault, clock: Clock) {
    this.#pdu = pdu;
    this.#links = links;
    this.#vault = vault;
    this.#clock = clock;
    this.#registered = pdu.identity;
  }

  /** Whether so many questions in a row were not answered that the PDU counts as gone. */
  get isGone(): boolean {
    return this.#breaker.failures >= FAILURES_TO_OPEN;
  }

  mayAsk(): boolean {
    return mayAsk(this.#breaker, this.#clock.now());
  }

  /**
   * Asks the PDU something.
   * @param insist also while it is left alone, because something was sent and its effect must be known.
   * @throws DomainError as `PduLink` says, or `pdu.unreachable` without asking while the PDU is left alone.
   */
  async ask<Answer>(question: (link: PduLink) => Promise<Answer>, insist = false): Promise<Answer> {
    if (!insist && !this.mayAsk()) throw this.#leftAlone();
    try {
      this.#link ??= this.#open();
      const answer = await question(this.#link);
      this.#breaker = closedBreaker;
      return answer;
    } catch (error) {
      const problem = error instanceof DomainError ? error : this.#broken(error);
      if (SILENCE.has(problem.code)) {
        this.#breaker = afterFailure(this.#breaker, this.#clock.now());
        this.close();
      }
      throw problem;
    }
  }

  /** Forgets past failures: somebody says that it is worth another try. */
  tryAgain(): void {
    this.#breaker = closedBreaker;
    this.close();
  }

  /**
   * The unit that answers is the one that is registered, or from now on.
   * @returns whether it was registered just now.
   * @throws DomainError `pdu.different-device`.
   */
  meet(answering: PduIdentity): boolean {
    if (this.#registered === null) {
      this.#registered = answering;
      return true;
    }
    if (isSame(this.#registered, answering)) return false;
    const { name, host } = this.#pdu;
    throw new DomainError(
      'unavailable',
      'pdu.different-device',
      `${host} answers as ${unitText(answering)}, but ${name} is ${unitText(this.#registered)}. ` +
        'Nothing is switched there. Check the address; if the unit was exchanged, delete the PDU and add it again.',
    );
  }

  close(): void {
    this.#link?.close();
    this.#link = null;
  }

  #open(): PduLink {
    const { driver, host, port, credentials } = this.#pdu;
    return this.#links.open({ driver, host, port, credentials: this.#vault.open(credentials) });
  }

  #broken(cause: unknown): DomainError {
    const error = new DomainError('unavailable', 'pdu.failed', `${this.#pdu.name}: its driver failed.`);
    error.cause = cause;
    return error;
  }

  #leftAlone(): DomainError {
    const { name, host, port } = this.#pdu;
    return new DomainError(
      'unavailable',
      'pdu.unreachable',
      `${name} (${host}:${port}) has not answered ${this.#breaker.failures} times in a row and is left alone for a moment. ` +
        'Check its power, its network, the address and the credentials.',
    );
  }
}
