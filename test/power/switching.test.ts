import { expect } from 'chai';
import { MemoryLab } from '../../adapters/memory/memory-lab.js';
import { MemoryPowerView } from '../../adapters/memory/power.js';
import { SimulatedLinks } from '../../adapters/snmp/simulated/simulated-links.js';
import { SimulatedPdu, type SimulatedPduOptions } from '../../adapters/snmp/simulated/simulated-pdu.js';
import {
  blankOutlet,
  FOLLOWING,
  KeepPdus,
  SYSTEM,
  type LaneSettings,
  type NewPowerCommand,
  type OutletRecord,
  type PowerCommand,
} from '../../application/index.js';
import { MINUTE } from '../../domain/index.js';
import { refusalOf } from '../contracts/racing.js';
import { aBooking, anAccount, aType, factsOf } from '../contracts/samples.js';
import { ManualClock } from '../support/manual-clock.js';
import { PowerProcess } from './power-world.js';

const OUTLETS = Array.from({ length: 8 }, () => ({}));

/** One simulated PDU in a lab in memory, and the process that drives it. */
class Scene {
  readonly clock = new ManualClock();
  readonly lab = new MemoryLab();
  readonly racks = new Map<string, SimulatedPdu>();
  readonly #settings: Partial<LaneSettings>;
  process: PowerProcess;
  pduId = 0;
  deviceId = 0;
  ownerId = 0;
  #processes = 0;

  constructor(options: Partial<SimulatedPduOptions> = {}, settings: Partial<LaneSettings> = {}) {
    this.#settings = settings;
    this.racks.set('rack', new SimulatedPdu({ outlets: OUTLETS, ...options }, this.clock));
    this.process = this.#next();
  }

  static async open(options: Partial<SimulatedPduOptions> = {}, settings: Partial<LaneSettings> = {}): Promise<Scene> {
    const scene = new Scene(options, settings);
    await scene.lab.run(async ({ users, deviceTypes, devices, power }) => {
      const now = scene.clock.now();
      scene.ownerId = (await users.add(anAccount('ada'))).id;
      scene.deviceId = (await devices.add(factsOf((await deviceTypes.add(aType('ROADM'), now)).id, 'ROADM 1'), now)).id;
      const facts = { name: 'PDU 1', driver: 'simulated', host: 'rack', port: 161, credentials: 'none' };
      const pdu = await power.addPdu({ ...facts, user: null, pduPath: null, externalId: null, createdAt: now });
      scene.pduId = pdu.id;
    });
    await scene.round();
    return scene;
  }

  /** A minute before the slot of the one ends, and that of the other begins. */
  static async betweenTwo() {
    const scene = await Scene.open();
    await scene.assign(3);
    await scene.book(-30, 1);
    const ada = { id: scene.ownerId, name: 'ada', role: 'User' } as const;
    const staff = { id: scene.ownerId + 1000, name: 'root', role: 'Admin' } as const;
    const bookingId = [...scene.lab.tables.bookings.keys()].at(-1) ?? 0;
    scene.ownerId = await scene.lab.run(async ({ users }) => (await users.add(anAccount('bob'))).id);
    await scene.book(1, 60);
    const nextBookingId = [...scene.lab.tables.bookings.keys()].at(-1) ?? 0;
    return { scene, ada, staff, bookingId, nextBookingId };
  }

  get rack(): SimulatedPdu {
    return this.racks.get('rack')!;
  }

  get pdus(): KeepPdus {
    const vault = { seal: () => 'none', open: () => ({ version: 'none' }) as const };
    return new KeepPdus(new MemoryPowerView(this.lab), this.lab, vault, new SimulatedLinks(this.racks), this.clock);
  }

  switch(outlet: number, to: string) {
    return this.process.orders.switch(SYSTEM, 'PDU 1', outlet, to);
  }

  async assign(outlet: number, other: Partial<OutletRecord> = {}): Promise<void> {
    await this.lab.run(({ power }) =>
      power.saveOutlet({ ...blankOutlet(this.pduId, outlet), deviceId: this.deviceId, mode: 'on_demand', ...other }),
    );
  }

  book(fromMinutes: number, toMinutes: number): Promise<unknown> {
    const now = this.clock.now();
    const slot = { start: now + fromMinutes * MINUTE, end: now + toMinutes * MINUTE };
    return this.lab.run(async ({ bookings }) => {
      const [booking] = await bookings.add([aBooking(this.deviceId, this.ownerId, { slot })], []);
      await bookings.setStatus([booking!.id], 'CONFIRMED', now);
    });
  }

  /** A command that somebody wrote down and nobody has worked off. */
  command(outlet: number, other: Partial<NewPowerCommand> = {}): Promise<PowerCommand> {
    return this.lab.run(({ power }) =>
      power.addCommand({
        ...{ pduId: this.pduId, outlet, order: 'off', rule: null, reason: 'so', deviceId: null, bookingId: null },
        ...{ actor: { id: 1, name: 'bob', role: 'Admin' }, createdAt: this.clock.now() },
        ...other,
      }),
    );
  }

  commandNow(id: number): PowerCommand {
    return this.lab.tables.powerCommands.get(id)!;
  }

  state(outlet: number) {
    return this.rack.outlet(outlet)?.state;
  }

  async round(times = 1): Promise<void> {
    for (let n = 0; n < times; n += 1) {
      await this.process.desk.tick();
      await this.process.desk.quiet();
    }
  }

  /** Another process takes over after kill -9. */
  async crash(): Promise<void> {
    this.process.die();
    this.clock.advance(16_000);
    this.process = this.#next();
  }

  #next(): PowerProcess {
    this.#processes += 1;
    const links = new SimulatedLinks(this.racks);
    return new PowerProcess(this.lab, links, this.clock, `process ${this.#processes}`, this.#settings);
  }
}

describe('switching an outlet', () => {
  it('is done when the PDU says that it is so, with one SET', async () => {
    const scene = await Scene.open({ lag: 700 });
    expect(await scene.switch(3, 'OFF')).to.equal('off');
    expect([scene.state(3), scene.rack.orders]).to.deep.equal(['off', 1]);
  });

  it('sends nothing when it is so already', async () => {
    const scene = await Scene.open();
    await scene.switch(3, 'on');
    await scene.switch(3, 'off');
    await scene.switch(3, 'off');
    expect(scene.rack.orders).to.equal(1);
  });

  it('goes by what is read back when the answer to the SET is lost', async () => {
    const scene = await Scene.open();
    scene.rack.fault = 'lost-answers';
    expect(await scene.switch(3, 'off')).to.equal('off');
    expect(scene.rack.orders).to.equal(1);
  });

  it('is reported unconfirmed when nothing happens, after one SET, and is never told as done', async () => {
    const scene = await Scene.open();
    scene.rack.fault = 'stuck';
    const refusal = await refusalOf(scene.switch(3, 'off'));
    expect(refusal).to.include({ kind: 'unavailable', code: 'power.unconfirmed' });
    expect(refusal.message).to.match(/PDU 1 outlet 3 .* is on 10 s later.*Check/);
    expect([scene.state(3), scene.rack.orders]).to.deep.equal(['on', 1]);
  });

  it('leaves the state unknown when the PDU falls silent after the SET', async () => {
    const scene = await Scene.open({ lag: 50 });
    const command = await scene.command(3);
    const order = scene.rack.order.bind(scene.rack);
    scene.rack.order = (number, to) => {
      order(number, to);
      scene.rack.fault = 'silent';
    };
    await scene.round();
    expect(scene.commandNow(command.id)).to.include({ outcome: 'unconfirmed', after: 'unknown' });
    const kept = scene.lab.tables.powerReadings.get(scene.pduId)?.reading?.outlets.find(({ number }) => number === 3);
    expect(kept?.state).to.equal('unknown');
    scene.rack.fault = null;
    scene.clock.advance(60_000);
    await scene.round();
    expect(scene.rack.orders).to.equal(1);
  });

  for (const [what, fault, code, hint] of [
    ['does not answer', 'silent', 'pdu.unreachable', /Check/],
    ['is read-only', 'read-only', 'pdu.refused', /write/],
  ] as const) {
    it(`says what to check when the PDU ${what}, and switches nothing`, async () => {
      const scene = await Scene.open();
      scene.rack.fault = fault;
      scene.clock.advance(5_000);
      const refusal = await refusalOf(scene.switch(3, 'off'));
      expect(refusal).to.include({ kind: 'unavailable', code });
      expect(refusal.message).to.match(hint);
      expect([scene.rack.orders, scene.lab.tables.events.size]).to.deep.equal([0, 1]);
    });
  }

  it('refuses an outlet that can only be measured, one that is not there, and words that mean nothing', async () => {
    const scene = await Scene.open({ outlets: [{}, { switchable: false }] });
    expect(await refusalOf(scene.switch(2, 'off'))).to.include({ kind: 'unavailable', code: 'pdu.not-switchable' });
    expect(await refusalOf(scene.switch(3, 'off'))).to.include({ kind: 'not-found', code: 'outlet.not-found' });
    expect(await refusalOf(scene.switch(1, 'maybe'))).to.include({ kind: 'invalid', code: 'power.unknown-status' });
    expect(scene.rack.orders).to.equal(0);
  });

  it('refuses when another unit answers at the address', async () => {
    const scene = await Scene.open();
    const stranger = new SimulatedPdu({ outlets: OUTLETS, serialNumber: 'STRANGER' }, scene.clock);
    scene.racks.set('rack', stranger);
    scene.clock.advance(5_000);
    const refusal = await refusalOf(scene.switch(3, 'off'));
    expect(refusal.code).to.equal('pdu.different-device');
    expect(refusal.message).to.match(/serial STRANGER.*SIM0000001/);
    expect(stranger.orders).to.equal(0);
    await scene.crash();
    expect((await refusalOf(scene.switch(3, 'off'))).code).to.equal('pdu.different-device');
  });

  it('refuses when the outlet is called otherwise than when its device was assigned', async () => {
    const scene = await Scene.open();
    await scene.assign(3, { boundName: 'Rack 4, left', mode: 'manual' });
    const refusal = await refusalOf(scene.switch(3, 'off'));
    expect(refusal.code).to.equal('outlet.renamed');
    expect(refusal.message).to.match(/'Rack 4, left'.*'Outlet 3'.*assign the device again/);
    expect(scene.rack.orders).to.equal(0);
  });

  it('knows what an outlet was called from the first time that it was seen', async () => {
    const outlets = [{ name: 'left' }, { name: 'right' }];
    const scene = await Scene.open();
    scene.racks.set('rack 2', new SimulatedPdu({ outlets, serialNumber: 'TWO' }, scene.clock));
    const facts = { name: 'PDU 2', driver: 'simulated', host: 'rack 2', port: 161, credentials: 'none' };
    const device = { id: scene.deviceId };
    const fed = { number: 1, device, mode: 'manual' as const };
    await scene.pdus.add(SYSTEM, { ...facts, user: null, pduPath: null, externalId: null, outlets: [fed] });
    await scene.round(2);
    await scene.pdus.assign(SYSTEM, 'PDU 2', 1, undefined, 'on_demand');
    const renamed = new SimulatedPdu({ outlets: [{ name: 'coffee' }, outlets[1]!], serialNumber: 'TWO' }, scene.clock);
    scene.racks.set('rack 2', renamed);
    scene.clock.advance(11_000);
    await scene.round(2);
    await scene.pdus.assign(SYSTEM, 'PDU 2', 1, undefined, 'manual');
    const refusal = await refusalOf(scene.process.orders.switch(SYSTEM, 'PDU 2', 1, 'off'));
    expect(refusal.code).to.equal('outlet.renamed');
    expect(refusal.message).to.match(/'left'.*'coffee'/);
    expect(renamed.orders).to.equal(0);
  });

  it('leaves a PDU alone that does not answer, and tells it once', async () => {
    const scene = await Scene.open();
    scene.rack.fault = 'silent';
    for (let n = 0; n < 12; n += 1) {
      scene.clock.advance(11_000);
      await scene.round();
    }
    const told = [...scene.lab.tables.events.values()].filter(({ type }) => type === 'power.trouble');
    expect(told).to.have.length(1);
    expect(told[0]).to.include({ pdu: 'PDU 1', outlet: null });
    scene.rack.fault = null;
    scene.clock.advance(70_000);
    await scene.round();
    expect(scene.lab.tables.powerReadings.get(scene.pduId)?.problem).to.equal(null);
  });

  it('keeps outlets that are switched on apart, and lets one that is switched off go first', async () => {
    const scene = await Scene.open({ outlets: Array.from({ length: 5 }, (_, n) => ({ on: n === 4 })) });
    const times: [number, string, number][] = [];
    const began = scene.clock.now();
    const order = scene.rack.order.bind(scene.rack);
    scene.rack.order = (number, to) => {
      times.push([number, to, scene.clock.now() - began]);
      order(number, to);
    };
    for (const outlet of [1, 2, 3]) await scene.command(outlet, { order: 'on' });
    await scene.command(5);
    await scene.round();
    expect(times.map(([number, to]) => `${to} ${number}`)).to.deep.equal(['off 5', 'on 1', 'on 2', 'on 3']);
    const ons = times.slice(1).map(([, , at]) => at);
    expect(ons[1]! - ons[0]!).to.be.at.least(1_000);
    expect(ons[2]! - ons[1]!).to.be.at.least(1_000);
  });

  it('ends in time when the clock is set back or forward meanwhile', async () => {
    for (const jump of [-3_600_000, 3_600_000]) {
      const scene = await Scene.open();
      scene.rack.fault = 'stuck';
      const order = scene.rack.order.bind(scene.rack);
      scene.rack.order = (number, to) => {
        order(number, to);
        scene.clock.advance(jump);
      };
      const command = await scene.command(3);
      await scene.round();
      await scene.round();
      expect(scene.commandNow(command.id).outcome, String(jump)).to.equal('unconfirmed');
      expect(scene.rack.orders).to.equal(1);
    }
  });
});

describe('a command of a process that died', () => {
  it('is read back and not sent again', async () => {
    const scene = await Scene.open();
    const command = await scene.command(3);
    const sent = { ...command, state: 'sent', step: 'off', before: 'on', sentAt: scene.clock.now() } as const;
    await scene.lab.run(({ power }) => power.saveCommand(sent));
    await scene.crash();
    await scene.round();
    expect(scene.commandNow(command.id)).to.include({ state: 'done', outcome: 'unconfirmed', after: 'on' });
    expect(scene.rack.orders).to.equal(0);
  });

  it('is confirmed when the PDU did it', async () => {
    const scene = await Scene.open();
    const command = await scene.command(3);
    scene.rack.order(3, 'off');
    const sent = { ...command, state: 'sent', step: 'off', before: 'on', sentAt: scene.clock.now() } as const;
    await scene.lab.run(({ power }) => power.saveCommand(sent));
    await scene.crash();
    await scene.round();
    expect(scene.commandNow(command.id)).to.include({ state: 'done', outcome: 'confirmed' });
    expect(scene.rack.orders).to.equal(1);
  });

  it('that nobody waits for any more is not done', async () => {
    const scene = await Scene.open();
    const command = await scene.command(3);
    scene.clock.advance(200_000);
    await scene.round();
    expect(scene.commandNow(command.id)).to.deep.include({ outcome: 'failed' });
    expect(scene.commandNow(command.id).problem?.code).to.equal('power.too-late');
    expect(scene.state(3)).to.equal('on');
  });

  for (const order of ['off', 'cycle'] as const)
    it(`does not reach into the slot of the next person: ${order}`, async () => {
      const { scene, ada, staff, bookingId, nextBookingId } = await Scene.betweenTwo();
      const { deviceId } = scene;
      scene.clock.advance(50_000);
      const late = await scene.command(3, { order, actor: ada, deviceId, bookingId });
      const staffs = await scene.command(3, { order, actor: staff, deviceId, bookingId });
      scene.clock.advance(20_000);
      await scene.round(3);
      for (const { id } of [late, staffs]) {
        expect(scene.commandNow(id)).to.include({ state: 'done', outcome: 'failed', sentAt: null });
        expect(scene.commandNow(id).problem?.code).to.equal('power.slot-over');
      }
      expect([scene.state(3), scene.rack.orders]).to.deep.equal(['on', 0]);
      // Bob's own order, and one of those who look after devices that was meant for his slot, are done.
      const own = { id: scene.ownerId, name: 'bob', role: 'User' } as const;
      const now = await scene.command(3, { order: 'off', actor: own, deviceId, bookingId: nextBookingId });
      await scene.round();
      expect(scene.commandNow(now.id)).to.include({ outcome: 'confirmed', after: 'off' });
      const meant = await scene.command(3, { order: 'on', actor: staff, deviceId, bookingId: nextBookingId });
      await scene.round();
      expect(scene.commandNow(meant.id)).to.include({ outcome: 'confirmed', after: 'on' });
    });

  it('does not reach into it when the PDU is slow to answer', async () => {
    const { scene, ada, bookingId } = await Scene.betweenTwo();
    const { deviceId } = scene;
    scene.clock.advance(50_000);
    const late = await scene.command(3, { actor: ada, deviceId, bookingId });
    const outlet = scene.rack.outlet.bind(scene.rack);
    scene.rack.outlet = (number) => {
      scene.clock.advance(15_000);
      return outlet(number);
    };
    await scene.round();
    expect(scene.commandNow(late.id).problem?.code).to.equal('power.slot-over');
    expect(scene.rack.orders).to.equal(0);
  });

  it('of those who look after devices does not reach into it either, though its booking switched it on already', async () => {
    const { scene, staff, nextBookingId } = await Scene.betweenTwo();
    const { deviceId } = scene;
    await scene.assign(4);
    scene.clock.advance(50_000);
    const late = await scene.command(3, { actor: staff, deviceId, bookingId: nextBookingId });
    scene.clock.advance(20_000);
    const meant = await scene.command(4, { actor: staff, deviceId, bookingId: nextBookingId });
    await scene.round(2);
    expect(scene.commandNow(late.id).problem?.code).to.equal('power.slot-over');
    expect(scene.commandNow(meant.id)).to.include({ outcome: 'confirmed', after: 'off' });
    expect(scene.state(3)).to.equal('on');
  });

  it('is not done to another device that the outlet feeds now', async () => {
    const { scene, ada, staff, bookingId } = await Scene.betweenTwo();
    const { deviceId } = scene;
    await scene.assign(3, { deviceId: null });
    const theirs = await scene.command(3, { actor: ada, deviceId, bookingId });
    const staffs = await scene.command(4, { actor: staff });
    await scene.assign(4);
    await scene.round();
    for (const { id } of [theirs, staffs]) expect(scene.commandNow(id).problem?.code).to.equal('power.slot-over');
    expect(scene.rack.orders).to.equal(0);
  });

  it('is dropped when the rule would not ask for it any more', async () => {
    const scene = await Scene.open();
    await scene.assign(3);
    await scene.book(0, 60);
    const command = await scene.command(3, { rule: FOLLOWING, deviceId: scene.deviceId });
    await scene.round();
    expect(scene.commandNow(command.id)).to.include({ state: 'done', outcome: 'dropped' });
    expect([scene.state(3), scene.rack.orders]).to.deep.equal(['on', 0]);
  });
});

describe('a cycle', () => {
  it('goes off, rests, and goes on', async () => {
    const scene = await Scene.open();
    const { id } = await scene.process.orders.cycle(SYSTEM, 'PDU 1', 3);
    await scene.process.desk.quiet();
    expect([scene.commandNow(id).state, scene.state(3)]).to.deep.equal(['resting', 'off']);
    scene.clock.advance(9_000);
    await scene.round();
    expect(scene.state(3)).to.equal('off');
    scene.clock.advance(1_000);
    await scene.round();
    expect(scene.commandNow(id)).to.include({ state: 'done', outcome: 'confirmed' });
    expect([scene.state(3), scene.rack.orders]).to.deep.equal(['on', 2]);
  });

  it('leads to on after a crash between off and on, also when the PDU is away for long', async () => {
    const scene = await Scene.open();
    const { id } = await scene.process.orders.cycle(SYSTEM, 'PDU 1', 3);
    await scene.process.desk.quiet();
    await scene.crash();
    scene.rack.fault = 'silent';
    for (let n = 0; n < 20; n += 1) {
      scene.clock.advance(30_000);
      await scene.round();
    }
    expect(scene.commandNow(id).state).to.equal('resting');
    scene.rack.fault = null;
    for (let n = 0; n < 5; n += 1) {
      scene.clock.advance(60_000);
      await scene.round();
    }
    expect(scene.commandNow(id)).to.include({ state: 'done', outcome: 'confirmed' });
    expect(scene.state(3)).to.equal('on');
  });

  it('keeps its PDU from being removed until it is over', async () => {
    const scene = await Scene.open();
    await scene.assign(3);
    const { id } = await scene.command(3, { order: 'cycle' });
    await scene.round();
    expect(scene.commandNow(id).state).to.equal('resting');
    const refusal = await refusalOf(scene.pdus.remove(SYSTEM, 'PDU 1'));
    expect([refusal.kind, refusal.code]).to.deep.equal(['conflict', 'pdu.busy']);
    expect(refusal.message).to.match(new RegExp(`outlet 3 .*cycle, job ${id}`));
    scene.clock.advance(11_000);
    await scene.round(3);
    expect(scene.state(3)).to.equal('on');
    await scene.pdus.remove(SYSTEM, 'PDU 1');
    expect(scene.lab.tables.pdus.size).to.equal(0);
  });

  it('does not begin at a PDU that is removed while it looks', async () => {
    const scene = await Scene.open();
    await scene.assign(3);
    await scene.command(3, { order: 'cycle' });
    scene.clock.advance(5_000);
    const { rack } = scene;
    const outlet = rack.outlet.bind(rack);
    let removal = Promise.resolve();
    rack.outlet = (number) => {
      rack.outlet = outlet;
      removal = scene.pdus.remove(SYSTEM, 'PDU 1');
      return outlet(number);
    };
    await scene.round();
    await removal;
    expect(scene.lab.tables.pdus.size).to.equal(0);
    expect([rack.orders, scene.state(3)]).to.deep.equal([0, 'on']);
  });

  it('leads to on when the process dies right after off was sent', async () => {
    const scene = await Scene.open();
    const command = await scene.command(3, { order: 'cycle' });
    scene.rack.order(3, 'off');
    await scene.lab.run(({ power }) =>
      power.saveCommand({ ...command, state: 'sent', step: 'off', before: 'on', sentAt: scene.clock.now() }),
    );
    await scene.crash();
    for (let n = 0; n < 3; n += 1) {
      await scene.round();
      scene.clock.advance(11_000);
    }
    expect(scene.commandNow(command.id)).to.include({ state: 'done', outcome: 'confirmed' });
    expect(scene.state(3)).to.equal('on');
  });
});

describe('power that follows the booking', () => {
  it('switches on before the slot and off after its grace, once each, and writes it all down', async () => {
    const scene = await Scene.open({ outlets: [{ on: false }] });
    await scene.assign(1);
    await scene.book(10, 40);
    for (let minute = 0; minute < 60; minute += 1) {
      await scene.round();
      const on = minute >= 5 && minute < 50;
      expect(scene.state(1), `minute ${minute}`).to.equal(on ? 'on' : 'off');
      scene.clock.advance(MINUTE);
    }
    expect(scene.rack.orders).to.equal(2);
    const entries = [...scene.lab.tables.audit.values()].filter(({ action }) => action.startsWith('power.'));
    expect(
      entries.map(({ action, metadata }) => [action, metadata.rule, metadata.before, metadata.after]),
    ).to.deep.equal([
      ['power.on', FOLLOWING, 'off', 'on'],
      ['power.off', FOLLOWING, 'on', 'off'],
    ]);
    expect(entries.map(({ metadata }) => metadata.confirmed)).to.deep.equal([true, true]);
    const events = [...scene.lab.tables.events.values()].filter(({ type }) => type === 'power.changed');
    expect(events.map((event) => 'after' in event && event.after)).to.deep.equal(['on', 'off']);
    expect(events[0]?.concerns).to.deep.equal([scene.ownerId]);
  });

  it('tries again what did not work, and less often each time', async () => {
    const scene = await Scene.open({ outlets: [{ on: false }] });
    await scene.assign(1);
    await scene.book(0, 600);
    scene.rack.fault = 'stuck';
    for (let second = 0; second < 600; second += 2) {
      await scene.round();
      scene.clock.advance(2_000);
    }
    expect(scene.rack.orders).to.be.within(5, 14);
    scene.rack.fault = null;
    for (let n = 0; n < 30; n += 1) {
      scene.clock.advance(3_000);
      await scene.round();
    }
    expect(scene.state(1)).to.equal('on');
  });

  it('is not overridden by an order that failed', async () => {
    const scene = await Scene.open({ outlets: [{ on: false }] });
    await scene.assign(1);
    scene.rack.fault = 'silent';
    scene.clock.advance(20_000);
    await scene.book(-1, 60);
    expect((await refusalOf(scene.switch(1, 'off'))).code).to.equal('pdu.unreachable');
    const kept = () => scene.lab.tables.powerOutlets.get(`${scene.pduId}/1`)?.hand;
    expect(kept() ?? null).to.equal(null);
    scene.rack.fault = null;
    for (let n = 0; n < 10; n += 1) {
      scene.clock.advance(30_000);
      await scene.round();
    }
    expect(scene.state(1)).to.equal('on');
    // What somebody did before counts again, when what they ask next fails.
    await scene.switch(1, 'off');
    scene.rack.fault = 'silent';
    scene.clock.advance(5_000);
    expect((await refusalOf(scene.switch(1, 'on'))).code).to.equal('pdu.unreachable');
    scene.rack.fault = null;
    expect(kept()).to.include({ to: 'off' });
    for (let n = 0; n < 10; n += 1) {
      scene.clock.advance(30_000);
      await scene.round();
    }
    expect(scene.state(1)).to.equal('off');
  });

  it('is not overridden by any of several orders that failed', async () => {
    const scene = await Scene.open({ outlets: [{ on: false }] });
    await scene.assign(1);
    await scene.book(-1, 60);
    const kept = () => scene.lab.tables.powerOutlets.get(`${scene.pduId}/1`)?.hand ?? null;
    for (const before of [null, 'off']) {
      scene.rack.fault = 'silent';
      scene.clock.advance(20_000);
      await scene.round();
      // Asked for again before it is told that it cannot be done.
      const other = new PowerProcess(scene.lab, new SimulatedLinks(scene.racks), scene.clock, 'other');
      for (let n = 0; n < 3; n += 1) {
        scene.clock.advance(1_000);
        await other.orders.cycle({ ...SYSTEM, id: 1, username: 'ada' }, 'PDU 1', 1);
      }
      expect(kept()).to.include({ to: 'on', by: 'ada' });
      await scene.round();
      expect(kept()?.to ?? null).to.equal(before);
      scene.rack.fault = null;
      scene.clock.advance(60_000);
      if (before === null) await scene.switch(1, 'off');
    }
    expect(kept()?.before).to.equal(null);
  });

  it('tells a fault that lasts once for each outlet, and writes down every try', async () => {
    const scene = await Scene.open({ outlets: [{ on: false }, { on: false }] });
    for (const outlet of [1, 2]) await scene.assign(outlet);
    scene.rack.fault = 'read-only';
    await scene.book(0, 600);
    for (let n = 0; n < 120; n += 1) {
      scene.clock.advance(10_000);
      await scene.round();
    }
    const told = [...scene.lab.tables.events.values()].filter(({ type }) => type === 'power.trouble');
    expect(told).to.have.length(2);
    const tries = [...scene.lab.tables.audit.values()].filter(({ action }) => action === 'power.on');
    expect(tries.length).to.be.greaterThan(20);
    scene.rack.fault = null;
    for (let n = 0; n < 10; n += 1) {
      scene.clock.advance(10_000);
      await scene.round();
    }
    const works = [...scene.lab.tables.events.values()].filter(({ type }) => type === 'power.changed');
    expect(works).to.have.length(2);
  });

  it('tells a fault of another kind, and one that comes back after somebody mended it', async () => {
    const scene = await Scene.open({ outlets: [{ on: false }] });
    await scene.assign(1);
    const told = () => [...scene.lab.tables.events.values()].filter(({ type }) => type === 'power.trouble').length;
    const forTenMinutes = async () => {
      for (let n = 0; n < 60; n += 1) {
        scene.clock.advance(10_000);
        await scene.round();
      }
      return told();
    };
    await scene.book(0, 600);
    scene.rack.fault = 'read-only';
    expect(await forTenMinutes()).to.equal(1);
    scene.rack.fault = 'stuck';
    expect(await forTenMinutes()).to.equal(2);
    scene.rack.fault = 'read-only';
    expect(await forTenMinutes()).to.equal(2);
    for (const to of ['on', 'off'] as const) {
      scene.rack.fault = null;
      scene.rack.order(1, to);
      scene.rack.fault = 'read-only';
      expect(await forTenMinutes()).to.equal(to === 'on' ? 2 : 3);
    }
    scene.rack.fault = 'stuck';
    expect(await forTenMinutes()).to.equal(4);
  });

  it('hands over between processes: one that is not driving writes down, the other does it', async () => {
    const scene = await Scene.open();
    const second = new PowerProcess(scene.lab, new SimulatedLinks(scene.racks), scene.clock, 'second');
    const asked = second.orders.switch(SYSTEM, 'PDU 1', 4, 'off');
    const driving = (async () => {
      for (let n = 0; n < 50 && scene.state(4) === 'on'; n += 1) await scene.round();
    })();
    expect(await asked).to.equal('off');
    await driving;
    expect(scene.rack.orders).to.equal(1);
  });
});
