import { setImmediate as nextRound } from 'node:timers/promises';
import { RememberedHealth } from './remembered-health.js';
import { MemoryLab } from '../../adapters/memory/memory-lab.js';
import { MemoryLeases } from '../../adapters/memory/leases.js';
import { MemoryPowerView } from '../../adapters/memory/power.js';
import type { LabState, Tables } from '../../adapters/memory/tables.js';
import { SimulatedLinks } from '../../adapters/snmp/simulated/simulated-links.js';
import { SimulatedPdu, type SimulatedFault } from '../../adapters/snmp/simulated/simulated-pdu.js';
import {
  blankOutlet,
  CommandLedger,
  defaultLaneSettings,
  DriveLease,
  FollowBookings,
  HealthBulletin,
  OrderPower,
  PowerAccess,
  PowerDesk,
  PowerSituation,
  SYSTEM,
  type Clock,
  type CredentialVault,
  type LaneSettings,
  type Pdu,
  type PduLink,
  type PduLinks,
  type PowerCommand,
  type Stores,
  type UnitOfWork,
} from '../../application/index.js';
import { systemPauses } from '../../composition/adapters.js';
import { DomainError, MINUTE, defaultPowerPolicy, roleCan, type Actor, type PowerPolicy } from '../../domain/index.js';
import { anAccount, factsOf, aType } from '../contracts/samples.js';
import { ManualClock } from '../support/manual-clock.js';
import { clockPauses } from '../support/power.js';
import type { Dice } from '../torture/dice.js';

export const policy: PowerPolicy = { ...defaultPowerPolicy, automation: 'on-demand' };

const NEVER = new Promise<never>(() => undefined);

/** The lab as one process sees it, until it dies: then nothing that it began is heard of again. */
class MortalLab implements UnitOfWork<Stores>, LabState {
  isDead = false;
  readonly #lab: MemoryLab;

  constructor(lab: MemoryLab) {
    this.#lab = lab;
  }

  get tables(): Tables {
    return this.#lab.tables;
  }

  /** Resolves while it does. */
  async lives(): Promise<void> {
    await nextRound();
    if (this.isDead) await NEVER;
  }

  async run<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result> {
    await this.lives();
    return this.#lab.run(work);
  }

  async transaction<Result>(work: (tables: Tables) => Promise<Result>): Promise<Result> {
    await this.lives();
    return this.#lab.transaction(work);
  }
}

/** One server process, as far as power goes. */
export class PowerProcess {
  readonly desk: PowerDesk;
  readonly orders: OrderPower;
  readonly #lab: MortalLab;

  constructor(
    lab: MemoryLab,
    links: PduLinks,
    clock: Clock,
    holder: string,
    settings: Partial<LaneSettings> = {},
    vault: CredentialVault = { seal: () => 'none', open: () => ({ version: 'none' }) },
  ) {
    const mortal = new MortalLab(lab);
    const view = new MemoryPowerView(mortal);
    const pauses = clock instanceof ManualClock ? clockPauses(clock) : systemPauses;
    const mortalLinks: PduLinks = { open: (address) => mortalLink(links.open(address), mortal) };
    const situation = new PowerSituation(view, policy);
    const parts = {
      ...{ links: mortalLinks, view, situation, clock, pauses, settings: { ...defaultLaneSettings, ...settings } },
      vault,
      ledger: new CommandLedger(mortal, situation, clock),
      lease: new DriveLease(new MemoryLeases(mortal), clock, holder),
    };
    const follow = new FollowBookings(view, mortal, situation, clock);
    const health = new HealthBulletin(view, new RememberedHealth());
    this.#lab = mortal;
    this.desk = new PowerDesk(parts, mortal, follow, health, (error) => {
      throw error;
    });
    const access = new PowerAccess(situation);
    this.orders = new OrderPower({ view, work: mortal, situation, access, desk: this.desk }, clock, pauses);
  }

  /** As with kill -9. */
  die(): void {
    this.#lab.isDead = true;
  }
}

const mortalLink = (link: PduLink, lab: MortalLab): PduLink => {
  const living = async <T>(work: () => Promise<T>): Promise<T> => {
    await lab.lives();
    const answer = await work();
    await lab.lives();
    return answer;
  };
  return {
    identify: () => living(() => link.identify()),
    read: () => living(() => link.read()),
    outlet: (number) => living(() => link.outlet(number)),
    set: (number, to) => living(() => link.set(number, to)),
    close: () => link.close(),
  };
};

const OUTLETS = 4;
const PDUS = 2;
const DEVICES = 5;

/**
 * A lab with a few devices on simulated PDUs, one of them with two feeds, in which everything happens at random. It
 * knows by itself, and from the bookings alone, when an outlet may not be switched off.
 */
export class PowerWorld {
  readonly clock = new ManualClock();
  readonly lab = new MemoryLab();
  readonly pdus = new Map<string, SimulatedPdu>();
  /** What must never happen, in words. */
  readonly violations: string[] = [];
  sets = 0;
  restarts = 0;
  /** Orders of people that came too late: the slot in which they were asked for was over. */
  tooLate = 0;
  process: PowerProcess;
  readonly #dice: Dice;
  readonly #links: PduLinks;
  #deviceIds: number[] = [];
  #pduRows: Pdu[] = [];
  /** Those who book, and one who looks after devices. */
  #people: Actor[] = [];
  #staff: Actor = SYSTEM;

  constructor(dice: Dice) {
    this.#dice = dice;
    for (let n = 1; n <= PDUS; n += 1) {
      const outlets = Array.from({ length: OUTLETS }, () => ({}));
      this.pdus.set(`rack${n}`, new SimulatedPdu({ outlets, serialNumber: `S${n}`, lag: 700 }, this.clock));
    }
    const simulated = new SimulatedLinks(this.pdus);
    this.#links = { open: (address) => this.#watched(simulated.open(address), address.host) };
    this.process = new PowerProcess(this.lab, this.#links, this.clock, 'first');
  }

  async prepare(): Promise<void> {
    await this.lab.run(async ({ users, deviceTypes, devices, power }) => {
      for (const username of ['ada', 'bob']) {
        this.#people.push({ id: (await users.add(anAccount(username))).id, username, role: 'User' });
      }
      this.#staff = { id: (await users.add(anAccount('root'))).id, username: 'root', role: 'Admin' };
      const { id: typeId } = await deviceTypes.add(aType('ROADM'), this.clock.now());
      for (let n = 1; n <= DEVICES; n += 1) {
        this.#deviceIds.push((await devices.add(factsOf(typeId, `ROADM ${n}`), this.clock.now())).id);
      }
      for (const host of this.pdus.keys()) {
        const facts = { name: host, driver: 'simulated', host, port: 161, credentials: 'none' };
        const beside = { user: null, pduPath: null, externalId: null, createdAt: this.clock.now() };
        this.#pduRows.push(await power.addPdu({ ...facts, ...beside }));
      }
      // The first device has a feed on each PDU.
      const [one, two] = this.#pduRows as [Pdu, Pdu];
      const feeds = [
        ...[[one, 1, 0] as const, [two, 1, 0] as const, [one, 2, 1] as const, [one, 3, 2] as const],
        ...[[two, 2, 3] as const, [two, 3, 4] as const],
      ];
      for (const [pdu, number, device] of feeds) {
        await power.saveOutlet({ ...blankOutlet(pdu.id, number), deviceId: this.#deviceIds[device] ?? null });
      }
    });
  }

  /** One thing that happens. @returns what, for whoever has to find out why. */
  async step(): Promise<string> {
    const dice = this.#dice;
    const deed = dice.of([
      ...['wait', 'wait', 'wait', 'wait', 'leap', 'book', 'book', 'book', 'cancel', 'extend', 'reject', 'expire'],
      ...[
        'maintain',
        'mend',
        'hold',
        'release',
        'fault',
        'fault',
        'heal',
        'heal',
        'switch',
        'cycle',
        'relay',
        'restart',
        'crash',
      ],
    ]);
    switch (deed) {
      case 'wait':
        return this.#wait(this.#between(1, 8));
      case 'leap':
        // Nobody is at work meanwhile, as while the server is down.
        this.clock.advance(this.#between(1, 300) * MINUTE);
        break;
      case 'book':
        await this.#book();
        break;
      case 'cancel':
      case 'reject':
      case 'extend':
      case 'expire':
        await this.#change(deed);
        break;
      case 'maintain':
      case 'mend':
        await this.#maintain(deed);
        break;
      case 'hold':
      case 'release':
        await this.#hold(deed);
        break;
      case 'fault':
        this.#rack().fault = dice.of<SimulatedFault>(['silent', 'read-only', 'stuck', 'lost-answers']);
        break;
      case 'heal':
        this.#rack().fault = null;
        break;
      case 'switch':
      case 'cycle':
        await this.#order(deed);
        break;
      case 'relay':
        await this.#relay();
        break;
      case 'restart':
        await this.process.desk.close();
        this.#begin();
        break;
      case 'crash':
        await this.#crash();
        break;
    }
    await this.#round();
    return deed;
  }

  /** Everything works again; after a while power is as the bookings want it. @returns what is not. */
  async settle(): Promise<string[]> {
    for (const pdu of this.pdus.values()) pdu.fault = null;
    for (let n = 0; n < 40; n += 1) {
      this.clock.advance(5_000);
      await this.#round();
    }
    const now = this.clock.now();
    const wrong: string[] = [];
    for (const { pduId, number, deviceId, hold, hand } of this.lab.tables.powerOutlets.values()) {
      if (deviceId === null || hold !== null || (hand !== null && this.#wasDone(pduId, number, hand.at))) continue;
      if (this.#isMaintained(deviceId, now)) continue;
      const state = this.#simulated(pduId)?.outlet(number)?.state;
      if (this.#mustBeOn(deviceId, now) && state !== 'on') wrong.push(`${pduId}/${number} is ${String(state)}, not on`);
    }
    return wrong;
  }

  /** Whether something was sent of what somebody asked for then. */
  #wasDone(pduId: number, number: number, at: number): boolean {
    return [...this.lab.tables.powerCommands.values()].some(
      ({ pduId: of, outlet, rule, createdAt, outcome }) =>
        of === pduId && outlet === number && rule === null && createdAt === at && outcome !== 'failed',
    );
  }

  /** How many SETs the commands that were given account for at most. */
  allowedSets(): number {
    return [...this.lab.tables.powerCommands.values()].reduce((sum, { order, sentAt, attempts }) => {
      if (sentAt === null) return sum;
      return sum + (order === 'cycle' ? 1 + attempts : 1);
    }, 0);
  }

  async #wait(rounds: number): Promise<string> {
    for (let n = 0; n < rounds; n += 1) {
      this.clock.advance(this.#between(1, 120) * 1000);
      await this.#round();
    }
    return `wait ${rounds}`;
  }

  async #round(): Promise<void> {
    await this.process.desk.tick();
    await this.process.desk.quiet();
  }

  #begin(): void {
    this.restarts += 1;
    this.process = new PowerProcess(this.lab, this.#links, this.clock, `process ${this.restarts}`);
  }

  /** Dies in the middle of whatever it is at. */
  async #crash(): Promise<void> {
    void this.process.desk.tick();
    for (let n = this.#between(0, 40); n > 0; n -= 1) await nextRound();
    this.process.die();
    this.#begin();
  }

  #between(least: number, most: number): number {
    return least + this.#dice.below(most - least + 1);
  }

  #device(): number {
    return this.#dice.of(this.#deviceIds);
  }

  #rack(): SimulatedPdu {
    return this.#dice.of([...this.pdus.values()]);
  }

  #simulated(pduId: number): SimulatedPdu | undefined {
    return this.pdus.get(this.#pduRows.find(({ id }) => id === pduId)?.host ?? '');
  }

  async #book(): Promise<void> {
    const now = this.clock.now();
    const start = now + this.#between(-30, 60) * MINUTE;
    const slot = { start, end: start + this.#between(5, 90) * MINUTE };
    if (slot.end <= now) return;
    await this.lab.run(async ({ bookings }) => {
      const facts = {
        groupId: 'g',
        deviceId: this.#device(),
        ownerId: this.#dice.of(this.#people).id,
        slot,
        comment: '',
        createdAt: now,
      };
      const [booking] = await bookings.add([{ ...facts, status: 'PENDING' }], []);
      if (booking && this.#dice.chance(85)) await bookings.setStatus([booking.id], 'CONFIRMED', now);
    });
  }

  async #change(deed: 'cancel' | 'reject' | 'extend' | 'expire'): Promise<void> {
    const now = this.clock.now();
    const over = deed === 'expire';
    const held = [...this.lab.tables.bookings.values()].filter(
      ({ status, slot }) => ['CONFIRMED', 'PENDING'].includes(status) && slot.end <= now === over,
    );
    if (held.length === 0) return;
    const { id, slot } = this.#dice.of(held);
    await this.lab.run(async ({ bookings }) => {
      if (over)
        await bookings.setStatus(
          held.map((booking) => booking.id),
          'EXPIRED',
          now,
        );
      else if (deed === 'extend') await bookings.setEnd(id, slot.end + this.#between(1, 60) * MINUTE, now);
      else await bookings.setStatus([id], deed === 'cancel' ? 'CANCELLED' : 'REJECTED', now);
    });
  }

  async #maintain(deed: 'maintain' | 'mend'): Promise<void> {
    const now = this.clock.now();
    const windows = [...this.lab.tables.maintenance.values()];
    await this.lab.run(async ({ maintenance }) => {
      if (deed === 'mend') {
        for (const { id } of windows) await maintenance.remove(id);
        return;
      }
      const start = now + this.#between(-10, 30) * MINUTE;
      const slot = { start, end: start + this.#between(5, 60) * MINUTE };
      const facts = { slot, reason: 'fans', createdBy: null, createdAt: now, legacy: false };
      await maintenance.add({ ...facts, deviceId: this.#device() });
    });
  }

  async #hold(deed: 'hold' | 'release'): Promise<void> {
    const outlets = [...this.lab.tables.powerOutlets.values()];
    const { pduId, number } = this.#dice.of(outlets);
    const until = this.clock.now() + this.#between(1, 60) * MINUTE;
    await this.lab.run(async ({ power }) => {
      const outlet = (await power.outlet(pduId, number)) ?? blankOutlet(pduId, number);
      const hold = deed === 'hold' ? { until, reason: 'cables', by: 'bob' } : null;
      await power.saveOutlet({ ...outlet, hold });
    });
  }

  async #order(deed: 'switch' | 'cycle'): Promise<void> {
    const { name } = this.#dice.of(this.#pduRows);
    const number = this.#between(1, OUTLETS);
    try {
      if (deed === 'cycle') await this.process.orders.cycle(SYSTEM, name, number);
      else await this.process.orders.switch(SYSTEM, name, number, this.#dice.of(['on', 'off']));
    } catch (error) {
      // Faults are told, and nothing else may happen.
      if (!(error instanceof DomainError)) throw error;
    }
  }

  /**
   * Somebody asks for something at the end of a slot, in a process that dies before it does it; it is found when the next
   * person may have the device.
   */
  async #relay(): Promise<void> {
    const dice = this.#dice;
    const now = this.clock.now();
    const { pduId, number, deviceId } = dice.of(
      [...this.lab.tables.powerOutlets.values()].filter((outlet) => outlet.deviceId !== null),
    );
    if (deviceId === null) return;
    const [first, second] = dice.chance(50) ? this.#people : [...this.#people].reverse();
    const between = now + MINUTE;
    const slots = [
      { owner: first, slot: { start: now - 10 * MINUTE, end: between } },
      { owner: second, slot: { start: between, end: between + this.#between(5, 30) * MINUTE } },
    ];
    await this.lab.run(async ({ bookings }) => {
      for (const { owner, slot } of slots) {
        const facts = { groupId: 'g', deviceId, slot, comment: '', createdAt: now, status: 'PENDING' } as const;
        const added = await bookings.add([{ ...facts, ownerId: owner?.id ?? 0 }], []);
        await bookings.setStatus(
          added.map(({ id }) => id),
          'CONFIRMED',
          now,
        );
      }
    });
    const asking = new PowerProcess(this.lab, this.#links, this.clock, `asked ${now}`);
    const actor = dice.chance(50) && first ? first : this.#staff;
    const pdu = this.#pduRows.find(({ id }) => id === pduId)?.name ?? '';
    const known = this.lab.tables.powerCommands.size;
    const order = dice.of(['off', 'off', 'cycle'] as const);
    if (order === 'cycle') void asking.orders.cycle(actor, pdu, number);
    else void asking.orders.switch(actor, pdu, number, order);
    for (let n = 0; n < 40 && this.lab.tables.powerCommands.size === known; n += 1) await nextRound();
    asking.die();
    this.clock.advance(this.#between(0, 115) * 1000);
    await this.#round();
    this.tooLate += [...this.lab.tables.powerCommands.values()].filter(
      ({ problem, createdAt }) => createdAt >= now && problem?.code === 'power.slot-over',
    ).length;
  }

  /** A link that looks at every SET before it passes it on. */
  #watched(link: PduLink, host: string): PduLink {
    return {
      identify: () => link.identify(),
      read: () => link.read(),
      outlet: (number) => link.outlet(number),
      close: () => link.close(),
      set: (number, to) => {
        this.sets += 1;
        if (to === 'off') this.#inspect(host, number);
        return link.set(number, to);
      },
    };
  }

  /** An outlet is about to be switched off: by a person, or it must not be in use. */
  #inspect(host: string, number: number): void {
    const pdu = this.#pduRows.find((known) => known.host === host);
    const { powerCommands, powerOutlets } = this.lab.tables;
    const sent = [...powerCommands.values()].find(
      ({ pduId, outlet, state }) => pduId === pdu?.id && outlet === number && state === 'sent',
    );
    if (!sent) this.violations.push(`${host}/${number} was switched off for no command`);
    if (!sent) return;
    const outlet = [...powerOutlets.values()].find((known) => known.pduId === pdu?.id && known.number === number);
    const now = this.clock.now();
    const deviceId = outlet?.deviceId ?? null;
    if (sent.rule === null) {
      if (deviceId !== null && !this.#isAllowed(sent, deviceId, now)) {
        this.violations.push(`${host}/${number} was switched off by ${sent.actor.name} in the slot of somebody else`);
      }
      return;
    }
    if (deviceId === null) this.violations.push(`${host}/${number} feeds nothing and was switched off by a rule`);
    else if (this.#isUsed(deviceId, now) || this.#isMaintained(deviceId, now)) {
      this.violations.push(`${host}/${number} was switched off at ${new Date(now).toISOString()} while in use`);
    }
    const feeds = [...powerOutlets.values()].filter((known) => known.deviceId === deviceId);
    if (feeds.some(({ hold }) => hold !== null && now < hold.until)) {
      this.violations.push(`${host}/${number} was switched off while a feed of its device was held`);
    }
  }

  #confirmed(deviceId: number) {
    return [...this.lab.tables.bookings.values()].filter(
      (booking) => booking.deviceId === deviceId && booking.status === 'CONFIRMED',
    );
  }

  #isUsed(deviceId: number, now: number): boolean {
    return this.#confirmed(deviceId).some(
      ({ slot }) => slot.start - policy.lead <= now && now < slot.end + policy.grace,
    );
  }

  #mustBeOn(deviceId: number, now: number): boolean {
    return this.#confirmed(deviceId).some(({ slot }) => slot.start <= now && now < slot.end);
  }

  /**
   * Whether somebody may have what they asked for: in a slot of their own, or when it is for them to look after devices
   * and nobody has the device who had it not when they asked.
   */
  #isAllowed({ actor, createdAt }: PowerCommand, deviceId: number, now: number): boolean {
    if (actor.role === null) return true;
    const on = this.#confirmed(deviceId).filter(({ slot }) => slot.start <= now && now < slot.end);
    if (on.some(({ ownerId }) => ownerId === actor.id)) return true;
    if (!roleCan(actor.role, 'devices:write')) return false;
    return on.every(({ slot }) => slot.start <= createdAt);
  }

  #isMaintained(deviceId: number, now: number): boolean {
    return [...this.lab.tables.maintenance.values()].some(
      ({ deviceId: of, slot }) => of === deviceId && slot.start <= now && now < slot.end,
    );
  }
}
