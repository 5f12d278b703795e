import { expect } from 'chai';
import fc from 'fast-check';
import {
  DAY,
  describeEvent,
  LabZone,
  liveKindsOf,
  MINUTE,
  recipientsOf,
  sequenceOf,
  usualTelling,
  waitAfter,
  type BookingEvent,
  type Channel,
  type FibreEvent,
  type LabEvent,
  type PowerEvent,
  type MaintenanceEvent,
  type Role,
} from '../../../domain/index.js';

const zone = new LabZone('Europe/Dublin');
const nameOf = (id: number) => `user${id}`;

const aBooking = (other: Partial<BookingEvent> = {}): BookingEvent => ({
  ...{
    type: 'booking.requested',
    at: 1000,
    actorId: 1,
    concerns: [1, 2],
    groupId: 'g',
    ownerId: 1,
    collaboratorIds: [2],
  },
  ...{ message: 'please' },
  bookings: [
    {
      ...{ id: 7, deviceId: 3, deviceType: 'ROADM', deviceName: 'ROADM 1', status: 'PENDING', createdAt: 400 },
      ...{ start: Date.UTC(2026, 6, 1, 8), end: Date.UTC(2026, 6, 1, 23, 30) },
    },
  ],
  ...other,
});

const aMaintenance = (hit: boolean): MaintenanceEvent => ({
  ...{ type: 'maintenance.announced', at: 0, actorId: 9, concerns: hit ? [1] : [], start: 0, end: 1, reason: '' },
  device: { id: 3, type: 'ROADM', name: 'ROADM 1', status: 'active' },
  affected: hit ? [{ ...aBooking().bookings[0]!, ownerId: 1, groupId: 'g' }] : [],
});

const pulled: FibreEvent = {
  ...{ type: 'fibre.removed', at: 0, actorId: 9, concerns: [1, 2], groupId: 'g', ownerId: 1, collaboratorIds: [2] },
  bookings: aBooking().bookings,
  links: [{ id: 7, label: null, a: 'ROADM 1 L1', b: 'Polatis 1/9' }],
};

const everyChannel = new Set<Channel>(['in-app', 'email', 'booking-webhook', 'admin-webhook']);
const people = new Map([
  [1, { email: 'one@people.example' }],
  [2, { email: null }],
]);
const told = (event: LabEvent, open: ReadonlySet<Channel> = everyChannel) =>
  recipientsOf(event, usualTelling, people, open).map(({ channel, userId }) => `${channel} ${userId}`);

describe('who is told of an event', () => {
  it('is everybody concerned once by each way that reaches them, and a room once', () => {
    expect(told(aBooking({ concerns: [1, 2, 1, 99] }))).to.deep.equal([
      ...['in-app 1', 'in-app 2', 'email 1', 'booking-webhook 0'],
    ]);
  });

  it('is nobody by ways that the lab does not have', () => {
    expect(told(aBooking(), new Set(['in-app']))).to.deep.equal(['in-app 1', 'in-app 2']);
  });

  it('is nobody when no way is named for it', () => {
    const event: LabEvent = {
      type: 'device.changed',
      at: 0,
      actorId: 1,
      concerns: [1],
      device: aMaintenance(true).device,
    };
    expect(told(event)).to.deep.equal([]);
  });

  it('is no room when a maintenance hits nobody', () => {
    expect(told(aMaintenance(true))).to.include('booking-webhook 0');
    expect(told(aMaintenance(false))).to.deep.equal([]);
  });
});

describe('an event in words', () => {
  it('says which fibre was pulled, and whose bookings are over it', () => {
    const { title, facts } = describeEvent(pulled, nameOf, zone);
    expect(title).to.equal('Fibre removed: ROADM 1 for user1');
    expect(facts.map(({ label, text }) => `${label}: ${text}`)).to.deep.equal([
      'User: user1',
      'By: user9',
      'Action required: check the booking: its devices may not be connected as they were',
      'Fibre: link 7 (ROADM 1 L1 to Polatis 1/9)',
      'Devices: ROADM 1',
      'When: 2026-07-01 09:00 to 2026-07-02 00:30 (Europe/Dublin)',
    ]);
    expect(told(pulled)).to.deep.equal(['in-app 1', 'in-app 2', 'email 1', 'booking-webhook 0']);
  });

  it('says who asked for what and when, in lab time', () => {
    const { title, facts, about } = describeEvent(aBooking(), nameOf, zone);
    expect(title).to.equal('Booking requested: ROADM 1 for user1');
    expect(about).to.equal(1);
    expect(facts.map(({ label, text }) => `${label}: ${text}`)).to.deep.equal([
      'User: user1',
      'Action required: approve or reject',
      'Devices: ROADM 1',
      'When: 2026-07-01 09:00 to 2026-07-02 00:30 (Europe/Dublin)',
      'Collaborators: user2',
      'Message: please',
    ]);
  });

  it('is short, however many bookings it is about', () => {
    const [first] = aBooking().bookings;
    const bookings = Array.from({ length: 1000 }, (_, n) => ({
      ...first!,
      id: n,
      deviceName: `D ${n}`,
      start: n * DAY,
      end: n * DAY + MINUTE,
    }));
    const { title, facts, invitations } = describeEvent(
      aBooking({ bookings, message: 'x'.repeat(5000) }),
      nameOf,
      zone,
    );
    expect(title).to.equal('Booking requested: D 0, D 1, D 2 and 997 more for user1');
    expect(facts.map(({ label }) => label)).to.include.members(['First slot', 'Last slot']);
    expect(facts.map(({ text }) => text.length).reduce((sum, length) => sum + length, 0)).to.be.lessThan(1200);
    expect(invitations).to.have.length(50);
  });

  it('knows every type of booking event, and speaks of those that it does not know', () => {
    for (const type of Object.keys(usualTelling).filter((name) => name.startsWith('booking.'))) {
      const { title } = describeEvent(aBooking({ type: type as BookingEvent['type'] }), nameOf, zone);
      expect(title, type).to.match(/^[A-Z].*: ROADM 1 for user1$/);
    }
    const later = { type: 'device.on-fire', at: 0, actorId: null, concerns: [] };
    expect(describeEvent(later as unknown as LabEvent, nameOf, zone)).to.include({
      title: 'device on fire',
      link: '/',
    });
  });

  it('says which device, outlet and PDU have trouble, and what it is', () => {
    const trouble: PowerEvent = {
      ...{ type: 'power.trouble', at: 0, actorId: null, concerns: [1], pdu: 'PDU 1', outlet: 3 },
      ...{ device: { id: 7, name: 'ROADM 1' }, bookingId: null, before: 'off', after: 'off', confirmed: false },
      message: 'It did not become on within 10 s.',
    };
    const told = (event: PowerEvent) => {
      const { title, facts, link } = describeEvent(event, nameOf, zone);
      return [title, ...facts.map(({ label, text }) => `${label}: ${text}`), link];
    };
    expect(told(trouble)).to.deep.equal([
      'Power trouble: ROADM 1',
      'Outlet: PDU 1 outlet 3',
      'State: off (was off)',
      'Trouble: It did not become on within 10 s.',
      '/devices/7',
    ]);
    const whole = { ...trouble, outlet: null, device: null, before: null, after: null, message: 'It is silent.' };
    expect(told(whole)).to.deep.equal(['Power trouble: PDU 1', 'Trouble: It is silent.', '/admin']);
    expect(told({ ...trouble, type: 'power.changed', after: 'on', message: 'booking 5 begins' })).to.deep.equal([
      'Power: ROADM 1',
      'Outlet: PDU 1 outlet 3',
      'State: on (was off)',
      'Reason: booking 5 begins',
      '/devices/7',
    ]);
  });

  it('invites to what holds, and takes out of calendars what does not any more', () => {
    const invitations = (type: BookingEvent['type'], status: 'PENDING' | 'CONFIRMED' | 'CANCELLED' | 'EXPIRED') => {
      const bookings = aBooking().bookings.map((booking) => ({ ...booking, status }));
      return describeEvent(aBooking({ type, bookings }), nameOf, zone).invitations.map(
        (invitation) => `${invitation.method} ${invitation.status} ${invitation.sequence}`,
      );
    };
    expect(invitations('booking.requested', 'PENDING')).to.deep.equal(['REQUEST TENTATIVE 600']);
    expect(invitations('booking.confirmed', 'CONFIRMED')).to.deep.equal(['REQUEST CONFIRMED 600']);
    expect(invitations('booking.cancelled', 'CANCELLED')).to.deep.equal(['CANCEL CANCELLED 600']);
    expect(invitations('booking.deleted', 'CONFIRMED')).to.deep.equal(['CANCEL CANCELLED 600']);
    expect(invitations('booking.expires-soon', 'CONFIRMED')).to.deep.equal([]);
    expect(invitations('booking.extended', 'EXPIRED')).to.deep.equal([]);
  });
});

describe('the number of a change of a booking', () => {
  it('rises with time for years, and fits into 31 bits', () => {
    const age = fc.integer({ min: 0, max: 20 * 366 * DAY });
    fc.assert(
      fc.property(age, age, (one, other) => {
        const [first, second] = [Math.min(one, other), Math.max(one, other)];
        expect(sequenceOf(7, 7 + first)).to.be.at.most(sequenceOf(7, 7 + second));
        if (second - first >= 1000 || (second > first && second < 6 * DAY)) {
          expect(sequenceOf(7, 7 + first)).to.be.lessThan(sequenceOf(7, 7 + second));
        }
        expect(sequenceOf(7, 7 + second)).to.be.at.most(2 ** 31 - 1);
      }),
    );
  });
});

describe('waiting after attempts that failed', () => {
  it('doubles up to a quarter of an hour, spread over half of it', () => {
    expect([1, 2, 3, 4].map((attempts) => waitAfter(attempts, 1))).to.deep.equal([1000, 2000, 4000, 8000]);
    expect(waitAfter(1, 0)).to.equal(500);
    for (const attempts of [11, 100, 1e9]) expect(waitAfter(attempts, 1)).to.equal(15 * MINUTE);
  });
});

describe('what a live page is told', () => {
  const viewer = (role: Role, id = 5) => ({ id, username: 'v', role });

  it('is what everybody sees, and to approvers that they are needed', () => {
    expect(liveKindsOf(aBooking(), viewer('User'))).to.deep.equal(['booking.created']);
    expect(liveKindsOf(aBooking(), viewer('Approver'))).to.deep.equal(['booking.created', 'approval.needed']);
    const confirmed = aBooking().bookings.map((booking) => ({ ...booking, status: 'CONFIRMED' as const }));
    expect(liveKindsOf(aBooking({ bookings: confirmed }), viewer('Admin'))).to.deep.equal(['booking.created']);
    expect(liveKindsOf(aBooking({ type: 'booking.cancelled' }), viewer('Approver'))).to.deep.equal(['booking.changed']);
    expect(liveKindsOf(aMaintenance(false), viewer('User'))).to.deep.equal(['device.changed']);
    expect(liveKindsOf(pulled, viewer('User'))).to.deep.equal(['device.changed']);
  });

  it('is of power only what is theirs to see', () => {
    const power = { type: 'power.changed', at: 0, actorId: null, concerns: [5] } as unknown as LabEvent;
    expect(liveKindsOf(power, viewer('User'))).to.deep.equal(['power.changed']);
    expect(liveKindsOf(power, viewer('User', 6))).to.deep.equal([]);
    expect(liveKindsOf(power, viewer('Viewer', 6))).to.deep.equal(['power.changed']);
  });
});
