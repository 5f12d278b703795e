import { expect } from 'chai';
import { RecordingNotifier } from '../../../adapters/memory/recording-notifier.js';
import type { Delivery } from '../../../application/index.js';
import { notifiers } from '../../../composition/notifiers.js';
import { DAY, HOUR, MINUTE } from '../../../domain/index.js';
import { reachablePerson, tell } from '../../support/correspondents.js';
import { importDevices } from '../../support/devices.js';
import { booked, slotsOf } from '../../support/groups.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, somebodyWith, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

interface Item {
  readonly id: number;
  readonly type: string;
  readonly text: string;
  readonly link: string;
  readonly read_at: string | null;
}

interface OperatorsItem extends Item {
  readonly channel: string;
  readonly state: string;
  readonly attempts: number;
  readonly due_at: string | null;
  readonly last_error: string | null;
}

const GONE: Delivery = { kind: 'later', reason: 'nobody there', everybody: true };

forEveryStore('notifications', (openLab) => {
  let open: OpenLab;
  let clock: ManualClock;
  let room: RecordingNotifier;
  let mail: RecordingNotifier;
  let [ada, root] = [] as unknown as [Agent, Agent];
  let device = 0;

  beforeEach(async () => {
    clock = new ManualClock();
    [room, mail] = [new RecordingNotifier(), new RecordingNotifier()];
    const channels = notifiers(
      new Map([
        ['booking-webhook', room],
        ['email', mail],
      ]),
    );
    open = await openLab({ clock, notifiers: channels });
    root = await administrator(open.lab, open.server);
    ada = await reachablePerson(open.server, 'ada', null);
    [device = 0] = await importDevices(open.lab, [{ name: 'ROADM 1' }]);
    await tell(open.lab);
  });

  const book = (date = '2026-11-24', more = {}) => booked(ada, slotsOf(device, [`${date} 09:00-12:00`], more));
  const own = async (query = '') =>
    (await ada.get(`/api/notifications${query}`).expect(200)).body as { items: Item[]; meta: object };
  const all = async (query = '') =>
    ((await root.get(`/admin/v2/notifications${query}`).expect(200)).body as { items: OperatorsItem[] }).items;
  const titles = (notifier: RecordingNotifier) => notifier.letters.map(({ message }) => message.title);

  it('are on the page of whom they concern, until they are read', async () => {
    const { ids } = await book();
    await root.put(`/admin/bookings/${ids[0]!}`).send({ status: 'CONFIRMED', comment: 'have fun' });
    await tell(open.lab);
    const { items, meta } = await own('?unread=true');
    expect(meta).to.deep.equal({ total: 2, limit: 25, offset: 0 });
    expect(items.map(({ type, text, link, read_at }) => ({ type, text, link, read_at }))).to.deep.equal([
      {
        ...{ type: 'booking.confirmed', link: '/bookings', read_at: null },
        text: 'Booking confirmed: ROADM 1 for ada. 2026-11-24 09:00 to 12:00 (Europe/Dublin). have fun',
      },
      {
        ...{ type: 'booking.requested', link: '/bookings', read_at: null },
        text: 'Booking requested: ROADM 1 for ada. 2026-11-24 09:00 to 12:00 (Europe/Dublin)',
      },
    ]);
    await ada.post(`/api/notifications/${items[0]!.id}/read`).expect(200);
    expect((await own('?unread=true')).items.map(({ type }) => type)).to.deep.equal(['booking.requested']);
    expect((await own()).items[0]!.read_at).to.equal('2026-11-23T09:00:00.000Z');
    const bob = await signedIn(open.server, 'bob');
    await bob.post(`/api/notifications/${items[1]!.id}/read`).expect(problem(404, 'notification.not-found'));
    expect((await bob.get('/api/notifications').expect(200)).body.items).to.deep.equal([]);
  });

  it('are in the end sent in the order in which things happened, however long nobody was there', async () => {
    room.answerWith(GONE);
    await book('2026-11-24');
    for (let minutes = 0; minutes < 60; minutes += 1) {
      if (minutes === 30) await book('2026-11-25');
      await tell(open.lab);
      clock.advance(MINUTE);
    }
    const [later, first] = await all('?state=waiting');
    expect(first).to.include({ channel: 'booking-webhook', last_error: 'nobody there' });
    expect(first!.attempts).to.be.within(8, 15);
    expect(later!.attempts).to.equal(0);
    expect(titles(mail)).to.have.length(2);
    room.answerWith(null);
    clock.advance(15 * MINUTE);
    await tell(open.lab);
    expect(
      room.letters.map(({ message }) => message.facts.find(({ label }) => label === 'When')?.text.slice(0, 10)),
    ).to.deep.equal(['2026-11-24', '2026-11-25']);
    expect(await all('?state=waiting')).to.deep.equal([]);
  });

  it('wait as long as a channel wants a pause, which costs no attempt', async () => {
    room.answerWith({ kind: 'later', reason: 'too many', after: 5000, everybody: true });
    await book();
    await tell(open.lab);
    expect((await all('?state=waiting'))[0]).to.include({ attempts: 0, due_at: '2026-11-23T09:00:05.000Z' });
    room.answerWith({ kind: 'delivered', pause: 400 });
    clock.advance(4999);
    await tell(open.lab);
    expect(room.letters).to.have.length(0);
    clock.advance(1);
    await book('2026-11-25');
    await tell(open.lab);
    expect(room.letters, 'one, and then the pause').to.have.length(1);
    clock.advance(400);
    await tell(open.lab);
    expect(room.letters).to.have.length(2);
  });

  it('are given up when they are refused, or not taken for a day, and sent again by an operator', async () => {
    room.answerWith({ kind: 'refused', reason: 'no such webhook' });
    await book();
    await tell(open.lab);
    const [dead] = await all('?state=dead');
    expect(dead).to.include({ state: 'dead', attempts: 1, last_error: 'no such webhook', due_at: null });
    clock.advance(DAY);
    await tell(open.lab);
    expect(room.letters).to.deep.equal([]);

    const vera = await somebodyWith(open.lab, open.server, 'Viewer', 'vera');
    await vera.get('/admin/v2/notifications').expect(200);
    await vera.post(`/admin/v2/notifications/${dead!.id}/retry`).expect(problem(403, 'permission.denied'));
    await ada.get('/admin/v2/notifications').expect(problem(403, 'permission.denied'));
    await root.post('/admin/v2/notifications/999999/retry').expect(problem(404, 'notification.not-found'));

    room.answerWith(null);
    await root.post(`/admin/v2/notifications/${dead!.id}/retry`).expect(200);
    await tell(open.lab);
    expect(room.letters).to.have.length(1);
    await root.post(`/admin/v2/notifications/${dead!.id}/retry`).expect(problem(409, 'notification.sent'));

    room.answerWith({ ...GONE, everybody: false });
    await book('2026-11-25');
    for (let attempt = 0; attempt < 100; attempt += 1) {
      await tell(open.lab);
      clock.advance(15 * MINUTE);
    }
    expect((await all('?state=dead'))[0]).to.include({ attempts: 100, last_error: 'nobody there' });
  });

  it('lose nothing to a webhook that is gone, and say on what they wait', async () => {
    const reason = 'Discord answered 404: the webhook does not exist (any more)';
    room.answerWith({ kind: 'later', reason, after: 15 * MINUTE, everybody: true });
    await book('2026-11-25');
    await book('2026-11-26');
    for (let quarters = 0; quarters < 4; quarters += 1) {
      await tell(open.lab);
      clock.advance(15 * MINUTE);
    }
    const waiting = await all('?state=waiting');
    expect(waiting.map(({ channel, attempts }) => `${channel} ${attempts}`)).to.deep.equal([
      ...['booking-webhook 0', 'booking-webhook 0'],
    ]);
    expect(waiting.at(-1)).to.include({ last_error: reason });
    expect(await all('?state=dead')).to.deep.equal([]);
    room.answerWith(null);
    await tell(open.lab);
    expect(room.letters).to.have.length(2);
  });

  it('are sent again all at once by an operator, on the channel that was mended', async () => {
    const refused: Delivery = { kind: 'refused', reason: 'no' };
    for (const notifier of [room, mail]) notifier.answerWith(refused);
    for (const date of ['2026-11-24', '2026-11-25', '2026-11-26']) await book(date);
    await tell(open.lab);
    for (const notifier of [room, mail]) notifier.answerWith(null);

    const retry = '/admin/v2/notifications/retry';
    const vera = await somebodyWith(open.lab, open.server, 'Viewer', 'vera');
    await vera.post(retry).send({ state: 'dead' }).expect(problem(403, 'permission.denied'));
    for (const wrong of [{}, { state: 'sent' }, { state: 'dead', channel: 'pigeon' }]) {
      await root.post(retry).send(wrong).expect(problem(422));
    }
    const again = async (channel?: string) =>
      ((await root.post(retry).send({ state: 'dead', channel }).expect(200)).body as { count: number }).count;
    expect(await again('booking-webhook')).to.equal(3);
    await tell(open.lab);
    expect([room.letters.length, mail.letters.length]).to.deep.equal([3, 0]);
    expect([await again(), await again()]).to.deep.equal([3, 0]);
    await tell(open.lab);
    expect([room.letters.length, mail.letters.length]).to.deep.equal([3, 3]);

    const { body } = await root.get('/admin/v2/logs?action=notification.retried').expect(200);
    expect(JSON.stringify(body)).to.include('had 3 notification(s) sent again that were given up');
  });

  it('go to nobody whose account is gone by then, and are worded for who is there', async () => {
    mail.answerWith(GONE);
    await book();
    await tell(open.lab);
    const { user_id: adaId } = (await ada.get('/session')).body as { user_id: number };
    await open.lab.work.run(({ users }) => users.setStatus(adaId, 'disabled'));
    mail.answerWith(null);
    clock.advance(HOUR);
    await tell(open.lab);
    expect(mail.letters).to.deep.equal([]);
    expect((await all('?state=dead'))[0]!.last_error).to.equal('the account is gone or disabled');
  });

  it('of what was undone are never made', async () => {
    await open.lab.work
      .run(async ({ events }) => {
        await events.append({ type: 'approvals.pending', at: 0, actorId: null, concerns: [1], count: 1, waiting: [] });
        throw new Error('undone');
      })
      .catch(() => undefined);
    await tell(open.lab);
    expect(await all()).to.deep.equal([]);
  });

  it('are sent once when several processes send at once', async () => {
    const dates = Array.from({ length: 12 }, (_, index) => `2026-12-${String(index + 1).padStart(2, '0')}`);
    for (const date of dates) await book(date);
    await open.lab.fanOutEvents.execute();
    const { work, deliverNotifications } = open.lab;
    const others = { claimed: 0 };
    const another = async () => {
      const claimed = await work.run(({ outbox }) => outbox.claim('email', 5, clock.now(), clock.now() + MINUTE));
      others.claimed += claimed.length;
    };
    await Promise.all([another(), deliverNotifications.execute(), another()]);
    expect(mail.letters.length + others.claimed).to.equal(12);
    clock.advance(MINUTE);
    await tell(open.lab);
    expect(new Set(mail.letters.map(({ id }) => id)).size).to.equal(12);
    expect(mail.letters).to.have.length(12);
  });

  it('remind once of a time that will soon be over, and not of one that goes on', async () => {
    const { ids } = await booked(ada, slotsOf(device, ['2026-11-23 10:00-11:00', '2026-11-23 11:00-12:00']));
    const approve = { booking_ids: ids };
    await root.post('/admin/v2/bookings/approve').send(approve).expect(200);
    const reminders = async () => {
      await open.lab.remindOfEnds.execute();
      await tell(open.lab);
      return titles(room).filter((title) => title.startsWith('Booking ends soon'));
    };
    clock.advance(HOUR + 59 * MINUTE);
    expect(await reminders(), 'at 10:59').to.deep.equal([]);
    clock.advance(MINUTE);
    expect(await reminders()).to.deep.equal(['Booking ends soon: ROADM 1 for ada']);
    clock.advance(MINUTE);
    expect(await reminders()).to.have.length(1);
  });

  it('list once a day to approvers what awaits them', async () => {
    const kim = await somebodyWith(open.lab, open.server, 'Approver', 'kim');
    const { user_id: kimId } = (await kim.get('/session')).body as { user_id: number };
    const digests = async () => {
      await open.lab.sendDigest.execute();
      const events = await open.lab.events.after(0, 1000);
      return events.map(({ event }) => event).filter((event) => event.type === 'approvals.pending');
    };
    clock.set(Date.UTC(2026, 10, 24, 7, 59));
    await book('2026-11-26');
    expect(await digests()).to.deep.equal([]);
    clock.advance(MINUTE);
    const [digest] = await digests();
    expect(digest!.concerns).to.include(kimId);
    expect(digest).to.include({ count: 1 });
    expect(await digests()).to.have.length(1);
    clock.advance(DAY);
    expect(await digests()).to.have.length(2);
  });
});
