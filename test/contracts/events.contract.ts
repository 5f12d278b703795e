import { expect } from 'chai';
import type { BookingEvent, LabEvent } from '../../domain/index.js';
import { givingUp } from './racing.js';
import { hours, LATEST, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

const anEvent = (other: Partial<BookingEvent> = {}): BookingEvent => ({
  type: 'booking.requested',
  at: NOON,
  actorId: 1,
  concerns: [1, 2],
  groupId: 'group',
  ownerId: 1,
  collaboratorIds: [2],
  bookings: [
    {
      ...{ id: 7, deviceId: 3, deviceType: 'ROADM', deviceName: 'ROADM 1', status: 'PENDING' },
      ...hours(1, 2),
    },
  ],
  message: 'Ω 測 🔌\n"quoted"',
  ...other,
});

/** For the EventLog of a UnitOfWork and the EventHistory that reads it. */
export const eventsContract = (name: string, open: OpenSubject<'work' | 'events'>): void => {
  describe(`${name} as a log of events`, () => {
    const subject = forEachTest(open);
    const append = (event: LabEvent) => subject().work.run(({ events }) => events.append(event));

    it('tells what happened in the order in which it was committed, as it was told', async () => {
      const told = [anEvent(), anEvent({ at: LATEST, actorId: null, concerns: [] }), anEvent({ message: '' })];
      for (const event of told) await append(event);
      const found = await subject().events.after(0, 10);
      expect(found.map(({ event }) => event)).to.deep.equal(told);
      expect(found.map(({ id }) => id)).to.deep.equal(found.map(({ id }) => id).sort((a, b) => a - b));
    });

    it('goes on behind an id, and no further than asked', async () => {
      for (const message of ['1', '2', '3', '4']) await append(anEvent({ message }));
      const [first] = await subject().events.after(0, 1);
      const next = await subject().events.after(first!.id, 2);
      expect(next.map(({ event }) => 'message' in event && event.message)).to.deep.equal(['2', '3']);
      const last = await subject().events.after(next[1]!.id, 10);
      expect(await subject().events.after(last[0]!.id, 10)).to.deep.equal([]);
    });

    it('forgets what happened in work that failed', async () => {
      const { work, events } = subject();
      await givingUp(work, (stores) => stores.events.append(anEvent()));
      expect(await events.after(0, 10)).to.deep.equal([]);
    });

    it('keeps an event with a thousand bookings', async () => {
      const [booking] = anEvent().bookings;
      const many = anEvent({ bookings: Array.from({ length: 1000 }, (_, id) => ({ ...booking!, id })) });
      await append(many);
      expect((await subject().events.after(0, 1))[0]?.event).to.deep.equal(many);
    });
  });
};
