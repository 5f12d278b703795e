import type { Instant } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import type { DriveLease } from './drive-lease.js';
import type { FollowBookings } from './follow-bookings.js';
import type { HealthBulletin } from './health-bulletin.js';
import { PduLane, type LaneParts } from './pdu-lane.js';
import { boundNameOf, type LastReading, type Pdu } from './power-records.js';
import type { PowerView, PowerWork } from './power-stores.js';

/** At least so often it is looked whether power is as the bookings want it, in milliseconds. */
const FOLLOW_EVERY = 2_000;

/**
 * Drives all PDUs, in the one process that holds the lease: a lane for each of them, so that none waits for another.
 * Other processes hand over by writing commands down.
 */
export class PowerDesk {
  readonly #view: PowerView;
  readonly #work: PowerWork;
  readonly #lease: DriveLease;
  readonly #follow: FollowBookings;
  readonly #health: HealthBulletin;
  readonly #clock: Clock;
  readonly #parts: LaneParts;
  readonly #report: (error: unknown) => void;
  readonly #lanes = new Map<number, { readonly pdu: Pdu; readonly lane: PduLane }>();
  readonly #unkept = new Map<number, LastReading>();
  #keeping: Promise<void> = Promise.resolve();
  #ticking: Promise<void> | null = null;
  #followAt: Instant | null = null;
  #isClosed = false;

  constructor(
    parts: Omit<LaneParts, 'keep' | 'observed' | 'register' | 'bind'>,
    work: PowerWork,
    follow: FollowBookings,
    health: HealthBulletin,
    report: (error: unknown) => void,
  ) {
    this.#view = parts.view;
    this.#work = work;
    this.#lease = parts.lease;
    this.#follow = follow;
    this.#health = health;
    this.#clock = parts.clock;
    this.#report = report;
    this.#parts = {
      ...parts,
      keep: (reading) => {
        this.#unkept.set(reading.pduId, reading);
        this.#keeping = this.#keeping.then(() => this.#keepAll()).catch(report);
      },
      observed: (reading) => {
        this.#keeping = this.#keeping.then(() => this.#health.tell(reading)).catch(report);
      },
      register: (pdu, identity) => this.#work.run(({ power }) => power.setIdentity(pdu.id, identity)),
      bind: (pdu, outlets) =>
        this.#work.run(async ({ power }) => {
          for (const record of await power.outlets({ pduIds: [pdu.id] })) {
            const name = outlets.find(({ number }) => number === record.number)?.name ?? null;
            if (record.deviceId === null || record.boundName !== null || name === null) continue;
            await power.saveOutlet({ ...record, boundName: boundNameOf(name) });
          }
        }),
    };
  }

  /** Starts what is due and returns; what it started goes on. Two at once are one. */
  tick(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#ticking ??= this.#tick().finally(() => {
      this.#ticking = null;
    });
    return this.#ticking;
  }

  /** What is under way at that PDU; null when nothing is, or when another process drives. */
  turnOf(pduId: number): Promise<void> | null {
    return this.#lanes.get(pduId)?.lane.turn ?? null;
  }

  /** Resolves when nothing is under way any more. */
  async quiet(): Promise<void> {
    await Promise.allSettled([...this.#lanes.values()].map(({ lane }) => lane.turn ?? Promise.resolve()));
    await this.#keeping;
  }

  /** Lets what is under way end, and starts nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#ticking?.catch(this.#report);
    await this.quiet();
    for (const { lane } of this.#lanes.values()) lane.close();
    this.#lanes.clear();
    // Not given back, it is over soon.
    await this.#lease.release().catch(this.#report);
  }

  async #tick(): Promise<void> {
    if (!(await this.#lease.keep())) {
      // Whoever has it now finishes what was begun here.
      await this.quiet();
      for (const id of [...this.#lanes.keys()]) this.#drop(id);
      return;
    }
    this.#sync(await this.#view.pdus());
    await this.#followBookings();
    const open = await this.#view.openCommands();
    for (const { pdu, lane } of this.#lanes.values()) {
      const own = open.filter(({ pduId }) => pduId === pdu.id);
      if (lane.turn === null && lane.isDue(own)) lane.work().catch(this.#report);
    }
  }

  async #followBookings(): Promise<void> {
    const now = this.#clock.now();
    if (this.#followAt !== null && this.#followAt > now && this.#followAt - now <= FOLLOW_EVERY) return;
    const { next } = await this.#follow.execute();
    this.#followAt = Math.min(now + FOLLOW_EVERY, next ?? Number.MAX_SAFE_INTEGER);
  }

  /** A lane for each PDU as it is registered now. */
  #sync(pdus: readonly Pdu[]): void {
    const known = new Map(pdus.map((pdu) => [pdu.id, pdu]));
    for (const [id, { pdu }] of [...this.#lanes]) {
      if (known.get(id)?.credentials !== pdu.credentials) this.#drop(id);
    }
    for (const pdu of pdus) {
      if (!this.#lanes.has(pdu.id)) this.#lanes.set(pdu.id, { pdu, lane: new PduLane(pdu, this.#parts) });
    }
  }

  #drop(id: number): void {
    this.#lanes.get(id)?.lane.close();
    this.#lanes.delete(id);
    this.#unkept.delete(id);
    this.#health.forget(id);
  }

  /** All readings that came since the last time, in one transaction. */
  async #keepAll(): Promise<void> {
    const readings = [...this.#unkept.values()].filter(({ pduId }) => this.#lanes.has(pduId));
    this.#unkept.clear();
    if (readings.length === 0) return;
    await this.#work.run(({ power }) => power.saveReadings(readings));
    for (const reading of readings) await this.#health.tell(reading);
  }
}
