import { addToDate } from '../../domain/index.js';
import { DECIDED, missed, noteGrant, someOwnGroup, type GrantedBody } from './booking-mutations.js';
import { settle, wasDone, type Mutation, type Step } from './mutation.js';

/** Also not found, where an administrator deleted it. */
const DECIDED_OR_GONE = [...DECIDED, 404];

const someOwnBooking = (step: Step): { id: number; groupId: string } | null => {
  const groupId = someOwnGroup(step);
  const ids = step.person.groups.get(groupId ?? '');
  return groupId === null || !ids ? null : { groupId, id: step.dice.of(ids) };
};

/** Some lab dates within reach, as many as any of these groups needs. */
const someRange = ({ world, dice }: Step) => {
  const start = addToDate(world.zone.dateOf(world.today), 1 + dice.below(10));
  return { start_date: start, end_date: addToDate(start, 2) };
};

/** Books a pattern again: a request whose size only the server knows. */
const rebook = async (step: Step, path: string): Promise<void> => {
  const { world, person, mark } = step;
  const deed = world.ledger.bookings.asks({ mark, ownerId: person.id, size: null, collaborators: null });
  const body = { ...someRange(step), message: mark };
  const reply = await step.ask({ method: 'POST', path, body }, DECIDED_OR_GONE);
  if (wasDone(reply)) noteGrant(step, reply.body as GrantedBody);
  else settle(deed, reply);
};

/** Sharing, extending, booking again, and remembering. */
export const groupMutations: readonly Mutation[] = [
  {
    name: 'extend a booking',
    weight: 4,
    by: 'anybody',
    async act(step) {
      const { world, dice } = step;
      const own = someOwnBooking(step);
      const end = own && world.ledger.bookings.endOf(own.id);
      if (!own || end === null) return;
      const date = addToDate(world.zone.dateOf(end), 1 + dice.below(2));
      const deed = world.ledger.bookings.extends(own.id, date);
      const call = { method: 'PATCH', path: `/bookings/${own.id}/extend`, body: { new_end_date: date } } as const;
      const reply = await step.ask(call, DECIDED_OR_GONE);
      settle(deed, reply);
      missed(step, own.id, reply);
    },
  },
  {
    name: 'extend a group',
    weight: 3,
    by: 'anybody',
    async act(step) {
      const { world, dice, person } = step;
      const groupId = someOwnGroup(step);
      const ends = (person.groups.get(groupId ?? '') ?? []).map((id) => world.ledger.bookings.endOf(id) ?? 0);
      if (groupId === null || ends.length === 0) return;
      const new_end_date = addToDate(world.zone.dateOf(Math.max(...ends)), 1 + dice.below(2));
      const extension = world.ledger.bookings.extendsGroup(groupId);
      const path = `/api/bookings/group/${groupId}/extend`;
      const reply = await step.ask({ method: 'PATCH', path, body: { new_end_date } }, DECIDED_OR_GONE);
      if (wasDone(reply)) extension.added = (reply.body as { count: number }).count;
      settle(extension.deed, reply);
    },
  },
  {
    name: 'book a group again',
    weight: 2,
    by: 'anybody',
    async act(step) {
      const groupId = someOwnGroup(step);
      if (groupId !== null) await rebook(step, `/api/bookings/group/${groupId}/rebook`);
    },
  },
  {
    name: 'book a booking again',
    weight: 2,
    by: 'anybody',
    async act(step) {
      const own = someOwnBooking(step);
      if (own) await rebook(step, `/bookings/rebook/${own.id}`);
    },
  },
  {
    name: 'change the company',
    weight: 3,
    by: 'anybody',
    async act(step) {
      const { world, dice, person } = step;
      const own = someOwnBooking(step);
      if (!own) return;
      const friends = new Set([dice.of(world.people), dice.of(world.people)].slice(0, dice.below(3)));
      friends.delete(person);
      const collaborators = [...friends].map(({ username }) => username);
      const deed = world.ledger.bookings.shares(own.id, collaborators.length);
      const call = { method: 'PATCH', path: `/bookings/${own.id}/collaborators`, body: { collaborators } } as const;
      const reply = await step.ask(call, [200, 400, 404]);
      settle(deed, reply);
      missed(step, own.id, reply);
    },
  },
  {
    name: 'save a favourite',
    weight: 2,
    by: 'anybody',
    async act(step) {
      const { world, person, mark } = step;
      const grouped_booking_id = someOwnGroup(step);
      if (grouped_booking_id === null) return;
      const deed = world.ledger.favours(person.id, grouped_booking_id, mark);
      const body = { grouped_booking_id, device_snapshot: [], name: mark };
      const reply = await step.ask({ method: 'POST', path: '/bookings/favorites', body }, [200]);
      settle(deed, reply);
      if (wasDone(reply)) person.favourites.set(grouped_booking_id, (reply.body as { id: number }).id);
    },
  },
  {
    name: 'forget a favourite',
    weight: 1,
    by: 'anybody',
    async act(step) {
      const { world, person, dice } = step;
      if (person.favourites.size === 0) return;
      const [groupId, id] = dice.of([...person.favourites]);
      const deed = world.ledger.favours(person.id, groupId, '');
      const reply = await step.ask({ method: 'DELETE', path: `/bookings/favorites/${id}` }, [200]);
      settle(deed, reply);
      // Where nobody knows whether it is gone, nobody asks again.
      if (reply !== 'unsent') person.favourites.delete(groupId);
    },
  },
];
