import { expect } from 'chai';
import { HOUR, MINUTE } from '../../domain/index.js';
import { Correspondents, reachablePerson, tell } from '../support/correspondents.js';
import { importDevices } from '../support/devices.js';
import { booked, slotsOf } from '../support/groups.js';
import { forEveryStore, type OpenLab } from '../support/labs.js';
import { ManualClock } from '../support/manual-clock.js';
import { administrator, type Agent } from '../support/people.js';

/** What came to the room of bookings, by its first line. */
const ROOM = [
  '**Booking requested\\: ROADM 1 for ada**',
  '**Booking requested\\: ROADM 1 for bob**',
  '**Booking confirmed\\: ROADM 1 for ada**',
  '**Booking rejected\\: ROADM 1 for bob**',
  '**Booking extended\\: ROADM 1 for ada**',
  '**Maintenance\\: ROADM 1**',
  '**Booking cancelled\\: ROADM 1 for ada**',
];

/** Who got which letters, sorted. */
const MAIL = [
  ...['Booking requested', 'Booking confirmed', 'Booking extended', 'Booking cancelled'].map(
    (what) => `ada: [OpenLab] ${what}: ROADM 1 for ada`,
  ),
  'ada: [OpenLab] Maintenance: ROADM 1',
  ...['Booking requested', 'Booking rejected'].map((what) => `bob: [OpenLab] ${what}: ROADM 1 for bob`),
].sort();

forEveryStore('telling people', (openLab) => {
  const others = new Correspondents();
  let open: OpenLab;
  let clock: ManualClock;
  let [ada, bob, root] = [] as unknown as [Agent, Agent, Agent];

  beforeEach(async () => {
    await others.start();
    clock = new ManualClock();
    open = await openLab({ clock, notifiers: others.notifiers });
    root = await administrator(open.lab, open.server);
    ada = await reachablePerson(open.server, 'ada', '123456789012345678');
    bob = await reachablePerson(open.server, 'bob', null);
    for (const sink of [others.bookings, others.admins]) sink.posted.length = 0;
    others.mail.received.length = 0;
  });
  afterEach(async () => {
    await open.lab.deliverNotifications.stop();
    await others.stop();
  });

  const steps = (): (() => Promise<unknown>)[] => {
    let device = 0;
    let [hers, his] = [0, 0];
    const slot = ['2026-11-24 09:00-12:00'];
    return [
      async () => {
        [device = 0] = await importDevices(open.lab, [{ name: 'ROADM 1' }]);
        const { ids } = await booked(ada, slotsOf(device, slot, { message: '@everyone *hi* <@1>' }));
        [hers = 0] = ids;
      },
      async () => {
        const { bookings } = slotsOf(device, slot);
        const wish = { bookings: bookings.map((item) => ({ ...item, status: 'CONFLICTING' })) };
        [his = 0] = (await booked(bob, wish)).ids;
      },
      () => root.put(`/admin/bookings/${hers}`).send({ status: 'CONFIRMED' }).expect(200),
      () => root.put(`/admin/bookings/${his}`).send({ status: 'REJECTED', comment: 'ada has it' }).expect(200),
      () => root.patch(`/bookings/${hers}/extend`).send({ new_end_date: '2026-11-25' }).expect(200),
      () =>
        root
          .post(`/api/devices/${device}/maintenance`)
          .send({ start_time: '2026-11-24T10:00Z', end_time: '2026-11-24T11:00Z', reason: 'fans' })
          .expect(201),
      () => ada.put(`/bookings/${hers}/cancel`).expect(200),
    ];
  };

  const expectExactlyTheStory = () => {
    expect(others.bookings.contents.map((content) => content.split('\n')[0])).to.deep.equal(ROOM);
    expect(others.admins.contents).to.deep.equal([]);
    const mail = others.mail.received.map(({ recipients, subject }) => `${recipients.join()}: ${subject ?? ''}`);
    expect(mail.map((line) => line.replace('@people.example', '')).sort()).to.deep.equal(MAIL);
  };

  it('tells a whole story to everybody whom it concerns, once each', async () => {
    for (const step of steps()) {
      clock.advance(MINUTE);
      await step();
      await tell(open.lab);
    }
    expectExactlyTheStory();

    const [first] = others.bookings.posted;
    expect(first?.allowed_mentions).to.deep.equal({ parse: [], users: ['123456789012345678'] });
    expect(first?.content.split('\n')).to.deep.equal([
      '**Booking requested\\: ROADM 1 for ada**',
      '<@123456789012345678>',
      'User: ada',
      'Action required: approve or reject',
      'Devices: ROADM 1',
      'When: 2026\\-11\\-24 09\\:00 to 12\\:00 \\(Europe\\/Dublin\\)',
      'Message: \\@everyone \\*hi\\* \\<\\@1\\>',
    ]);
    expect(others.bookings.posted[1]?.allowed_mentions).to.deep.equal({ parse: [], users: [] });
    await tell(open.lab);
    expectExactlyTheStory();
  });

  it('tells the same when everybody outside goes away in the middle, and comes back an hour later', async () => {
    const story = steps();
    for (const [index, step] of story.entries()) {
      if (index === 2) await others.stop();
      clock.advance(MINUTE);
      await step();
      await tell(open.lab);
    }
    expect(others.bookings.contents).to.have.length(2);
    for (let minute = 0; minute < 60; minute += 1) {
      clock.advance(MINUTE);
      await tell(open.lab);
    }
    await others.start();
    clock.advance(HOUR);
    await tell(open.lab);
    expectExactlyTheStory();
    const { items } = await open.lab.notifications.withState('waiting', { limit: 10, offset: 0 });
    expect(items).to.deep.equal([]);
  });
});
