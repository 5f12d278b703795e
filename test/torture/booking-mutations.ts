import { isoOf } from '../../domain/index.js';
import type { Call } from '../support/light-client.js';
import type { Deed } from './deed.js';
import type { AcknowledgedBooking } from './known-booking.js';
import { settle, wasDone, type Mutation, type Reply, type Step } from './mutation.js';
import { onDay, someSlot } from './world.js';

export interface GrantedBody {
  readonly grouped_booking_id: string;
  readonly bookings: readonly {
    readonly booking_id: number;
    readonly device_id: number;
    readonly start_time: string;
    readonly end_time: string;
    readonly status: string;
  }[];
}

/** What is sent, and what it asks for. */
interface Wish {
  readonly size: number;
  readonly collaborators: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
}

/** Granted, or refused for a reason that a race can bring about: 400 where a device has just gone or been renamed. */
export const DECIDED = [200, 400, 409, 503];

const MOST_DEVICES = 3;
const MOST_DAYS = 3;

/** Some devices on some days, sometimes with consent to contend. */
const someWish = ({ world, dice, mark, person }: Step): Wish => {
  const devices = new Map<string, object>();
  const wanted = 1 + dice.below(MOST_DEVICES);
  for (let n = 0; n < wanted; n += 1) {
    // One from the shelves at most: two of their rows may turn out to be one device.
    const { id, facts } = dice.of(n === 0 && dice.chance(40) ? world.shifting : world.settled);
    const byId = dice.chance(50);
    const { type, name } = world.ledger.devices.lastKnown(id) ?? facts;
    devices.set(`${type} ${name}`, byId ? { device_id: id } : { device_type: type, device_name: name });
  }
  const loans = world.ledger.devices.addedIds();
  if (loans.length > 0 && dice.chance(10)) devices.set('loan', { device_id: dice.of(loans) });
  const slot = someSlot(dice, world.today);
  const days = dice.chance(40) ? 1 + dice.below(MOST_DAYS) : 1;
  const slots = Array.from({ length: days }, (_, day) => onDay(slot, day));
  const status = dice.chance(50) ? 'CONFLICTING' : 'PENDING';
  const collaborators = dice.chance(10)
    ? [dice.of(world.people).username].filter((name) => name !== person.username)
    : [];
  const items = [...devices.values()].flatMap((device) => slots.map((one) => ({ device, slot: one })));
  return {
    size: items.length,
    collaborators,
    body: {
      bookings: items.map(({ device, slot: { startsAt, endsAt } }) => ({
        ...device,
        start_time: isoOf(startsAt),
        end_time: isoOf(endsAt),
        status,
      })),
      message: mark,
      collaborators,
    },
  };
};

/** Notes in the ledger that it is about to be asked for. */
const asks = ({ world, mark, person }: Step, { size, collaborators }: Wish, owner = person): Deed =>
  world.ledger.bookings.asks({ mark, ownerId: owner.id, size, collaborators: collaborators.length });

const callOf = (body: Wish['body'], key?: string): Call => ({
  method: 'POST',
  path: '/bookings',
  body,
  ...(key !== undefined && { headers: { 'idempotency-key': key } }),
});

const acknowledged = ({ bookings }: GrantedBody): AcknowledgedBooking[] =>
  bookings.map(({ booking_id, device_id, start_time, end_time, status }) => ({
    id: booking_id,
    deviceId: device_id,
    startsAt: Date.parse(start_time),
    endsAt: Date.parse(end_time),
    status,
  }));

/** Notes a grant in the ledger and with its owner. */
export const noteGrant = ({ world, mark, person: asker }: Step, body: GrantedBody, owner = asker): void => {
  const bookings = acknowledged(body);
  world.ledger.bookings.granted(mark, body.grouped_booking_id, bookings);
  const ids = bookings.map(({ id }) => id);
  owner.groups.set(body.grouped_booking_id, [...(owner.groups.get(body.grouped_booking_id) ?? []), ...ids]);
  world.figures.count('grants');
  for (const { status } of bookings) world.figures.count(status);
};

/** Asks, and writes down what came of it. */
const book = async (step: Step, wish: Wish, more: object = {}, owner = step.person): Promise<void> => {
  const deed = asks(step, wish, owner);
  const reply = await step.ask(callOf({ ...wish.body, ...more }), DECIDED);
  if (wasDone(reply)) noteGrant(step, reply.body as GrantedBody, owner);
  else settle(deed, reply);
};

/** The same request under one key, until it has an answer: the first answer again, whoever was killed meanwhile. */
const bookOnce = async (step: Step, together: number): Promise<void> => {
  const { world, mark } = step;
  const wish = someWish(step);
  const deed = asks(step, wish);
  const replies: Reply[] = [];
  while (!replies.some((reply) => typeof reply === 'object')) {
    const asked = Array.from({ length: together }, () => step.ask(callOf(wish.body, mark), DECIDED));
    replies.push(...(await Promise.all(asked)));
  }
  replies.push(await step.ask(callOf(wish.body, mark), DECIDED));
  const answers = replies.filter((reply) => typeof reply === 'object');
  const bodies = answers.filter(wasDone).map(({ body }) => body as GrantedBody);
  const [first] = bodies;
  if (first) noteGrant(step, first);
  else settle(deed, answers.at(-1) ?? 'cut');
  // What is wrong with a request itself is not kept under its key: a device may have its name back the next time.
  const decided = answers.filter(({ status }, index) => status !== 400 || index === answers.length - 1);
  const said = new Set(decided.map(({ status, body }) => (status === 200 ? JSON.stringify(body) : String(status))));
  if (said.size > 1) world.accuse(`${mark}: one key was answered differently: ${[...said].join(' and ')}`);
};

export const someOwnGroup = ({ person, dice }: Step): string | null => {
  const groups = [...person.groups.keys()];
  return groups.length === 0 ? null : dice.of(groups);
};

/** Somebody's booking is not found: either it was deleted, or an acknowledgement was lost. */
export const missed = ({ world }: Step, id: number, reply: Reply): void => {
  if (typeof reply !== 'object' || reply.status !== 404) return;
  if (world.ledger.bookings.mustExist(id)) world.accuse(`booking ${id} was acknowledged and is not found`);
};

const cancelOne = async (step: Step, id: number, allowed: readonly number[]): Promise<void> => {
  const deed = step.world.ledger.bookings.cancels(id);
  const reply = await step.ask({ method: 'PUT', path: `/bookings/${id}/cancel` }, allowed);
  settle(deed, reply);
  missed(step, id, reply);
};

const cancelGroup = async (step: Step, groupId: string): Promise<Reply> => {
  const deed = step.world.ledger.bookings.cancelsGroup(groupId);
  // 404: an administrator deleted all of it.
  const reply = await step.ask({ method: 'DELETE', path: `/api/bookings/group/${groupId}` }, [200, 404]);
  settle(deed, reply);
  if (typeof reply === 'object' && reply.status === 404 && step.world.ledger.bookings.groupMustExist(groupId)) {
    step.world.accuse(`group ${groupId} was acknowledged and is not found`);
  }
  return reply;
};

const deleteOne = async (step: Step, id: number, allowed: readonly number[]): Promise<Reply> => {
  const deed = step.world.ledger.bookings.deletes(id);
  const reply = await step.ask({ method: 'DELETE', path: `/bookings/${id}` }, allowed);
  settle(deed, reply);
  missed(step, id, reply);
  return reply;
};

/** Asking, giving back and deleting. */
export const bookingMutations: readonly Mutation[] = [
  {
    name: 'book',
    weight: 40,
    by: 'anybody',
    act: (step) => book(step, someWish(step)),
  },
  {
    name: 'book, repeated',
    weight: 5,
    by: 'anybody',
    act: (step) => bookOnce(step, 1),
  },
  {
    name: 'book, twice at once',
    weight: 5,
    by: 'anybody',
    act: (step) => bookOnce(step, 2),
  },
  {
    name: 'add to a group',
    weight: 5,
    by: 'anybody',
    async act(step) {
      const wish = someWish(step);
      const groupId = someOwnGroup(step);
      // 400 also where an administrator has deleted the group.
      if (groupId !== null) await book(step, wish, { grouped_booking_id: groupId });
    },
  },
  {
    name: 'add to a group of somebody else',
    weight: 1,
    by: 'anybody',
    async act(step) {
      const { world, dice, person } = step;
      const wish = someWish(step);
      const other = world.ledger.bookings.recent(dice.below(1000));
      if (!other || other.ownerId === person.id) return;
      const deed = asks(step, wish);
      settle(deed, await step.ask(callOf({ ...wish.body, grouped_booking_id: other.groupId }), [400, 403]));
    },
  },
  {
    name: 'preview',
    weight: 5,
    by: 'anybody',
    async act(step) {
      const wish = someWish(step);
      const deed = asks(step, wish);
      await step.ask({ method: 'POST', path: '/api/bookings/preview', body: wish.body }, [200, 400]);
      // Whatever the answer: nothing may be written.
      deed.refused();
    },
  },
  {
    name: 'cancel',
    weight: 15,
    by: 'anybody',
    async act(step) {
      const { person, dice } = step;
      const groupId = someOwnGroup(step);
      const ids = person.groups.get(groupId ?? '');
      if (groupId === null || !ids) return;
      const id = dice.of(ids);
      const left = ids.filter((other) => other !== id);
      if (left.length > 0) person.groups.set(groupId, left);
      else person.groups.delete(groupId);
      person.over.push(id);
      await cancelOne(step, id, [200, 400, 404]);
    },
  },
  {
    name: 'cancel for somebody else',
    weight: 2,
    by: 'anybody',
    async act(step) {
      const { world, dice, person } = step;
      const other = world.ledger.bookings.recent(dice.below(1000));
      if (!other || other.ownerId === person.id) return;
      await cancelOne(step, other.id, person.administrator ? [200, 400, 404] : [403, 404]);
    },
  },
  {
    name: 'cancel a group',
    weight: 12,
    by: 'anybody',
    async act(step) {
      const groupId = someOwnGroup(step);
      if (groupId === null) return;
      const reply = await cancelGroup(step, groupId);
      if (reply === 'unsent') return;
      step.person.over.push(...(step.person.groups.get(groupId) ?? []));
      step.person.groups.delete(groupId);
    },
  },
  {
    name: 'delete',
    weight: 6,
    by: 'anybody',
    async act(step) {
      const { person, dice } = step;
      if (person.over.length === 0) return;
      const id = dice.of(person.over);
      // 409: the request that should have cancelled it was cut off.
      const reply = await deleteOne(step, id, person.administrator ? [200, 404] : [200, 404, 409]);
      if (wasDone(reply)) person.over.splice(person.over.indexOf(id), 1);
    },
  },
  {
    name: 'delete what holds',
    weight: 2,
    by: 'anybody',
    async act(step) {
      const { person, dice } = step;
      const ids = [...person.groups.values()].flat();
      if (ids.length === 0 || person.administrator) return;
      // 200 where it expired or an administrator cancelled it.
      await deleteOne(step, dice.of(ids), [200, 404, 409]);
    },
  },
  {
    name: 'book for somebody else',
    weight: 3,
    by: 'administrators',
    async act(step) {
      const wish = someWish(step);
      const owner = step.dice.of(step.world.people);
      await book(step, { ...wish, collaborators: [] }, { user_id: owner.id, collaborators: [] }, owner);
    },
  },
  {
    name: 'delete for somebody else',
    weight: 3,
    by: 'administrators',
    async act(step) {
      const { world, dice } = step;
      const other = world.ledger.bookings.recent(dice.below(1000));
      if (other) await deleteOne(step, other.id, [200, 404]);
    },
  },
  {
    name: 'cancel a group of somebody else',
    weight: 2,
    by: 'administrators',
    async act(step) {
      const { world, dice } = step;
      const other = world.ledger.bookings.recent(dice.below(1000));
      if (other) await cancelGroup(step, other.groupId);
    },
  },
];
