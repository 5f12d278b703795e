import { expect } from 'chai';
import type { NewNotification, Notification, NotificationStores } from '../../application/index.js';
import type { Channel, DeviceEvent } from '../../domain/index.js';
import { givingUp } from './racing.js';
import { NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

const anEvent = (name: string): DeviceEvent => ({
  ...{ type: 'device.changed', at: NOON, actorId: null, concerns: [] },
  device: { id: 1, type: 'ROADM', name, status: 'active' },
});

const aNotification = (eventId: number, other: Partial<NewNotification> = {}): NewNotification => ({
  ...{ eventId, type: 'booking.requested', channel: 'email', userId: 1, text: 'Ω 測 🔌', link: '/bookings' },
  ...{ state: 'waiting', createdAt: NOON },
  ...other,
});

const MINUTE = 60_000;

/** For the Outbox of a UnitOfWork, and the NotificationListings and the EventHistory that read what it writes. */
export const outboxContract = (name: string, open: OpenSubject<'work' | 'notifications' | 'events'>): void => {
  describe(`${name} as an outbox`, () => {
    const subject = forEachTest(open);
    const within = <Result>(deed: (stores: NotificationStores) => Promise<Result>) => subject().work.run(deed);
    const append = (...names: string[]) =>
      within(async ({ events }) => {
        for (const device of names) await events.append(anEvent(device));
      });
    const add = (...notifications: NewNotification[]) => within(({ outbox }) => outbox.add(notifications));
    const claim = (now: number, channel: Channel = 'email', limit = 100) =>
      within(({ outbox }) => outbox.claim(channel, limit, now, now + MINUTE));
    const all = async () => (await subject().notifications.withState(null, { limit: 100, offset: 0 })).items;
    const only = async (): Promise<Notification> => (await all())[0]!;

    it('gives events that nobody was told of places without gaps, in the order in which they are told', async () => {
      const { events } = subject();
      expect(await events.lastPlace()).to.equal(0);
      await append('a', 'b', 'c');
      expect(await events.placedAfter(0, 10)).to.deep.equal([]);
      const untold = await within(({ outbox }) => outbox.untold(2));
      expect(untold.map(({ event }) => (event as DeviceEvent).device.name)).to.deep.equal(['a', 'b']);
      await within(({ outbox }) => outbox.place([untold[1]!.id, untold[0]!.id]));
      const [third] = await within(({ outbox }) => outbox.untold(10));
      await within(({ outbox }) => outbox.place([third!.id]));
      const placed = await events.placedAfter(0, 10);
      expect(placed.map(({ place }) => place)).to.deep.equal([1, 2, 3]);
      expect(placed.map(({ id }) => id)).to.deep.equal([untold[1]!.id, untold[0]!.id, third!.id]);
      expect((await events.placedAfter(1, 1)).map(({ place }) => place)).to.deep.equal([2]);
      expect(await events.lastPlace()).to.equal(3);
      expect(await within(({ outbox }) => outbox.untold(10))).to.deep.equal([]);
    });

    it('gives each place once, however many give places at once', async () => {
      await append(...Array.from('abcdefghij'));
      const tellSome = () =>
        within(async ({ outbox }) => {
          const untold = await outbox.untold(3);
          await outbox.place(untold.map(({ id }) => id));
        });
      await Promise.all(Array.from({ length: 8 }, tellSome));
      const placed = await subject().events.placedAfter(0, 100);
      expect(placed.map(({ place }) => place)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(new Set(placed.map(({ id }) => id)).size).to.equal(10);
    });

    it('has another version whenever something was appended', async () => {
      const before = await subject().events.version();
      await append('a');
      const after = await subject().events.version();
      expect(after).not.to.equal(before);
      expect(await subject().events.version()).to.equal(after);
    });

    it('keeps one notification for each event, channel and user, as it was added', async () => {
      await add(
        aNotification(1),
        aNotification(1, { channel: 'in-app', state: 'sent' }),
        aNotification(1, { userId: 2 }),
      );
      await add(aNotification(1, { text: 'again' }), aNotification(2));
      const kept = await all();
      expect(kept.map(({ eventId, channel, userId }) => [eventId, channel, userId]).reverse()).to.deep.equal([
        ...[
          [1, 'email', 1],
          [1, 'in-app', 1],
          [1, 'email', 2],
          [2, 'email', 1],
        ],
      ]);
      const { id, ...first } = kept.at(-1)!;
      expect(first).to.deep.equal({
        ...aNotification(1),
        ...{ attempts: 0, dueAt: NOON, lastError: null, sentAt: null, readAt: null },
      });
      expect((await within(({ outbox }) => outbox.find(id)))?.text).to.equal('Ω 測 🔌');
      expect(kept.at(-2)).to.include({ state: 'sent', sentAt: NOON });
    });

    it('gives what is due to one, and again when that one was gone too long', async () => {
      await add(aNotification(1), aNotification(2), aNotification(3, { channel: 'admin-webhook', userId: 0 }));
      expect(await claim(NOON - 1)).to.deep.equal([]);
      expect((await claim(NOON)).map(({ eventId }) => eventId)).to.deep.equal([1, 2]);
      expect(await claim(NOON + MINUTE - 1)).to.deep.equal([]);
      expect((await claim(NOON + MINUTE, 'email', 1)).map(({ eventId }) => eventId)).to.deep.equal([1]);
      expect((await claim(NOON, 'admin-webhook')).map(({ eventId }) => eventId)).to.deep.equal([3]);
    });

    it('gives nothing to two, however many ask at once', async () => {
      await add(...Array.from({ length: 30 }, (_, eventId) => aNotification(eventId + 1)));
      const claimed = (await Promise.all(Array.from({ length: 10 }, () => claim(NOON, 'email', 5)))).flat();
      expect(new Set(claimed.map(({ id }) => id)).size).to.equal(claimed.length);
      expect(claimed.length + (await claim(NOON)).length).to.equal(30);
    });

    it('gives again what was claimed in work that failed', async () => {
      await add(aNotification(1));
      await givingUp(subject().work, ({ outbox }) => outbox.claim('email', 10, NOON, NOON + MINUTE));
      expect(await claim(NOON)).to.have.length(1);
    });

    it('writes down what became of an attempt', async () => {
      await add(aNotification(1));
      const [{ id }] = (await claim(NOON)) as [Notification];
      const settle = (...outcomes: Parameters<NotificationStores['outbox']['settle']>[0]) =>
        within(({ outbox }) => outbox.settle(outcomes));
      await settle({ id, state: 'waiting', claimedUntil: NOON + MINUTE, dueAt: NOON + 5, failed: true, error: 'busy' });
      expect(await only()).to.include({ state: 'waiting', dueAt: NOON + 5, attempts: 1, lastError: 'busy' });
      await claim(NOON + 5);
      await settle({
        id,
        state: 'waiting',
        claimedUntil: NOON + 5 + MINUTE,
        dueAt: NOON + 9,
        failed: false,
        error: null,
      });
      expect(await only()).to.include({ dueAt: NOON + 9, attempts: 1, lastError: null });
      await claim(NOON + 9);
      await settle({ id, state: 'dead', claimedUntil: NOON + 9 + MINUTE, error: 'gone' });
      expect(await only()).to.include({ state: 'dead', attempts: 2, lastError: 'gone' });
      expect(await claim(NOON + MINUTE)).to.deep.equal([]);
      await within(({ outbox }) => outbox.renew(id, NOON + 10));
      expect(await only()).to.include({ state: 'waiting', attempts: 0, dueAt: NOON + 10, lastError: null });
      await settle({ id, state: 'sent', at: NOON + 11 });
      await settle(
        { id, state: 'waiting', claimedUntil: NOON + 10, dueAt: NOON, failed: true, error: 'late' },
        { id, state: 'dead', claimedUntil: NOON + 10, error: 'late' },
      );
      expect(await only(), 'what was sent stays so').to.include({ state: 'sent', sentAt: NOON + 11, lastError: null });
    });

    it('writes nothing down over a later claim of another, but that it was sent', async () => {
      await add(aNotification(1));
      const [{ id }] = (await claim(NOON)) as [Notification];
      await claim(NOON + MINUTE);
      const late = { id, claimedUntil: NOON + MINUTE };
      const settle = (outcome: Parameters<NotificationStores['outbox']['settle']>[0][number]) =>
        within(({ outbox }) => outbox.settle([outcome]));
      await settle({ ...late, state: 'waiting', dueAt: NOON + MINUTE + 1, failed: true, error: 'late' });
      await settle({ ...late, state: 'dead', error: 'late' });
      const untouched = { state: 'waiting', dueAt: NOON + 2 * MINUTE, attempts: 0, lastError: null };
      expect(await only()).to.include(untouched);
      expect(await claim(NOON + MINUTE + 1)).to.deep.equal([]);
      await settle({ id, state: 'sent', at: NOON + MINUTE + 2 });
      expect(await only()).to.include({ state: 'sent', sentAt: NOON + MINUTE + 2 });
    });

    it('has sent again what was given up, on one channel or on all, and nothing else', async () => {
      await add(
        aNotification(1, { state: 'dead' }),
        aNotification(2, { state: 'dead', channel: 'admin-webhook', userId: 0 }),
        aNotification(3, { state: 'sent' }),
        aNotification(4),
      );
      const renewDead = (channel: Channel | null) => within(({ outbox }) => outbox.renewDead(channel, NOON + 5));
      expect(await renewDead('booking-webhook')).to.equal(0);
      expect(await renewDead('email')).to.equal(1);
      expect((await all()).map(({ eventId, state, dueAt }) => [eventId, state, dueAt]).reverse()).to.deep.equal([
        ...[
          [1, 'waiting', NOON + 5],
          [2, 'dead', NOON],
          [3, 'sent', NOON],
          [4, 'waiting', NOON],
        ],
      ]);
      expect(await renewDead(null)).to.equal(1);
      expect(await renewDead(null)).to.equal(0);
    });

    it('says whether there is anything to do', async () => {
      const { notifications } = subject();
      const anythingDue = (now: number, channels: Channel[] = ['admin-webhook', 'email']) =>
        notifications.anythingDue(now, channels);
      expect(await anythingDue(NOON)).to.deep.equal({ untold: false, due: false });
      await append('a');
      await add(aNotification(1), aNotification(1, { channel: 'in-app', state: 'sent' }));
      expect(await anythingDue(NOON - 1)).to.deep.equal({ untold: true, due: false });
      expect(await anythingDue(NOON)).to.deep.equal({ untold: true, due: true });
      for (const others of [[], ['booking-webhook']] as Channel[][]) {
        expect(await anythingDue(NOON, others)).to.deep.equal({ untold: true, due: false });
      }
    });

    it('says how much is still to be told, and since when', async () => {
      const { notifications } = subject();
      expect(await notifications.backlog()).to.deep.equal({ untold: 0, waiting: 0, dead: 0, since: null });
      await add(
        aNotification(1, { channel: 'in-app', state: 'sent', createdAt: NOON - 9 }),
        aNotification(1, { state: 'dead', createdAt: NOON - 9 }),
      );
      expect(await notifications.backlog()).to.deep.equal({ untold: 0, waiting: 0, dead: 1, since: null });
      await add(aNotification(2, { createdAt: NOON + 5 }), aNotification(3, { createdAt: NOON + 4 }));
      expect(await notifications.backlog()).to.deep.equal({ untold: 0, waiting: 2, dead: 1, since: NOON + 4 });
      await append('a', 'b');
      expect(await notifications.backlog()).to.deep.equal({ untold: 2, waiting: 2, dead: 1, since: NOON });
    });

    it('shows each user what is on their page, read or not', async () => {
      const own = { channel: 'in-app', state: 'sent' } as const;
      await add(
        ...[1, 2, 3].map((eventId) => aNotification(eventId, own)),
        aNotification(1, { ...own, userId: 2 }),
        aNotification(1),
      );
      const { notifications } = subject();
      const page = (unread: boolean, offset = 0) => notifications.ofUser(1, { unread, limit: 2, offset });
      const first = await page(false);
      expect([first.total, first.items.map(({ eventId }) => eventId)]).to.deep.equal([3, [3, 2]]);
      await within(({ outbox }) => outbox.markRead(first.items[0]!.id, NOON + 1));
      await within(({ outbox }) => outbox.markRead(first.items[0]!.id, NOON + 2));
      const unread = await page(true);
      expect([unread.total, unread.items.map(({ eventId }) => eventId)]).to.deep.equal([2, [2, 1]]);
      expect((await page(false)).items[0]!.readAt).to.equal(NOON + 1);
      expect((await page(false, 2)).items.map(({ eventId }) => eventId)).to.deep.equal([1]);
    });

    it('lets a deed be done once', async () => {
      const once = (key: string) => within(({ outbox }) => outbox.once(key, NOON));
      const first = await Promise.all(Array.from({ length: 5 }, () => once('a')));
      expect(first.filter((isFirst) => isFirst)).to.have.length(1);
      await givingUp(subject().work, ({ outbox }) => outbox.once('b', NOON));
      expect([await once('a'), await once('b'), await once('b')]).to.deep.equal([false, true, false]);
    });

    it('forgets what is old, but nothing that waits', async () => {
      await add(
        aNotification(1, { state: 'sent' }),
        aNotification(2),
        aNotification(3, { state: 'dead', createdAt: NOON + 5 }),
      );
      await within(({ outbox }) => outbox.once('old', NOON));
      await within(({ outbox }) => outbox.removeBefore(NOON + 1));
      expect((await all()).map(({ eventId }) => eventId)).to.deep.equal([3, 2]);
      expect(await within(({ outbox }) => outbox.once('old', NOON + 2))).to.equal(true);
    });
  });
};
