import {
  DomainError,
  governingNeed,
  hasSlotNow,
  roleCan,
  setFor,
  slotBeganSince,
  wishesFor,
  type Instant,
} from '../../domain/index.js';
import type { Clock, Pauses } from '../shared/ports.js';
import type { CommandLedger } from './command-ledger.js';
import { doneOf, restingOf, sentOf, stepOf } from './command-steps.js';
import type { DriveLease } from './drive-lease.js';
import { PduLine } from './pdu-line.js';
import type { OutletReading, PduIdentity, PduLinks, PduReading } from './ports.js';
import { boundNameOf, type LastReading, type Pdu, type PduProblem, type PowerCommand } from './power-records.js';
import type { PowerSituation } from './power-situation.js';
import type { CredentialVault, PowerView } from './power-stores.js';

/** How a PDU is driven. All times in milliseconds. */
export interface LaneSettings {
  /** Between two readings of a PDU that has nothing to do. */
  readonly poll: number;
  /** How long a PDU may take to show that it switched. */
  readonly settle: number;
  /** Between two outlets that are switched on, so that their inrush currents do not add up. */
  readonly stagger: number;
  /** How long a cycle leaves the outlet off. */
  readonly rest: number;
}

/** How often a PDU is read, and how long is waited around switching, where nothing else is said. */
export const defaultLaneSettings: LaneSettings = { poll: 10_000, settle: 10_000, stagger: 1_000, rest: 10_000 };

/** What driving a PDU takes. */
export interface LaneParts {
  readonly links: PduLinks;
  readonly vault: CredentialVault;
  readonly view: PowerView;
  readonly ledger: CommandLedger;
  readonly situation: PowerSituation;
  readonly lease: DriveLease;
  readonly clock: Clock;
  readonly pauses: Pauses;
  readonly settings: LaneSettings;
  /** Keeps what was read, soon. */
  keep(reading: LastReading): void;
  /** Says what was read and is kept already. */
  observed(reading: LastReading): void;
  /** Keeps which unit answered for the first time. */
  register(pdu: Pdu, identity: PduIdentity): Promise<void>;
  /** Keeps what outlets are called of which nobody knew it when their devices were assigned. */
  bind(pdu: Pdu, outlets: readonly OutletReading[]): Promise<void>;
}

/** A reading younger than this says what is so now. */
const FRESH = 1_000;
/** Between two looks at an outlet that was told to switch: at first, and at most. */
const FIRST_LOOK = 100;
const LONGEST_LOOK = 2_000;
/** No PDU takes longer to answer, or to be given up. */
const LONGEST_ANSWER = 30_000;
/** From so many outlets on, all are read at once. */
const MANY = 3;
/** A cycle has to end with on: how often that is sent while the PDU says that it is still off. */
const MOST_ATTEMPTS = 3;

/** The PDU said that it does not do this: no need to look whether it did. */
const DEFINITE = new Set(['pdu.refused', 'pdu.not-switchable', 'pdu.no-such-outlet', 'pdu.closed', 'pdu.bad-address']);

/** The PDU as a whole cannot be spoken with. */
const WHOLE = new Set(['pdu.unreachable', 'pdu.malformed-reply', 'pdu.not-a-pdu', 'pdu.different-device']);
/** May pass by itself: told as trouble only when it lasts. */
const SILENT = new Set(['pdu.unreachable', 'pdu.malformed-reply']);

/** What a person asked for is done within this time, or not at all: not when they have long gone. */
const LATEST = 120_000;

/** An outlet that was told to switch. */
interface Settling {
  readonly command: PowerCommand;
  /** Counted by waiting, not by the clock, which may be set meanwhile. */
  left: number;
  untilLook: number;
  nextPause: number;
}

const problemOf = (error: unknown): PduProblem => {
  if (!(error instanceof DomainError)) throw error;
  return { code: error.code, detail: error.message };
};

const isPast = (instant: Instant | null, now: Instant, longest: number): boolean =>
  instant === null || instant <= now || instant - now > longest;

/**
 * Drives one PDU: works off its commands one request at a time, writes before reads, and reads it now and then. For each
 * step of a command one SET is sent; what came of it is read back.
 */
export class PduLane {
  readonly #pdu: Pdu;
  readonly #parts: LaneParts;
  readonly #line: PduLine;
  readonly #settling = new Map<number, Settling>();
  #reading: PduReading | null = null;
  #readAt: Instant | null = null;
  /** Why it could not be read the last time. */
  #problem: PduProblem | null = null;
  #nextPoll: Instant | null = null;
  /** When the next outlet may be switched on, by the clock and by waiting: the clock may be set meanwhile. */
  #nextOn: Instant | null = null;
  #waitedForOn = 0;
  #isTroubleTold = false;
  #isBound = false;
  #turn: Promise<void> | null = null;

  constructor(pdu: Pdu, parts: LaneParts) {
    this.#pdu = pdu;
    this.#parts = parts;
    this.#line = new PduLine(pdu, parts.links, parts.vault, parts.clock);
  }

  /** What is under way; null when nothing is. */
  get turn(): Promise<void> | null {
    return this.#turn;
  }

  /** Whether there is something to do for it. */
  isDue(commands: readonly PowerCommand[]): boolean {
    const now = this.#parts.clock.now();
    return isPast(this.#nextPoll, now, this.#parts.settings.poll) || commands.some((command) => this.#isReady(command));
  }

  /** Does all that is due, unless it is at it already. Never rejects for what a PDU does. */
  work(): Promise<void> {
    this.#turn ??= this.#workOff().finally(() => {
      this.#turn = null;
    });
    return this.#turn;
  }

  close(): void {
    this.#line.close();
  }

  async #workOff(): Promise<void> {
    let open = await this.#open();
    for (;;) {
      if (!this.#parts.lease.isHeld()) return;
      for (const command of open) if (command.state === 'sent') this.#settle(command);
      const refreshes = open.filter(({ order }) => order === 'refresh');
      const write = this.#nextWrite(open);
      if (write) {
        const next = await this.#begin(write, open);
        open = open.flatMap((other) => (other.id !== write.id ? other : next.state === 'done' ? [] : [next]));
        continue;
      }
      const pause = this.#untilNext(open);
      if (refreshes.length > 0) await this.#refresh(refreshes);
      else if (pause === null) break;
      else {
        await this.#pass(pause);
        await this.#look();
      }
      open = await this.#open();
    }
    if (isPast(this.#nextPoll, this.#parts.clock.now(), this.#parts.settings.poll)) await this.#poll();
  }

  async #open(): Promise<PowerCommand[]> {
    return (await this.#parts.view.openCommands()).filter(({ pduId }) => pduId === this.#pdu.id);
  }

  #isReady({ state, restUntil }: PowerCommand): boolean {
    return state !== 'resting' || isPast(restUntil, this.#parts.clock.now(), this.#parts.settings.rest);
  }

  /** What may be sent now: off goes first, on keeps its distance; one command at a time for each outlet. */
  #nextWrite(open: readonly PowerCommand[]): PowerCommand | null {
    // What a person did by hand is told before anything else of that outlet, though it was asked for later.
    const busy = new Set(open.filter(({ state }) => state === 'sent').map(({ outlet }) => outlet));
    const ready: PowerCommand[] = [];
    for (const command of open) {
      if (command.order === 'refresh' || busy.has(command.outlet)) continue;
      busy.add(command.outlet);
      if (this.#isReady(command)) ready.push(command);
    }
    const off = ready.find((command) => stepOf(command) === 'off');
    if (off) return off;
    return this.#untilOn() === null ? (ready[0] ?? null) : null;
  }

  /** How long until something can be done again; null when there is nothing to wait for. */
  #untilNext(open: readonly PowerCommand[]): number | null {
    const pauses = [...this.#settling.values()].map(({ untilLook }) => untilLook);
    // One that waits for another of its outlet only goes on when that one is settled.
    const waits = open.some(({ order, state }) => order !== 'refresh' && state !== 'sent');
    const untilOn = waits ? this.#untilOn() : null;
    if (untilOn !== null) pauses.push(untilOn);
    return pauses.length === 0 ? null : Math.min(...pauses);
  }

  /** How long until the next outlet may be switched on; null for now. */
  #untilOn(): number | null {
    const { clock, settings } = this.#parts;
    if (isPast(this.#nextOn, clock.now(), settings.stagger)) return null;
    const left = settings.stagger - this.#waitedForOn;
    return left > 0 ? left : null;
  }

  async #pass(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await this.#parts.pauses.wait(milliseconds);
    this.#spend(milliseconds);
  }

  /** Whoever waits has waited for so long: a PDU that is silent takes as long to be looked at. */
  #spend(time: number): void {
    // A clock that was set is no time that went by.
    const milliseconds = Math.min(LONGEST_ANSWER, Math.max(0, time));
    this.#waitedForOn += milliseconds;
    for (const settling of this.#settling.values()) {
      settling.left -= milliseconds;
      settling.untilLook -= milliseconds;
    }
  }

  /** Everything up to the SET of one step. @returns the command as it is afterwards. */
  async #begin(command: PowerCommand, open: readonly PowerCommand[]): Promise<PowerCommand> {
    const { clock, ledger, lease } = this.#parts;
    const step = stepOf(command);
    if (command.rule === null && command.state === 'waiting' && Math.abs(clock.now() - command.createdAt) > LATEST) {
      return this.#finishOne(doneOf(command, 'failed', this.#stateOf(command.outlet), clock.now(), TOO_LATE));
    }
    let outlet: OutletReading;
    try {
      outlet = await this.#outletNow(command.outlet, open.length >= MANY);
      if (!outlet.switchable) throw notSwitchable(this.#pdu, command.outlet);
      await this.#assertSameOutlet(command, outlet);
    } catch (error) {
      return this.#giveUp(command, problemOf(error));
    }
    if (command.rule !== null && !(await this.#isStillWished(command, outlet))) {
      return this.#finishOne(doneOf(command, 'dropped', outlet.state, clock.now()));
    }
    // Only now: a PDU may take long to answer what was asked of it before.
    if (command.rule === null && command.state === 'waiting' && !(await this.#isStillTheirs(command))) {
      return this.#finishOne(doneOf(command, 'failed', outlet.state, clock.now(), ANOTHERS_SLOT));
    }
    if (outlet.state === step) return this.#already(command, outlet);
    if (!lease.isHeld()) return command;
    const sent = sentOf(command, outlet.state, clock.now());
    if (!(await ledger.save(sent))) return doneOf(command, 'dropped', outlet.state, clock.now());
    if (step === 'on') {
      this.#nextOn = clock.now() + this.#parts.settings.stagger;
      this.#waitedForOn = 0;
    }
    try {
      await this.#line.ask((link) => link.set(command.outlet, step));
    } catch (error) {
      const problem = problemOf(error);
      if (DEFINITE.has(problem.code)) return this.#giveUp(sent, problem);
    }
    this.#settle(sent);
    return sent;
  }

  /** As wanted before anything was sent. */
  async #already(command: PowerCommand, outlet: OutletReading): Promise<PowerCommand> {
    const now = this.#parts.clock.now();
    const seen = { ...command, before: command.before ?? outlet.state };
    if (command.order === 'cycle' && command.state === 'waiting') {
      const resting = restingOf(seen, now);
      await this.#parts.ledger.save(resting);
      return resting;
    }
    return this.#finishOne(doneOf(seen, 'confirmed', outlet.state, now));
  }

  /** A command that cannot be done. A cycle whose outlet may be off is not given up: it leads to on. */
  async #giveUp(command: PowerCommand, problem: PduProblem): Promise<PowerCommand> {
    const { clock, ledger, settings } = this.#parts;
    const mayBeOff = command.order === 'cycle' && command.sentAt !== null && command.state !== 'waiting';
    const hopeless = DEFINITE.has(problem.code) || command.attempts >= MOST_ATTEMPTS;
    if (mayBeOff && !hopeless) {
      const resting = { ...restingOf(command, clock.now() + settings.rest), problem };
      await ledger.save(resting);
      return resting;
    }
    return this.#finishOne(doneOf(command, 'failed', this.#stateOf(command.outlet), clock.now(), problem));
  }

  #settle(command: PowerCommand): void {
    if (this.#settling.get(command.id)?.command.attempts === command.attempts) return;
    const { settle } = this.#parts.settings;
    this.#settling.set(command.id, { command, left: settle, untilLook: FIRST_LOOK, nextPause: FIRST_LOOK });
  }

  /** Looks at the outlets that were told to switch and whose time to be looked at has come. */
  async #look(): Promise<void> {
    const due = [...this.#settling.values()].filter(({ untilLook }) => untilLook <= 0);
    if (due.length === 0) return;
    const began = this.#parts.clock.now();
    const states = await this.#statesOf(due.map(({ command }) => command.outlet));
    this.#spend(this.#parts.clock.now() - began);
    const done: PowerCommand[] = [];
    for (const settling of due) {
      settling.nextPause = Math.min(LONGEST_LOOK, settling.nextPause * 2);
      settling.untilLook = Math.min(settling.nextPause, Math.max(1, settling.left));
      const after = this.#judge(settling, states.get(settling.command.outlet) ?? null);
      if (!after) continue;
      this.#settling.delete(settling.command.id);
      if (after.state === 'done') done.push(after);
      else await this.#parts.ledger.save(after);
    }
    if (done.length > 0) await this.#finish(done);
  }

  /** The outlets as the PDU tells them; without those that it does not tell. */
  async #statesOf(numbers: readonly number[]): Promise<Map<number, OutletReading>> {
    const found = new Map<number, OutletReading>();
    try {
      if (numbers.length >= MANY) {
        const { outlets } = await this.#readAll(true);
        for (const outlet of outlets) found.set(outlet.number, outlet);
        return found;
      }
      for (const number of numbers) found.set(number, await this.#line.ask((link) => link.outlet(number), true));
    } catch (error) {
      problemOf(error);
    }
    return found;
  }

  /** What becomes of a command after a look; null while there is time left. */
  #judge({ command, left }: Settling, seen: OutletReading | null): PowerCommand | null {
    const { clock, settings } = this.#parts;
    const now = clock.now();
    const step = command.step ?? stepOf(command);
    const cycling = command.order === 'cycle' && step === 'off';
    this.#patch(command.outlet, seen);
    // Nothing was sent, a person did it: it counts, though people may have been asked for the contrary since.
    if (command.step === null) return doneOf(command, 'confirmed', step, now);
    if (seen?.state === step) {
      return cycling ? restingOf(command, now + settings.rest) : doneOf(command, 'confirmed', step, now);
    }
    if (left > 0) return null;
    // It may be off or about to be: a cycle goes on to on. One that surely did not begin ends here.
    if (cycling && seen?.state !== 'on') return restingOf(command, now + settings.rest);
    if (command.order === 'cycle' && step === 'on' && command.attempts < MOST_ATTEMPTS) return restingOf(command, now);
    return doneOf(command, 'unconfirmed', seen?.state ?? 'unknown', now, this.#unconfirmed(command, step, seen));
  }

  #unconfirmed(command: PowerCommand, step: 'on' | 'off', seen: OutletReading | null): PduProblem {
    const what = `${this.#pdu.name} outlet ${command.outlet}`;
    const seconds = Math.round(this.#parts.settings.settle / 1000);
    const detail = seen
      ? `${what} was told to switch ${step} and is ${seen.state} ${seconds} s later. Check the outlet and the write access.`
      : `${what} was told to switch ${step}, and the PDU has not answered since. Its state is unknown: check the network.`;
    return { code: 'power.unconfirmed', detail };
  }

  /** Asks for the outlet anew unless it was read a moment ago, and makes sure that it is the right PDU. */
  async #outletNow(number: number, many: boolean): Promise<OutletReading> {
    const age = this.#readAt === null ? null : this.#parts.clock.now() - this.#readAt;
    if (age === null || age < 0 || age >= FRESH) {
      if (!many) {
        await this.#meet(await this.#line.ask((link) => link.identify()));
        const outlet = await this.#line.ask((link) => link.outlet(number));
        this.#patch(number, outlet);
        return outlet;
      }
      await this.#readAll();
    }
    const known = this.#reading?.outlets.find((outlet) => outlet.number === number);
    // Of manual gear a reading has only what people have spoken of.
    if (!known && this.#pdu.driver === 'manual') return this.#line.ask((link) => link.outlet(number));
    if (!known) throw noSuchOutlet(this.#pdu, number);
    return known;
  }

  async #readAll(insist = false): Promise<PduReading> {
    const reading = await this.#line.ask((link) => link.read(), insist);
    await this.#meet(reading.identity);
    if (!this.#isBound) await this.#parts.bind(this.#pdu, reading.outlets);
    this.#isBound = true;
    this.#reading = reading;
    this.#readAt = this.#parts.clock.now();
    this.#problem = null;
    return reading;
  }

  async #meet(identity: PduIdentity): Promise<void> {
    if (this.#line.meet(identity)) await this.#parts.register(this.#pdu, identity);
  }

  async #assertSameOutlet({ deviceId, outlet: number }: PowerCommand, outlet: OutletReading): Promise<void> {
    if (deviceId === null) return;
    const records = await this.#parts.view.outlets({ deviceIds: [deviceId] });
    const record = records.find((known) => known.pduId === this.#pdu.id && known.number === number);
    const bound = record?.boundName ?? null;
    if (bound === null || bound === boundNameOf(outlet.name)) return;
    throw new DomainError(
      'unavailable',
      'outlet.renamed',
      `${this.#pdu.name} outlet ${number} was called '${bound}' when its device was assigned, and is called ` +
        `'${outlet.name ?? ''}' now. Check what is plugged in, and assign the device again.`,
    );
  }

  /** Whether the rule that asked for it would ask for it now: a booking may have come or gone since. */
  async #isStillWished(command: PowerCommand, outlet: OutletReading): Promise<boolean> {
    const { clock, situation } = this.#parts;
    if (command.deviceId === null) return false;
    const now = clock.now();
    const [device] = await situation.devices(now, now, [command.deviceId]);
    if (!device) return false;
    for (const [feed, wish] of wishesFor(device, now, situation.policy)) {
      if (feed.pduId !== this.#pdu.id || feed.outlet !== command.outlet) continue;
      return wish.action === command.order && (setFor(wish, outlet.state) !== null || outlet.state === command.order);
    }
    return false;
  }

  /**
   * Whether whoever asked for it may still have it: it may have waited into the slot of somebody else, for whom nobody
   * meant to switch anything.
   */
  async #isStillTheirs({ actor, outlet, bookingId, order, createdAt }: PowerCommand): Promise<boolean> {
    if (actor.role === null) return true;
    const { clock, situation, view } = this.#parts;
    const records = await view.outlets({ pduIds: [this.#pdu.id] });
    const deviceId = records.find(({ number }) => number === outlet)?.deviceId ?? null;
    const now = clock.now();
    // What it feeds now: the device that it fed may have been moved.
    const [device = null] = deviceId === null ? [] : await situation.devices(now, now, [deviceId]);
    if (device && actor.id !== null && hasSlotNow(device.facts.bookings, actor.id, now)) return true;
    if (!roleCan(actor.role, 'devices:write')) return false;
    if (order === 'on' || !device) return true;
    const governing = governingNeed(device.needs, now);
    if (governing && governing.booking.bookingId !== bookingId) return false;
    // Shortly before a slot its booking governs already, and whoever asked meant the one that was ending.
    return !slotBeganSince(device.facts.bookings, createdAt, now);
  }

  async #refresh(commands: readonly PowerCommand[]): Promise<void> {
    this.#line.tryAgain();
    const { clock } = this.#parts;
    const problem = await this.#tryToRead();
    const outcome = problem ? 'failed' : 'confirmed';
    await this.#finish(commands.map((command) => doneOf(command, outcome, null, clock.now(), problem)));
  }

  async #poll(): Promise<void> {
    if (!this.#line.mayAsk()) {
      this.#nextPoll = this.#parts.clock.now() + this.#parts.settings.poll;
      return;
    }
    const problem = await this.#tryToRead();
    this.#parts.keep(this.#lastReading());
    const tell = problem !== null && (this.#line.isGone || !SILENT.has(problem.code)) && !this.#isTroubleTold;
    this.#isTroubleTold = problem !== null && (tell || this.#isTroubleTold);
    if (tell) await this.#parts.ledger.tellTrouble(this.#pdu, problem.detail);
  }

  async #tryToRead(): Promise<PduProblem | null> {
    this.#nextPoll = this.#parts.clock.now() + this.#parts.settings.poll;
    try {
      await this.#readAll();
      return null;
    } catch (error) {
      this.#problem = problemOf(error);
      return this.#problem;
    }
  }

  async #finish(commands: readonly PowerCommand[]): Promise<void> {
    const whole = commands.find(({ problem }) => problem && WHOLE.has(problem.code));
    if (whole) this.#problem = whole.problem;
    const reading = this.#lastReading();
    await this.#parts.ledger.finish(this.#pdu, commands, [reading]);
    this.#parts.observed(reading);
  }

  async #finishOne(command: PowerCommand): Promise<PowerCommand> {
    await this.#finish([command]);
    return command;
  }

  #lastReading(): LastReading {
    const triedAt = this.#parts.clock.now();
    return { pduId: this.#pdu.id, reading: this.#reading, readAt: this.#readAt, triedAt, problem: this.#problem };
  }

  #stateOf(number: number) {
    return this.#reading?.outlets.find((outlet) => outlet.number === number)?.state ?? null;
  }

  /** What was seen of one outlet, put into what is known of all; one that could not be seen is unknown. */
  #patch(number: number, seen: OutletReading | null): void {
    if (!this.#reading) return;
    const outlets = this.#reading.outlets.map((outlet) =>
      outlet.number !== number ? outlet : (seen ?? { ...outlet, state: 'unknown' as const, watts: null }),
    );
    const isNew = seen !== null && !outlets.some((outlet) => outlet.number === number);
    if (isNew) outlets.push(seen);
    this.#reading = { ...this.#reading, outlets: outlets.sort((a, b) => a.number - b.number) };
  }
}

const TOO_LATE: PduProblem = {
  code: 'power.too-late',
  detail: 'The PDU could not be reached in time, and so nothing was switched. Please ask again.',
};

const ANOTHERS_SLOT: PduProblem = {
  code: 'power.slot-over',
  detail: 'The slot in which it was asked for was over before the PDU could be told, and so nothing was switched.',
};

const notSwitchable = ({ name }: Pdu, number: number): DomainError =>
  new DomainError(
    'unavailable',
    'pdu.not-switchable',
    `${name} outlet ${number} can only be measured: this PDU does not switch it.`,
  );

const noSuchOutlet = ({ name }: Pdu, number: number): DomainError =>
  new DomainError('unavailable', 'pdu.no-such-outlet', `${name} has no outlet ${number}.`);
