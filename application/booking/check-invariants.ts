import { violationsIn, type BookingPolicy, type Violation } from '../../domain/index.js';
import type { CensusTaker } from './ports.js';

/** How many bookings were looked at, and every invariant that they break. */
export interface InvariantReport {
  /** How many bookings were looked at. */
  readonly bookings: number;
  readonly violations: readonly Violation[];
}

/** Holds the records against the invariants. For operators, and for every test that lets people race. */
export class CheckInvariants {
  readonly #census: CensusTaker;
  readonly #policy: BookingPolicy;

  constructor(census: CensusTaker, policy: BookingPolicy) {
    this.#census = census;
    this.#policy = policy;
  }

  /** Reads everything as of one moment and changes nothing; an empty list says that all invariants hold. */
  async execute(): Promise<InvariantReport> {
    const census = await this.#census.take();
    return { bookings: census.bookings.length, violations: violationsIn(census, this.#policy) };
  }
}
