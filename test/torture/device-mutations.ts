import { INVENTORY_COLUMNS, SYSTEM } from '../../application/index.js';
import { addToDate, DAY, DomainError, isoOf, slotOfLegacyMaintenance } from '../../domain/index.js';
import { Deed } from './deed.js';
import type { DeviceFacts } from './device-ledger.js';
import { settle, wasDone, type Mutation, type Step } from './mutation.js';
import { LOAN_TYPE, SHELVES, someSlot } from './world.js';

/** A maintenance as the admin page sends it, and the window that it means. */
interface Maintenance {
  readonly fields: { readonly maintenance_start: string | null; readonly maintenance_end: string | null };
  readonly window: string;
}

/** Enough to choose from; the lab does not grow without end. */
const MOST_LOANS = 40;

const LIKELY_STATUSES = [
  ...(['active', 'active', 'active', 'active', 'active', 'active', 'active'] as const),
  ...(['in_maintenance', 'unavailable'] as const),
];

const someMaintenance = ({ world, dice }: Step): Maintenance => {
  const first = world.zone.dateOf(world.today + (1 + dice.below(14)) * DAY);
  if (dice.chance(60)) return { fields: { maintenance_start: null, maintenance_end: null }, window: '' };
  const [start, end] = [`All Day/${first}`, `All Day/${addToDate(first, dice.below(2))}`];
  const slot = slotOfLegacyMaintenance({ start, end }, world.zone);
  return { fields: { maintenance_start: start, maintenance_end: end }, window: `${slot.start}-${slot.end}` };
};

const formOf = ({ type, name, status, inPort }: DeviceFacts, { fields }: Maintenance) => ({
  deviceType: type,
  deviceName: name,
  status,
  // The admin page sends text.
  In_Port: String(inPort ?? 0),
  Out_Port: String(inPort ?? 0),
  ...fields,
});

/** Sends the whole form of a row, as the admin page does. */
const change = async (step: Step, id: number, facts: DeviceFacts, allowed: readonly number[]): Promise<void> => {
  const maintenance = someMaintenance(step);
  const deed = step.world.ledger.devices.changes(id, facts, maintenance.window);
  const body = formOf(facts, maintenance);
  const reply = await step.ask({ method: 'PUT', path: `/admin/devices/${id}`, body }, allowed);
  settle(deed, reply);
};

/** Forms, imports and maintenance. */
export const deviceMutations: readonly Mutation[] = [
  {
    name: 'change a device',
    weight: 30,
    by: 'administrators',
    async act(step) {
      const { world, dice } = step;
      const { id, facts } = dice.of(dice.chance(40) ? world.shifting : world.settled);
      const status = dice.of(LIKELY_STATUSES);
      // As an administrator does whose page was loaded a while ago: a row may have been moved since, and moves back.
      await change(step, id, { ...(world.ledger.devices.lastKnown(id) ?? facts), status }, [200, 409]);
    },
  },
  {
    name: 'move a row to another shelf',
    weight: 50,
    by: 'administrators',
    async act(step) {
      const { world, dice } = step;
      const { id, facts } = dice.of(world.shifting);
      const name = dice.of(SHELVES);
      const status = dice.of(LIKELY_STATUSES);
      // 409 where both shelves have bookings to come.
      await change(step, id, { ...facts, name, status }, [200, 409]);
    },
  },
  {
    name: 'change a row twice at once',
    weight: 15,
    by: 'administrators',
    async act(step) {
      const { world, dice } = step;
      const { id, facts } = dice.of(world.shifting);
      const known = world.ledger.devices.lastKnown(id) ?? facts;
      // One page moves it, another only changes its status.
      await Promise.all([
        change(step, id, { ...known, name: dice.of(SHELVES) }, [200, 409]),
        change(step, id, { ...known, status: dice.of(LIKELY_STATUSES) }, [200, 409]),
      ]);
    },
  },
  {
    name: 'add a device',
    weight: 14,
    by: 'administrators',
    async act(step) {
      const { world, dice, mark } = step;
      if (world.ledger.devices.addedIds().length >= MOST_LOANS) return;
      const type = dice.chance(20) ? `${LOAN_TYPE} ${dice.below(100)}` : LOAN_TYPE;
      const facts: DeviceFacts = { type, name: `On loan ${mark}`, status: 'active', inPort: null };
      const maintenance = someMaintenance(step);
      const deed = world.ledger.devices.adds(facts, maintenance.window);
      const body = formOf(facts, maintenance);
      const reply = await step.ask({ method: 'POST', path: '/admin/devices', body }, [201]);
      if (wasDone(reply)) world.ledger.devices.added(facts.name, (reply.body as { id: number }).id);
      else settle(deed, reply);
    },
  },
  {
    name: 'remove a device',
    weight: 14,
    by: 'administrators',
    async act(step) {
      const { world, dice } = step;
      const loans = world.ledger.devices.addedIds();
      if (loans.length === 0) return;
      const id = dice.of(loans);
      const deed = world.ledger.devices.removes(id);
      const reply = await step.ask({ method: 'DELETE', path: `/admin/devices/${id}` }, [200, 404, 409]);
      settle(deed, reply);
      if (typeof reply === 'object' && reply.status === 404 && world.ledger.devices.mustExist(id)) {
        world.accuse(`device ${id} was acknowledged and is not found`);
      }
    },
  },
  {
    name: 'announce maintenance',
    weight: 6,
    by: 'administrators',
    async act(step) {
      const { world, dice, mark } = step;
      const { id } = dice.of(dice.chance(50) ? world.shifting : world.settled);
      const { startsAt, endsAt } = someSlot(dice, world.today);
      const deed = world.ledger.devices.announces(mark);
      const body = { start_time: isoOf(startsAt), end_time: isoOf(endsAt), reason: mark };
      const reply = await step.ask({ method: 'POST', path: `/api/devices/${id}/maintenance`, body }, [201]);
      settle(deed, reply);
      if (!wasDone(reply)) return;
      world.announced.push({ deviceId: id, windowId: (reply.body as { id: number }).id, reason: mark });
    },
  },
  {
    name: 'call off maintenance',
    weight: 7,
    by: 'administrators',
    async act(step) {
      const { world, dice } = step;
      if (world.announced.length === 0) return;
      const [one] = world.announced.splice(dice.below(world.announced.length), 1);
      if (!one) return;
      const deed = world.ledger.devices.callsOff(one.reason);
      const path = `/api/devices/${one.deviceId}/maintenance/${one.windowId}`;
      const reply = await step.ask({ method: 'DELETE', path }, [200]);
      settle(deed, reply);
      if (reply === 'unsent') world.announced.push(one);
    },
  },
  {
    name: 'import',
    weight: 5,
    by: 'administrators',
    async act({ world, dice, mark }) {
      const first = dice.below(world.shifting.length);
      const rows = [0, 1, 2]
        .map((n) => world.shifting[(first + n) % world.shifting.length])
        .filter((row) => row !== undefined);
      const planned = rows.map(({ id, oiId, facts }) => {
        const moved: DeviceFacts = { ...facts, name: dice.of(SHELVES), status: dice.of(LIKELY_STATUSES) };
        return { id, oiId, facts: moved };
      });
      const deed = new Deed();
      for (const { id, facts } of planned) world.ledger.devices.notes(id, facts, null, deed);
      const lines = planned.map(({ oiId, facts: { type, name, status, inPort } }, index) => ({
        line: index + 2,
        values: {
          ...{ oi_id: oiId, name, device_type: type, category: 'OPTICAL', status },
          ...{ in_port: String(inPort ?? ''), out_port: String(inPort ?? '') },
        },
      }));
      const began = performance.now();
      const note = (outcome: string) => world.figures.note('import', outcome, performance.now() - began);
      try {
        await world.withLab((lab) => lab.importInventory.execute(SYSTEM, INVENTORY_COLUMNS, lines));
        deed.done();
        note('200');
      } catch (error) {
        if (error instanceof DomainError) {
          deed.refused();
          note(error.kind);
          return;
        }
        deed.unsure();
        note('500');
        world.accuse(`import (${mark}) failed: ${String(error)}`);
      }
    },
  },
];
