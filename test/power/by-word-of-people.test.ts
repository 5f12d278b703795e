import { setImmediate as nextRound } from 'node:timers/promises';
import { expect } from 'chai';
import { ManualLinks, type ManualRequest } from '../../adapters/manual/manual-links.js';
import { MemoryLab } from '../../adapters/memory/memory-lab.js';
import { MemoryPowerView } from '../../adapters/memory/power.js';
import { blankOutlet, SYSTEM } from '../../application/index.js';
import { MINUTE, type Actor } from '../../domain/index.js';
import { refusalOf } from '../contracts/racing.js';
import { aBooking, anAccount, aType, factsOf } from '../contracts/samples.js';
import { ManualClock } from '../support/manual-clock.js';
import { PowerProcess } from './power-world.js';

/** A shelf that only people switch, in one lab that several processes serve. */
class Shelf {
  readonly clock = new ManualClock();
  readonly lab = new MemoryLab();
  readonly asked: ManualRequest[] = [];
  pduId = 0;
  #processes = 0;

  static async open(): Promise<Shelf> {
    const shelf = new Shelf();
    const facts = { name: 'Shelf', driver: 'manual', host: 'shelf', port: 161, credentials: 'none' };
    const beside = { user: null, pduPath: null, externalId: null, createdAt: shelf.clock.now() };
    shelf.pduId = (await shelf.lab.run(({ power }) => power.addPdu({ ...facts, ...beside }))).id;
    return shelf;
  }

  /** Two servers, of which the first drives. */
  static async withTwo() {
    const shelf = await Shelf.open();
    const [driving, other] = [shelf.process(), shelf.process()];
    await shelf.round(driving);
    return { shelf, driving, other };
  }

  process(): PowerProcess {
    this.#processes += 1;
    const links = new ManualLinks({
      ...{ view: new MemoryPowerView(this.lab), work: this.lab, clock: this.clock },
      ask: (request) => this.asked.push(request),
    });
    return new PowerProcess(this.lab, links, this.clock, `process ${this.#processes}`);
  }

  async round(process: PowerProcess, times = 2): Promise<void> {
    for (let n = 0; n < times; n += 1) {
      await process.desk.tick();
      await process.desk.quiet();
    }
  }

  /** The next poll, whoever makes it. */
  async later(process: PowerProcess): Promise<void> {
    this.clock.advance(16_000);
    await this.round(process);
  }

  /** At a process that does not drive, while the other does its rounds. */
  async sayAt(process: PowerProcess, driving: PowerProcess, outlet: number, to: string) {
    const over = new AbortController();
    const answer = process.orders.switch(SYSTEM, 'Shelf', outlet, to).finally(() => {
      over.abort();
    });
    // What it says is looked at by who awaits it below.
    answer.catch(() => undefined);
    while (!over.signal.aborted) {
      await nextRound();
      await this.round(driving, 1);
    }
    return answer;
  }

  /** As everybody is shown it. */
  get states() {
    const reading = this.lab.tables.powerReadings.get(this.pduId)?.reading;
    return Object.fromEntries((reading?.outlets ?? []).map(({ number, state }) => [number, state]));
  }

  get troubles() {
    return [...this.lab.tables.events.values()].filter(({ type }) => type === 'power.trouble');
  }
}

describe('gear that only people switch, served by several processes', () => {
  it('is at once what a person says at the process that does not drive, and nobody is asked for it', async () => {
    const { shelf, driving, other } = await Shelf.withTwo();
    const began = shelf.clock.now();
    expect(await shelf.sayAt(other, driving, 1, 'on')).to.equal('on');
    expect(shelf.clock.now() - began).to.be.lessThan(2_000);
    expect(await shelf.sayAt(other, driving, 2, 'off')).to.equal('off');
    expect(await shelf.sayAt(other, driving, 1, 'off')).to.equal('off');
    expect(await driving.orders.switch(SYSTEM, 'Shelf', 3, 'on')).to.equal('on');
    expect(shelf.states).to.deep.equal({ 1: 'off', 2: 'off', 3: 'on' });
    expect([shelf.asked, shelf.troubles]).to.deep.equal([[], []]);
  });

  it('is what was said last, wherever, when the process dies that drove', async () => {
    const { shelf, driving, other } = await Shelf.withTwo();
    await shelf.sayAt(other, driving, 1, 'off');
    await driving.orders.switch(SYSTEM, 'Shelf', 1, 'on');
    await driving.orders.switch(SYSTEM, 'Shelf', 2, 'off');
    driving.die();
    await shelf.later(other);
    expect(shelf.states).to.deep.equal({ 1: 'on', 2: 'off' });
    expect(shelf.asked).to.deep.equal([]);
  });

  it('takes a word that nobody had read back when the driving process died', async () => {
    const { shelf, driving, other } = await Shelf.withTwo();
    driving.die();
    expect(await other.orders.switch(SYSTEM, 'Shelf', 1, 'on')).to.equal('on');
    await shelf.round(other);
    expect(shelf.states).to.deep.equal({ 1: 'on' });
    expect([shelf.asked, shelf.troubles]).to.deep.equal([[], []]);
  });

  it('is remembered over a restart', async () => {
    const shelf = await Shelf.open();
    const before = shelf.process();
    await shelf.round(before);
    await before.orders.switch(SYSTEM, 'Shelf', 1, 'on');
    await before.orders.switch(SYSTEM, 'Shelf', 2, 'off');
    await before.desk.close();
    const after = shelf.process();
    await shelf.later(after);
    expect(shelf.states).to.deep.equal({ 1: 'on', 2: 'off' });
    // What is so already needs nobody.
    expect(await after.orders.switch(SYSTEM, 'Shelf', 2, 'off')).to.equal('off');
    expect([shelf.asked, shelf.troubles]).to.deep.equal([[], []]);
  });

  describe('while somebody who may not say it wants it on', () => {
    const wanted = async () => {
      const { shelf, driving, other } = await Shelf.withTwo();
      const now = shelf.clock.now();
      const ada = await shelf.lab.run(async ({ users, deviceTypes, devices, bookings, power }) => {
        const { id } = await users.add(anAccount('ada'));
        const device = await devices.add(factsOf((await deviceTypes.add(aType('ROADM'), now)).id, 'ROADM 1'), now);
        await power.saveOutlet({ ...blankOutlet(shelf.pduId, 1), deviceId: device.id, mode: 'manual' });
        const slot = { start: now - MINUTE, end: now + 60 * MINUTE };
        const [booking] = await bookings.add([aBooking(device.id, id, { slot })], []);
        await bookings.setStatus([booking!.id], 'CONFIRMED', now);
        return { id, username: 'ada', role: 'User' } satisfies Actor;
      });
      return { shelf, driving, other, ada };
    };

    it('is on its way, also for who takes over, until a person says so anywhere', async () => {
      const { shelf, driving, other, ada } = await wanted();
      expect(await refusalOf(driving.orders.switch(ada, 'Shelf', 1, 'on'))).to.include({ code: 'power.unconfirmed' });
      expect(shelf.asked).to.deep.equal([{ pdu: 'shelf', outlet: 1, to: 'on' }]);
      driving.die();
      await shelf.later(other);
      expect(shelf.states).to.deep.equal({ 1: 'transitioning' });
      expect(await shelf.sayAt(shelf.process(), other, 1, 'on')).to.equal('on');
      expect(shelf.states).to.deep.equal({ 1: 'on' });
      expect(shelf.asked).to.have.length(1);
    });

    it('is confirmed to them when a person says it meanwhile, at the other process', async () => {
      const { shelf, driving, other, ada } = await wanted();
      const order = shelf.lab.run(({ power }) =>
        power.addCommand({
          ...{ pduId: shelf.pduId, outlet: 1, order: 'on', rule: null, reason: 'so', deviceId: null, bookingId: null },
          ...{ actor: { id: ada.id, name: 'ada', role: 'User' }, createdAt: shelf.clock.now() },
        }),
      );
      const { id } = await order;
      await shelf.sayAt(other, driving, 1, 'on');
      expect(shelf.lab.tables.powerCommands.get(id)).to.include({ outcome: 'confirmed' });
      expect([shelf.asked, shelf.troubles]).to.deep.equal([[], []]);
    });

    it('is off when a person says so first, and they are asked to switch it on afterwards', async () => {
      const { shelf, driving, other, ada } = await wanted();
      await shelf.lab.run(({ power }) =>
        power.addCommand({
          ...{ pduId: shelf.pduId, outlet: 1, order: 'on', rule: null, reason: 'so', deviceId: null, bookingId: null },
          ...{ actor: { id: ada.id, name: 'ada', role: 'User' }, createdAt: shelf.clock.now() },
        }),
      );
      expect(await shelf.sayAt(other, driving, 1, 'off')).to.equal('off');
      await shelf.round(driving);
      expect(shelf.asked).to.deep.equal([{ pdu: 'shelf', outlet: 1, to: 'on' }]);
      expect(shelf.states).to.deep.equal({ 1: 'transitioning' });
    });
  });
});
