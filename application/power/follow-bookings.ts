import { nextChange, setFor, wishesFor, type Instant } from '../../domain/index.js';
import { auditActorOf, SYSTEM } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import type { LastReading, NewPowerCommand, OutletRecord } from './power-records.js';
import type { PowerSituation } from './power-situation.js';
import type { PowerView, PowerWork } from './power-stores.js';

/** The rule that switches by itself, as commands and the history name it. */
export const FOLLOWING = 'power follows the booking';

/** How old a reading may be that something is switched upon; the outlet itself is asked again before. */
const OLDEST_READING = 60_000;

/**
 * Compares what should be so of every outlet with what was last seen, and asks for what is missing. It starts from how
 * things are, not from what happened: after a crash or a day of downtime it comes to the same.
 */
export class FollowBookings {
  readonly #view: PowerView;
  readonly #work: PowerWork;
  readonly #situation: PowerSituation;
  readonly #clock: Clock;

  constructor(view: PowerView, work: PowerWork, situation: PowerSituation, clock: Clock) {
    this.#view = view;
    this.#work = work;
    this.#situation = situation;
    this.#clock = clock;
  }

  /** @returns how many commands it gave, and when something may change next. */
  async execute(): Promise<{ readonly commands: number; readonly next: Instant | null }> {
    const { policy } = this.#situation;
    if (policy.automation === 'suspended') return { commands: 0, next: null };
    const now = this.#clock.now();
    const devices = await this.#situation.devices(now, now + 60_000);
    const [readings, outlets, open] = await Promise.all([
      this.#view.readings(),
      this.#view.outlets({ deviceIds: devices.map(({ id }) => id) }),
      this.#view.openCommands(),
    ]);
    const busy = new Set(open.map(({ pduId, outlet }) => key(pduId, outlet)));
    const known = new Map(readings.map((reading) => [reading.pduId, reading]));
    const records = new Map(outlets.map((outlet) => [key(outlet.pduId, outlet.number), outlet]));
    const commands: NewPowerCommand[] = [];
    const mended: OutletRecord[] = [];
    let next: Instant | null = null;
    for (const device of devices) {
      const change = nextChange(device, now, policy);
      if (change !== null && (next === null || change < next)) next = change;
      for (const [{ pduId, outlet }, { reason, bookingId, ...wish }] of wishesFor(device, now, policy)) {
        const seen = outletIn(known.get(pduId), outlet, now);
        const record = records.get(key(pduId, outlet));
        if (!seen?.switchable || !record || !mayTry(record, now) || busy.has(key(pduId, outlet))) continue;
        const order = setFor({ ...wish, reason, bookingId }, seen.state);
        if (!order) {
          if (record.failures > 0 && wish.action === seen.state) mended.push(record);
          continue;
        }
        commands.push({
          ...{ pduId, outlet, order, reason, bookingId, deviceId: device.id, createdAt: now },
          ...{ actor: auditActorOf(SYSTEM), rule: FOLLOWING },
        });
      }
    }
    if (commands.length + mended.length > 0) {
      await this.#work.run(async ({ power }) => {
        // It came to what it should be without the lab: what fails from now on is news again.
        for (const { pduId, number } of mended) {
          const outlet = await power.outlet(pduId, number);
          if (outlet) await power.saveOutlet({ ...outlet, failures: 0, retryAt: null });
        }
        for (const command of commands) await power.addCommand(command);
      });
    }
    return { commands: commands.length, next };
  }
}

const key = (pduId: number, outlet: number): string => `${pduId}/${outlet}`;

const outletIn = (last: LastReading | undefined, number: number, now: Instant) => {
  if (!last?.reading || last.problem || last.readAt === null) return null;
  // A clock that was set makes a reading look older or younger than it is.
  if (Math.abs(now - last.readAt) > OLDEST_READING) return null;
  return last.reading.outlets.find((outlet) => outlet.number === number) ?? null;
};

const mayTry = ({ retryAt }: OutletRecord, now: Instant): boolean =>
  retryAt === null || retryAt <= now || retryAt - now > OLDEST_READING;
