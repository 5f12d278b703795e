import { addToDate, DAY, isoOf } from '../../domain/index.js';
import type { Mutation, Step } from './mutation.js';

const weekOf = ({ world, dice }: Step): string => addToDate(world.zone.dateOf(world.today), dice.below(3) * 7);

const get = (name: string, weight: number, pathOf: (step: Step) => string): Mutation => ({
  name,
  weight,
  by: 'anybody',
  async act(step) {
    await step.ask({ method: 'GET', path: pathOf(step) }, [200]);
  },
});

/** What people look at between two changes: as often as frontends ask for it, beside everything that changes the lab. */
export const reads: readonly Mutation[] = [
  get('look at the week', 60, (step) => `/bookings/for-week?start=${weekOf(step)}`),
  get('look at the devices', 40, () => '/api/devices'),
  get('look at own bookings', 30, ({ person }) => `/bookings/user/${person.id}`),
  get('look at notifications', 20, () => '/api/notifications'),
  get('look at oneself', 30, () => '/api/auth/me'),
  get('look at the inventory', 15, () => '/api/inventory/devices?limit=20'),
  get('look for free time', 10, ({ world, dice }) => {
    const { id } = dice.of(world.settled);
    const start = world.today + (1 + dice.below(7)) * DAY;
    return `/api/devices/${id}/free-slots?from=${isoOf(start)}&to=${isoOf(start + 3 * DAY)}&minutes=60`;
  }),
];
