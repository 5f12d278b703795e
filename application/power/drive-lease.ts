import type { Instant } from '../../domain/index.js';
import type { Clock, Leases } from '../shared/ports.js';

const LENGTH = 15_000;
const RENEWED_AFTER = 4_000;
/** A SET that leaves now arrives before the lease is over. */
const MARGIN = 3_000;

/** The right to speak with PDUs: one server process has it, so that each PDU hears one voice. */
export class DriveLease {
  readonly #leases: Leases;
  readonly #clock: Clock;
  readonly #holder: string;
  #until: Instant | null = null;
  #askedAt: Instant | null = null;

  constructor(leases: Leases, clock: Clock, holder: string) {
    this.#leases = leases;
    this.#clock = clock;
    this.#holder = holder;
  }

  /** Takes or keeps it. @returns whether this process has it. */
  async keep(): Promise<boolean> {
    const now = this.#clock.now();
    const sinceAsked = this.#askedAt === null ? null : now - this.#askedAt;
    if (sinceAsked !== null && sinceAsked >= 0 && sinceAsked < RENEWED_AFTER && this.isHeld()) return true;
    this.#askedAt = now;
    const granted = await this.#leases.acquire('drive-power', this.#holder, LENGTH, now);
    this.#until = granted ? now + LENGTH : null;
    return granted;
  }

  /** Gives it back, so that whoever comes next need not wait until it is over. */
  async release(): Promise<void> {
    if (this.#until === null) return;
    this.#until = null;
    await this.#leases.release('drive-power', this.#holder);
  }

  /** Whether it is held for long enough to send something. */
  isHeld(): boolean {
    const now = this.#clock.now();
    return this.#until !== null && now < this.#until - MARGIN && this.#until - now <= LENGTH;
  }
}
