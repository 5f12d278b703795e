import {
  assertMay,
  DomainError,
  governingNeed,
  inWords,
  invalid,
  nameKey,
  notFound,
  may,
  type Actor,
  type HandSwitch,
  type OutletState,
} from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock, Pauses } from '../shared/ports.js';
import type { PowerAccess } from './power-access.js';
import type { PowerDesk } from './power-desk.js';
import { blankOutlet, type Pdu, type PowerCommand, type PowerOrder } from './power-records.js';
import type { PowerSituation, SituatedDevice } from './power-situation.js';
import type { PowerView, PowerWork } from './power-stores.js';

/** How long somebody waits for an outcome before they are told that it is under way, and between two looks. */
const PATIENCE = 25_000;
const BETWEEN_LOOKS = 100;

/** Of so many orders of one outlet that wait at once, each may fail and what was before it counts again. */
const MOST_BEFORE = 16;

export const ORDERS = ['on', 'off'] as const;

/** @throws DomainError `pdu.not-found`. */
export const pduNamed = async (view: Pick<PowerView, 'pdus'>, name: string): Promise<Pdu> => {
  const pdu = (await view.pdus()).find((known) => nameKey(known.name) === nameKey(name));
  if (!pdu) throw notFound('pdu.not-found', 'PDU not found');
  return pdu;
};

/**
 * Switches outlets for people. What they ask is written down and worked off by the process that drives the PDUs; whoever
 * asked waits for the outcome.
 */
export class OrderPower {
  readonly #work: PowerWork;
  readonly #view: PowerView;
  readonly #situation: PowerSituation;
  readonly #access: PowerAccess;
  readonly #desk: PowerDesk;
  readonly #clock: Clock;
  readonly #pauses: Pauses;

  constructor({ view, work, situation, access, desk }: PowerParts, clock: Clock, pauses: Pauses) {
    this.#view = view;
    this.#work = work;
    this.#situation = situation;
    this.#access = access;
    this.#desk = desk;
    this.#clock = clock;
    this.#pauses = pauses;
  }

  /**
   * Switches an outlet and waits until the PDU says that it is so.
   * @param word `on` or `off` in any case.
   * @returns the state as it was read back.
   * @throws DomainError `pdu.not-found`, `outlet.not-found`, `power.unknown-status`, `permission.denied`; of kind
   * `unavailable`: what the PDU could not do, or `power.unconfirmed`.
   */
  async switch(actor: Actor, pduName: string, outlet: number, word: string): Promise<OutletState> {
    const order = ORDERS.find((known) => known === word.trim().toLowerCase());
    if (!order) {
      throw invalid('power.unknown-status', `'${word.slice(0, 40)}' is not a status. Allowed: ${inWords(ORDERS)}.`);
    }
    const command = await this.#place(actor, pduName, outlet, order);
    return granted(await this.#outcomeOf(command)).after ?? order;
  }

  /** Off, a rest, and on again. @returns at once, with the job that does it: see `job`. */
  async cycle(actor: Actor, pduName: string, outlet: number): Promise<PowerCommand> {
    const command = await this.#place(actor, pduName, outlet, 'cycle');
    await this.#desk.tick();
    return command;
  }

  /** Asks the PDU how things are, for somebody who may see it. @throws DomainError `pdu.not-found`, or of kind `unavailable` why it does not say. */
  async refresh(actor: Actor, pduName: string): Promise<Pdu> {
    const pdu = await pduNamed(this.#view, pduName);
    granted(await this.#outcomeOf(await this.#add(actor, pdu, 0, 'refresh', null)));
    return pdu;
  }

  /** As `refresh`, for those who look after devices: also tries a PDU anew that was left alone. */
  async connect(actor: Actor, pduName: string): Promise<Pdu> {
    assertMay(actor, 'devices:write');
    return this.refresh(actor, pduName);
  }

  /** @throws DomainError `power.no-such-job` also for what somebody else asked, unless the actor may read devices. */
  async job(actor: Actor, id: number): Promise<PowerCommand> {
    // Between off and on nobody waits for a cycle but those who ask how it is.
    await this.#desk.tick();
    const command = await this.#view.command(id);
    if (command && (command.actor.id === actor.id || may(actor, 'devices:read'))) return command;
    throw notFound('power.no-such-job', 'Job not found');
  }

  async #place(actor: Actor, pduName: string, outlet: number, order: PowerOrder): Promise<PowerCommand> {
    const pdu = await pduNamed(this.#view, pduName).catch((error: unknown) => {
      // Who may see no PDU is not told which there are.
      this.#access.assertReads(actor);
      throw error;
    });
    const now = this.#clock.now();
    const [records, readings] = await Promise.all([this.#view.outlets({ pduIds: [pdu.id] }), this.#view.readings()]);
    const deviceId = records.find(({ number }) => number === outlet)?.deviceId ?? null;
    const [device = null] = deviceId === null ? [] : await this.#situation.devices(now, now, [deviceId]);
    this.#access.assertSwitches(actor, device, now);
    const reading = readings.find(({ pduId }) => pduId === pdu.id)?.reading;
    const isManual = pdu.driver === 'manual';
    // Manual gear has whatever outlets people speak of.
    if (!isManual && reading && reading.outlets.length > 0 && !reading.outlets.some(({ number }) => number === outlet))
      throw noSuchOutlet(pdu, outlet);
    // Of gear that nothing can switch, those who look after it say what they did; others ask them to.
    const isSaid = isManual && may(actor, 'devices:write') && (order === 'on' || order === 'off');
    if (!isSaid) return this.#add(actor, pdu, outlet, order, device);
    const before = reading?.outlets.find(({ number }) => number === outlet)?.state ?? 'unknown';
    return this.#add(actor, pdu, outlet, order, device, { to: order, before });
  }

  #add(
    actor: Actor,
    pdu: Pdu,
    outlet: number,
    order: PowerOrder,
    device: SituatedDevice | null,
    said: { readonly to: 'on' | 'off'; readonly before: OutletState } | null = null,
  ): Promise<PowerCommand> {
    const now = this.#clock.now();
    const bookingId = (device && governingNeed(device.needs, now)?.booking.bookingId) ?? null;
    return this.#work.run(async ({ power }) => {
      if (order !== 'refresh') {
        const record = (await power.outlet(pdu.id, outlet)) ?? blankOutlet(pdu.id, outlet);
        const to = order === 'off' ? 'off' : 'on';
        // It counts from the moment of asking, so that the lab does not switch against it meanwhile.
        const hand = { to, at: now, by: actor.username, bookingId, before: record.hand } as const;
        await power.saveOutlet({ ...record, hand: lastOf(hand, MOST_BEFORE) });
      }
      const command = await power.addCommand({
        ...{ pduId: pdu.id, outlet, order, deviceId: device?.id ?? null, bookingId, createdAt: now },
        ...{ actor: auditActorOf(actor), rule: null, reason: `${actor.username} asked for it` },
      });
      if (!said) return command;
      await power.say({ pduId: pdu.id, number: outlet, to: said.to, by: actor.username, at: now });
      // Whoever says it has done it: nothing is left but to read it back.
      const done: PowerCommand = { ...command, state: 'sent', before: said.before, sentAt: now };
      await power.saveCommand(done);
      return done;
    });
  }

  /** The command when it is done, or as it is when that takes longer than anybody waits. */
  async #outcomeOf({ id, pduId }: PowerCommand): Promise<PowerCommand | null> {
    for (let waited = 0; ; waited += BETWEEN_LOOKS) {
      await this.#desk.tick();
      const command = await this.#view.command(id);
      if (!command || command.state === 'done' || waited >= PATIENCE) return command;
      const turn = this.#desk.turnOf(pduId)?.catch(() => undefined);
      await Promise.race([this.#pauses.wait(BETWEEN_LOOKS), ...(turn ? [turn] : [])]);
    }
  }
}

/** What orders and views of power share. */
export interface PowerParts {
  readonly view: PowerView;
  readonly work: PowerWork;
  readonly situation: PowerSituation;
  readonly access: PowerAccess;
  readonly desk: PowerDesk;
}

/** With no more than so many of those before it. */
const lastOf = (hand: HandSwitch, most: number): HandSwitch => ({
  ...hand,
  before: hand.before && most > 0 ? lastOf(hand.before, most - 1) : null,
});

export const noSuchOutlet = ({ name }: Pdu, number: number) =>
  notFound('outlet.not-found', `${name} has no outlet ${number}.`);

const granted = (command: PowerCommand | null): PowerCommand => {
  if (!command) throw notFound('pdu.not-found', 'PDU not found');
  const { state, outcome, problem, id } = command;
  if (outcome === 'confirmed') return command;
  if (problem?.code === 'pdu.no-such-outlet') throw notFound('outlet.not-found', problem.detail);
  if (problem) throw new DomainError('unavailable', problem.code, problem.detail, { job_id: id, outcome });
  throw new DomainError(
    'unavailable',
    'power.under-way',
    `This takes longer than usual; job ${id} tells how it ends.`,
    { job_id: id, state },
  );
};
