import { expect } from 'chai';
import type { Lab } from '../../composition/compose.js';
import { isoOf, type Booking } from '../../domain/index.js';
import type { KeptRows, OpenStore } from './stores.js';
import type { Agent } from './people.js';

/** What was booked, as later requests name it. */
export interface Booked {
  readonly group: string;
  /** In the order of the slots that were asked for. */
  readonly ids: readonly number[];
  readonly statuses: readonly string[];
}

interface GrantedReply {
  readonly grouped_booking_id: string;
  readonly bookings: readonly { readonly booking_id: number; readonly status: string }[];
}

/** What a reply that granted bookings says. */
export const bookedBy = (body: unknown): Booked => {
  const { grouped_booking_id: group, bookings } = body as GrantedReply;
  return {
    group,
    ids: bookings.map((booking) => booking.booking_id),
    statuses: bookings.map((booking) => booking.status),
  };
};

/** Sends the form of `POST /bookings`, which is granted. */
export const booked = async (agent: Agent, form: object): Promise<Booked> => {
  const reply = await agent.post('/bookings').send(form);
  expect(reply.status, reply.text).to.equal(200);
  return bookedBy(reply.body);
};

/** The form of `POST /bookings` for one device in slots of lab time, `2026-11-24 09:00-12:00` each. */
export const slotsOf = (deviceId: number, slots: readonly string[], more: object = {}) => ({
  bookings: slots.map((slot) => {
    const [date = '', times = ''] = slot.split(' ');
    const [from = '', to = ''] = times.split('-');
    return { device_id: deviceId, start_time: `${date}T${from}`, end_time: `${date}T${to}` };
  }),
  ...more,
});

/** Who is signed in. */
export const userIdOf = async (agent: Agent): Promise<number> =>
  (await agent.get('/session').expect(200)).body.user_id as number;

/** `17 2026-11-24T09:00Z 2026-11-24T12:00Z PENDING`: device, slot and status of each, by device and start. */
const inWords = (bookings: readonly Booking[]): string[] =>
  [...bookings]
    .sort((a, b) => a.deviceId - b.deviceId || a.slot.start - b.slot.start)
    .map(({ deviceId, slot, status }) => {
      const [start, end] = [slot.start, slot.end].map((at) => isoOf(at).replace(':00.000Z', 'Z'));
      return `${deviceId} ${start!} ${end!} ${status}`;
    });

/** Every booking of a group as it is stored, in words. */
export const groupInWords = async (lab: Lab, group: string): Promise<string[]> =>
  inWords(await lab.work.run(({ bookings }) => bookings.ofGroup(group)));

export const bookingOf = (lab: Lab, id: number): Promise<Booking | null> =>
  lab.work.run(({ bookings }) => bookings.find(id));

export const statusOf = async (lab: Lab, id: number): Promise<string | undefined> => (await bookingOf(lab, id))?.status;

const withoutSessions = async (store: Pick<OpenStore, 'rows'>): Promise<KeptRows> => {
  const { sessions: _, ...rows } = await store.rows();
  const isRefusal = (row: unknown) => JSON.stringify(row).includes('permission.refused');
  return Object.fromEntries(
    Object.entries(rows).map(([table, kept]) => [
      table,
      // Noted after the reply, and no change of anything.
      table.startsWith('audit') ? kept.filter((row) => !isRefusal(row)) : kept,
    ]),
  );
};

/** Does it and shows that nothing was written: no booking, no audit entry. */
export const writingNothing = async <Result>(
  store: Pick<OpenStore, 'rows'>,
  deed: () => PromiseLike<Result>,
): Promise<Result> => {
  const before = await withoutSessions(store);
  const result = await deed();
  expect(await withoutSessions(store)).to.deep.equal(before);
  return result;
};

/** The lab's records violate no invariant. */
export const expectNoViolation = async (lab: Lab): Promise<void> => {
  expect((await lab.checkInvariants.execute()).violations).to.deep.equal([]);
};
