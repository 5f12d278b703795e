import { governingNeed, type HandSwitch, type Instant, type PowerEvent } from '../../domain/index.js';
import type { AuditEntry, Clock } from '../shared/ports.js';
import type { LastReading, OutletRecord, Pdu, PowerCommand } from './power-records.js';
import type { PowerSituation, SituatedDevice } from './power-situation.js';
import type { PowerStores, PowerWork } from './power-stores.js';

/** How long the lab waits before it tries again by itself what did not work, and at most. */
const FIRST_RETRY = 5_000;
const LONGEST_RETRY = 60_000;

/** Writes down how commands went, with everything that follows from it, in one transaction. */
export class CommandLedger {
  readonly #work: PowerWork;
  readonly #situation: PowerSituation;
  readonly #clock: Clock;
  /** What was told of the outlets that the lab fails to switch, by problem. */
  readonly #told = new Map<string, ReadonlySet<string>>();

  constructor(work: PowerWork, situation: PowerSituation, clock: Clock) {
    this.#work = work;
    this.#situation = situation;
    this.#clock = clock;
  }

  /** @returns false when it is not there any more: its PDU was removed. */
  save(command: PowerCommand): Promise<boolean> {
    return this.#work.run(async ({ power }) => {
      if ((await power.command(command.id)) === null) return false;
      await power.saveCommand(command);
      return true;
    });
  }

  /**
   * Keeps how commands ended, with audit entries, events and the next try of what failed.
   * @param readings what is known of the PDUs by now; kept in the same transaction.
   */
  async finish(pdu: Pdu, commands: readonly PowerCommand[], readings: readonly LastReading[] = []): Promise<void> {
    const now = this.#clock.now();
    const ids = [...new Set(commands.flatMap(({ deviceId }) => deviceId ?? []))];
    const found = ids.length === 0 ? [] : await this.#situation.devices(now, now, ids);
    const devices = new Map(found.map((device) => [device.id, device]));
    const failures = await this.#work.run(async (stores) => {
      await stores.power.saveReadings(readings);
      const before: number[] = [];
      for (const command of commands) before.push(await this.#finishOne(stores, pdu, command, devices, now));
      return before;
    });
    // Not before it is written: the transaction may run again.
    commands.forEach((command, index) => this.#noteTold(command, failures[index] ?? 0));
  }

  /** Tells that a PDU as a whole is in trouble, or not any more. */
  async tellTrouble(pdu: Pdu, message: string): Promise<void> {
    const at = this.#clock.now();
    await this.#work.run(({ events }) =>
      events.append({
        ...{ type: 'power.trouble', at, actorId: null, concerns: [], pdu: pdu.name, outlet: null, device: null },
        ...{ bookingId: null, before: null, after: null, confirmed: false, message },
      }),
    );
  }

  /** @returns how often in a row the lab had failed to switch that outlet before. */
  async #finishOne(
    stores: PowerStores,
    pdu: Pdu,
    command: PowerCommand,
    devices: ReadonlyMap<number, SituatedDevice>,
    now: Instant,
  ): Promise<number> {
    await stores.power.saveCommand(command);
    if (command.order === 'refresh' || command.outcome === 'dropped') return 0;
    const outlet = await stores.power.outlet(pdu.id, command.outlet);
    const failures = outlet?.failures ?? 0;
    const isNews = command.rule === null || this.#isNews(command, failures);
    if (outlet && command.rule !== null) {
      await stores.power.saveOutlet(retryOf(outlet, command.outcome === 'confirmed', now));
    } else if (outlet?.hand) {
      await stores.power.saveOutlet({ ...outlet, hand: handAfter(outlet.hand, command) });
    }
    const device = devices.get(command.deviceId ?? 0) ?? null;
    await stores.audit.append(entryOf(pdu, command, device, now));
    // Nor is what was so already.
    if (isNews && (command.outcome !== 'confirmed' || command.step !== null)) {
      await stores.events.append(eventOf(pdu, command, device, now));
    }
    return failures;
  }

  /** Of what the lab tries again and again, the first failure is news, and one of another kind. */
  #isNews(command: PowerCommand, failures: number): boolean {
    if (command.outcome === 'confirmed' || failures === 0) return true;
    const told = this.#told.get(outletKey(command));
    // Another process may have told it before this one was there.
    return told !== undefined && !told.has(problemKey(command));
  }

  #noteTold(command: PowerCommand, failures: number): void {
    if (command.rule === null || command.outcome === 'dropped') return;
    const key = outletKey(command);
    if (command.outcome === 'confirmed') this.#told.delete(key);
    else this.#told.set(key, new Set(failures === 0 ? [] : this.#told.get(key)).add(problemKey(command)));
  }
}

const outletKey = ({ pduId, outlet }: PowerCommand): string => `${pduId}/${outlet}`;

const problemKey = ({ problem }: PowerCommand): string => problem?.code ?? '';

/**
 * What counts as done by hand when an order has ended: one that failed changed nothing. Others may have been asked for
 * since, and may fail as well.
 */
const handAfter = (hand: HandSwitch, command: PowerCommand): HandSwitch | null => {
  const before = hand.before ?? null;
  if (hand.at !== command.createdAt || hand.by !== command.actor.name) {
    return { ...hand, before: before && handAfter(before, command) };
  }
  return command.outcome === 'failed' ? before : { ...hand, before: null };
};

const retryOf = (outlet: OutletRecord, worked: boolean, now: Instant): OutletRecord => {
  if (worked) return { ...outlet, failures: 0, retryAt: null };
  const rest = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** Math.min(10, outlet.failures));
  return { ...outlet, failures: outlet.failures + 1, retryAt: now + rest };
};

const outletText = (pdu: Pdu, outlet: number, device: SituatedDevice | null): string =>
  `${pdu.name} outlet ${outlet}${device ? ` (${device.name})` : ''}`;

const howItWent: Readonly<Record<NonNullable<PowerCommand['outcome']>, string>> = {
  confirmed: 'confirmed',
  unconfirmed: 'sent, not confirmed',
  failed: 'failed',
  dropped: 'not needed any more',
};

const entryOf = (pdu: Pdu, command: PowerCommand, device: SituatedDevice | null, at: Instant): AuditEntry => {
  const { id, actor, order, outlet, rule, reason, bookingId, before, after, outcome, problem, step } = command;
  const what = outletText(pdu, outlet, device);
  return {
    ...{ at, actor, action: `power.${order}`, entityType: 'outlet', entityId: `${pdu.id}/${outlet}` },
    entityLabel: what,
    message: `${actor.name} switched ${what} ${order}: ${outcome ? howItWent[outcome] : ''}`,
    metadata: {
      ...{
        pdu: pdu.name,
        outlet,
        deviceId: command.deviceId,
        bookingId,
        rule,
        reason,
        before,
        after,
        outcome,
        problem,
      },
      ...{ commandId: id, confirmed: outcome === 'confirmed', sent: step !== null },
    },
  };
};

const eventOf = (pdu: Pdu, command: PowerCommand, device: SituatedDevice | null, at: Instant): PowerEvent => {
  const { actor, outlet, reason, before, after, outcome, problem } = command;
  const booking = device && governingNeed(device.needs, at)?.booking;
  return {
    type: outcome === 'confirmed' ? 'power.changed' : 'power.trouble',
    ...{ at, actorId: actor.id, pdu: pdu.name, outlet, before, after, confirmed: outcome === 'confirmed' },
    concerns: booking ? [...new Set([booking.ownerId, ...booking.collaboratorIds])] : [],
    device: device && { id: device.id, name: device.name },
    bookingId: booking?.bookingId ?? command.bookingId,
    message: problem?.detail ?? reason,
  };
};
