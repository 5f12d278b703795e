import { expect } from 'chai';
import { DeliverNotifications, type Delivery, type Letter, type Notifier } from '../../application/index.js';
import { notifiers } from '../../composition/notifiers.js';
import { LabZone, MINUTE, SECOND } from '../../domain/index.js';
import { importDevices } from '../support/devices.js';
import { booked, slotsOf } from '../support/groups.js';
import { forEveryStore, type OpenLab } from '../support/labs.js';
import { ManualClock } from '../support/manual-clock.js';
import { signedIn, type Agent } from '../support/people.js';

/** Keeps each letter on its way until it is let in. */
class SlowRoom implements Notifier {
  readonly lanes = 1;
  readonly letters: Letter[] = [];
  readonly #arrivals: ((delivery: Delivery) => void)[] = [];
  #knocked: (() => void) | null = null;

  send(letter: Letter): Promise<Delivery> {
    this.letters.push(letter);
    this.#knocked?.();
    return new Promise((resolve) => this.#arrivals.push(resolve));
  }

  /** Resolves when so many letters have come in all. */
  async holds(count: number): Promise<void> {
    while (this.letters.length < count) {
      await new Promise<void>((resolve) => {
        this.#knocked = resolve;
      });
    }
  }

  letIn(): void {
    this.#arrivals.shift()?.({ kind: 'delivered' });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

forEveryStore('telling from several processes', (openLab) => {
  let clock: ManualClock;
  let open: OpenLab;
  let ada: Agent;
  let [roomOfOne, roomOfTwo] = [] as unknown as [SlowRoom, SlowRoom];
  let [one, two] = [] as unknown as [DeliverNotifications, DeliverNotifications];
  let device = 0;

  const processWith = (room: SlowRoom, holder: string) =>
    new DeliverNotifications(
      ...([open.lab.work, new Map([['booking-webhook' as const, room]]), clock, { next: () => 0 }] as const),
      ...([new LabZone('Europe/Dublin'), open.lab.leases, holder] as const),
    );

  beforeEach(async () => {
    clock = new ManualClock();
    [roomOfOne, roomOfTwo] = [new SlowRoom(), new SlowRoom()];
    open = await openLab({ clock, notifiers: notifiers(new Map([['booking-webhook', roomOfOne]])) });
    [one, two] = [processWith(roomOfOne, 'one'), processWith(roomOfTwo, 'two')];
    ada = await signedIn(open.server, 'ada');
    [device = 0] = await importDevices(open.lab, [{ name: 'ROADM 1' }]);
  });

  const book = async (...dates: string[]) => {
    for (const date of dates) await booked(ada, slotsOf(device, [`${date} 09:00-12:00`]));
    await open.lab.fanOutEvents.execute();
  };
  const idsIn = ({ letters }: SlowRoom) => letters.map(({ id }) => id);

  it('leaves a channel to the one that sends there, however long a letter takes', async () => {
    await book('2026-11-24', '2026-11-25');
    const run = one.execute();
    await roomOfOne.holds(1);
    clock.advance(5 * SECOND);
    await book('2026-11-26');
    const other = await Promise.race([two.execute(), roomOfTwo.holds(1)]);
    expect(other, 'what the other sent').to.equal(0);
    for (const count of [1, 2, 3]) {
      await roomOfOne.holds(count);
      roomOfOne.letIn();
    }
    expect(await run).to.equal(3);
    expect(idsIn(roomOfOne)).to.deep.equal(idsIn(roomOfOne).sort((a, b) => a - b));
  });

  it('is taken over at once from one that has nothing more to send', async () => {
    await book('2026-11-24');
    const run = one.execute();
    await roomOfOne.holds(1);
    roomOfOne.letIn();
    await run;
    await book('2026-11-25');
    const next = two.execute();
    await roomOfTwo.holds(1);
    roomOfTwo.letIn();
    expect(await next).to.equal(1);
  });

  it('begins with what one that stands still has claimed, which sends nothing more when it wakes', async () => {
    await book('2026-11-24', '2026-11-25');
    const run = one.execute();
    await roomOfOne.holds(1);
    clock.advance(30 * SECOND);
    await book('2026-11-26');
    expect(await two.execute()).to.equal(0);
    clock.advance(MINUTE / 2);
    const next = two.execute();
    await roomOfTwo.holds(1);
    roomOfOne.letIn();
    expect(await run).to.equal(1);
    for (const count of [1, 2, 3]) {
      await roomOfTwo.holds(count);
      roomOfTwo.letIn();
    }
    await next;
    expect(idsIn(roomOfOne)).to.deep.equal(idsIn(roomOfTwo).slice(0, 1));
    expect(idsIn(roomOfTwo)).to.deep.equal(idsIn(roomOfTwo).sort((a, b) => a - b));
  });
});
