/** How long a transaction may outlive the server process that asked for it, in milliseconds. */
const AFTERLIFE = 1000;

/**
 * One request that changes something. Times are those of `performance.now()`; what was done lies between `sent` and
 * `ended`, whatever order the requests of several clients were carried out in.
 */
export class Deed {
  /** What was there from the beginning. */
  static readonly beforeAll = Deed.#atTheBeginning();

  readonly sent = performance.now();
  #ended = Infinity;
  #fate: 'under way' | 'done' | 'refused' | 'unsure' = 'under way';

  /** It was acknowledged. */
  done(): void {
    this.#end('done', performance.now());
  }

  /** It was refused, or reached nobody: nothing of it may be found. */
  refused(): void {
    this.#end('refused', performance.now());
  }

  /** The connection broke before an answer came: it may have happened, but as a whole. */
  unsure(): void {
    this.#end('unsure', performance.now() + AFTERLIFE);
  }

  get isDone(): boolean {
    return this.#fate === 'done';
  }

  get isRefused(): boolean {
    return this.#fate === 'refused';
  }

  get ended(): number {
    return this.#ended;
  }

  /** Whether it was acknowledged by then. */
  surelyBy(moment: number): boolean {
    return this.#fate === 'done' && this.#ended <= moment;
  }

  /** Whether it can have happened by then. */
  maybeBy(moment: number): boolean {
    return this.#fate !== 'refused' && this.sent <= moment;
  }

  /** Whether all of it was over before the other began. */
  before(other: Deed): boolean {
    return this.#ended < other.sent;
  }

  static #atTheBeginning(): Deed {
    const deed = new Deed();
    deed.done();
    return deed;
  }

  #end(fate: 'done' | 'refused' | 'unsure', moment: number): void {
    if (this.#fate !== 'under way') throw new Error(`a deed that was ${this.#fate} cannot become ${fate}`);
    this.#fate = fate;
    this.#ended = moment;
  }
}
