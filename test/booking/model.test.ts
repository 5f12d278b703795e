import { expect } from 'chai';
import fc from 'fast-check';
import { SYSTEM } from '../../application/index.js';
import { cryptography, logging, randomIds, system } from '../../composition/adapters.js';
import { compose, type Lab } from '../../composition/compose.js';
import { BookingRefused, DAY, DomainError, HOUR, isoOf, type Actor, type Instant } from '../../domain/index.js';
import { asManyAsFit } from '../support/as-many-as-fit.js';
import { importDevices } from '../support/devices.js';
import { usualConfig } from '../support/labs.js';
import { ManualClock, MONDAY_MORNING } from '../support/manual-clock.js';
import { onMariaDbStore, onMemory, onSqlite, type OpenStore } from '../support/stores.js';
import {
  HORIZON_DAYS,
  MOST_DAYS,
  NaiveLab,
  type Outcome,
  type Person,
  type Verdict,
  type Wanted,
} from './naive-lab.js';

/** Monday midnight; every date that can be reached is in winter. */
const MIDNIGHT = MONDAY_MORNING - 9 * HOUR;
const instantOf = (hour: number): Instant => MIDNIGHT + hour * HOUR;
const hourOf = (instant: Instant): number => (instant - MIDNIGHT) / HOUR;
const dateOf = (day: number): string => isoOf(MIDNIGHT + day * DAY).slice(0, 10);

const DEVICES = 2;

interface RealLab {
  readonly lab: Lab;
  readonly clock: ManualClock;
  readonly people: readonly (Person & Actor)[];
  /** Row ids of the devices 0 and 1. */
  readonly devices: readonly number[];
}

/** People of every role that matters, and two devices. */
const furnished = async (store: OpenStore): Promise<RealLab> => {
  const clock = new ManualClock(MONDAY_MORNING);
  const booking = { ...usualConfig.booking, maxDays: MOST_DAYS, horizonDays: HORIZON_DAYS };
  const lab = compose(
    { ...usualConfig, booking },
    {
      persistence: store.persistence,
      system: system(clock, randomIds),
      cryptography: cryptography(4),
      logging: logging('silent'),
    },
  );
  const people: (Person & Actor)[] = [];
  for (const [username, role] of [
    ['ada', 'User'],
    ['bob', 'User'],
    ['kim', 'Approver'],
    ['root', 'Admin'],
  ] as const) {
    const account = { ...{ username, role, email: null, discordId: null }, passwordHash: '' };
    const { id } = await lab.work.run(({ users }) =>
      users.add({ ...account, status: 'active', createdAt: clock.now() }),
    );
    people.push({ id, username, role });
  }
  return {
    lab,
    clock,
    people,
    devices: await importDevices(
      lab,
      Array.from({ length: DEVICES }, () => ({})),
    ),
  };
};

/** What the real lab did, or what it said. */
const outcomeOf = async ({ devices }: RealLab, deed: () => Promise<number>): Promise<Outcome> => {
  try {
    return { done: await deed() };
  } catch (error) {
    if (error instanceof BookingRefused) {
      const reason = ({ deviceId, slot, code }: BookingRefused['refusals'][number]) =>
        `${devices.indexOf(deviceId)} ${hourOf(slot.start)} ${code}`;
      return { allOf: error.refusals.map(reason) };
    }
    if (error instanceof DomainError) return { oneOf: [error.code] };
    throw error;
  }
};

const expectOutcome = (real: Outcome, due: Outcome): void => {
  if ('oneOf' in due) {
    expect(Object.keys(real), JSON.stringify([real, due])).to.deep.equal(['oneOf']);
    expect(due.oneOf, JSON.stringify(real)).to.include('oneOf' in real ? real.oneOf[0] : null);
  } else if ('allOf' in due) {
    const told = 'allOf' in real ? [...real.allOf].sort() : real;
    expect(told).to.deep.equal([...due.allOf].sort());
  } else expect(real).to.deep.equal(due);
};

/** Every booking of the real lab as it shows it now, in the words of the naive one. */
const shownBy = async ({ lab, people, devices }: RealLab): Promise<NaiveLab['bookings']> => {
  const { viewBookings } = lab.httpParts.useCases;
  const idOf = (username: string) => people.find((person) => person.username === username)!.id;
  return (await viewBookings.all(SYSTEM, { limit: null, offset: 0 })).map((listing) => ({
    id: listing.id,
    group: listing.groupId,
    device: devices.indexOf(listing.deviceId),
    owner: listing.ownerId,
    start: hourOf(listing.slot.start),
    end: hourOf(listing.slot.end),
    collaborators: listing.collaborators.map(idOf).sort((a, b) => a - b),
    status: listing.status,
  }));
};

/** Both labs hold the same, and the real one violates no invariant. */
const expectSame = async (naive: NaiveLab, real: RealLab): Promise<void> => {
  const shown = await shownBy(real);
  const known = new Set(naive.bookings.map((one) => one.id));
  const made = shown.filter((one) => !known.has(one.id)).sort((a, b) => a.device - b.device || a.start - b.start);
  for (const [index, one] of naive.unnumbered().entries()) naive.number(one, made[index]?.id ?? -1);
  naive.settle();
  const byId = (a: { id: number }, b: { id: number }) => a.id - b.id;
  expect(shown.sort(byId)).to.deep.equal([...naive.bookings].sort(byId));
  expect((await real.lab.checkInvariants.execute()).violations).to.deep.equal([]);
};

type Step = fc.AsyncCommand<NaiveLab, RealLab>;

/** A step that is told by what was drawn for it. It is skipped where `deed` finds nothing to do it with. */
const step = <Drawn>(
  name: string,
  drawn: fc.Arbitrary<Drawn>,
  deed: (drawn: Drawn, naive: NaiveLab, real: RealLab) => Promise<void>,
): fc.Arbitrary<Step> =>
  drawn.map((values) => ({
    check: () => true,
    run: async (naive, real) => {
      await deed(values, naive, real);
      // The time since the last step is written down only now: the step itself met the lab as it was left.
      await real.lab.expireBookings.execute();
      await expectSame(naive, real);
    },
    toString: () => `${name} ${JSON.stringify(values)}`,
  }));

const pick = <Item>(items: readonly Item[], index: number): Item | undefined => items[index % items.length];

const index = fc.nat(999);
const device = fc.nat(DEVICES - 1);
/** Mostly those who book. */
const person = fc.constantFrom(0, 0, 1, 1, 2, 3);
/** Mostly the owner of what it is about. */
const insider = fc.oneof({ arbitrary: fc.constant('owner' as const), weight: 3 }, { arbitrary: person, weight: 2 });
const daysMore = fc.constantFrom(-1, 0, 1, 1, 1, 2, 2);
const daysAhead = fc.constantFrom(-1, 0, 1, 1, 2, 2, 3, 4, 5);
/** Few different ones, so that people want the same. */
const slotOnADay = fc
  .tuple(fc.constantFrom(-1, 0, 0, 1, 1, 1, 2), fc.constantFrom(0, 8, 10, 14, 16, 22), fc.constantFrom(1, 4, 8, 24))
  .map(([day, hour, length]) => ({ day, from: hour, to: Math.min(hour + length, 24) }));
const company = fc.uniqueArray(fc.nat(3), { maxLength: 2 });
const among = fc.constantFrom('one', 'group');

const today = ({ now }: NaiveLab): number => Math.floor(now / 24);

/** One booking, or all of its group, most often one that holds still; null where there is none yet. */
const chosen = (naive: NaiveLab, at: number, which: string) => {
  const alive = naive.bookings.filter(({ status }) => ['PENDING', 'CONFLICTING', 'CONFIRMED'].includes(status));
  const booking = pick(at % 5 > 0 && alive.length > 0 ? alive : naive.bookings, at);
  if (!booking) return null;
  const { id, group, owner } = booking;
  const them = which === 'one' ? [booking] : naive.ofGroup(group);
  const ids = them.map((one) => one.id);
  const lastDay = Math.max(...them.map(({ end }) => Math.floor((end - 1) / 24)));
  return { id, group, owner, ids, listed: which === 'one' ? null : ids, lastDay };
};

const actorFor = ({ people }: RealLab, who: number | 'owner', { owner }: { readonly owner: number }) =>
  who === 'owner' ? people.find((one) => one.id === owner)! : people[who]!;

const request = step(
  'request',
  fc.record({
    who: person,
    items: fc.array(fc.tuple(device, slotOnADay), { minLength: 1, maxLength: 3 }),
    consent: fc.constantFrom(true, true, false),
    company,
  }),
  async ({ who, items, consent, company: others }, naive, real) => {
    const owner = real.people[who]!;
    const usernames = others.filter((other) => other !== who).map((other) => real.people[other]!.username);
    const wanted = items.map(([at, { day, from, to }]): Wanted => {
      const midnight = 24 * (today(naive) + day);
      return { device: at, start: midnight + from, end: midnight + to };
    });
    const form = {
      ...{ userId: null, message: '', groupId: null, collaborators: usernames },
      items: wanted.map(({ device: at, start, end }) => ({
        ...{ device: { id: real.devices[at]! }, start: instantOf(start), end: instantOf(end), consent },
      })),
    };
    const { requestBooking } = real.lab.httpParts.useCases;
    const foreseen = await outcomeOf(real, async () => Number((await requestBooking.preview(owner, form)).ok));
    let group = '';
    const told = await outcomeOf(real, async () => {
      const { groupId, bookings } = await requestBooking.execute(owner, form);
      group = groupId;
      return bookings.length;
    });
    const ids = others.filter((other) => other !== who).map((other) => real.people[other]!.id);
    const due = naive.request(
      owner,
      wanted,
      consent,
      group,
      ids.sort((a, b) => a - b),
    );
    expectOutcome(told, due);
    expectOutcome(foreseen, 'oneOf' in due ? due : { done: Number('done' in due) });
  },
);

const cancel = step(
  'cancel',
  fc.record({ who: insider, at: index, which: among }),
  async ({ who, at, which }, naive, real) => {
    const them = chosen(naive, at, which);
    if (!them) return;
    const actor = actorFor(real, who, them);
    const { cancelBooking } = real.lab.httpParts.useCases;
    const told = await outcomeOf(real, async () => {
      if (which === 'group') return cancelBooking.group(actor, them.group);
      await cancelBooking.one(actor, them.id);
      return 1;
    });
    expectOutcome(told, naive.cancel(actor, them.ids, which === 'group'));
  },
);

const remove = step(
  'delete',
  fc.record({ who: fc.constantFrom<'owner' | number>('owner', 'owner', 3, 3, 1), at: index }),
  async ({ who, at }, naive, real) => {
    const them = chosen(naive, at, 'one');
    if (!them) return;
    const actor = actorFor(real, who, them);
    const told = await outcomeOf(real, async () => {
      await real.lab.httpParts.useCases.removeBooking.execute(actor, them.id);
      return 1;
    });
    expectOutcome(told, naive.remove(actor, them.id));
  },
);

const share = step(
  'share',
  fc.record({ who: insider, at: index, which: among, company }),
  async ({ who, at, which, company: others }, naive, real) => {
    const them = chosen(naive, at, which);
    if (!them) return;
    const actor = actorFor(real, who, them);
    const usernames = others.map((other) => real.people[other]!.username.toUpperCase());
    const told = await outcomeOf(real, async () => {
      await real.lab.httpParts.useCases.editCollaborators.execute(actor, them.id, them.listed, usernames);
      return them.ids.length;
    });
    expectOutcome(
      told,
      naive.share(
        actor,
        them.ids,
        others.map((other) => real.people[other]!.id),
      ),
    );
  },
);

const extend = step(
  'extend',
  fc.record({ who: insider, at: index, which: among, more: daysMore }),
  async ({ who, at, which, more }, naive, real) => {
    const them = chosen(naive, at, which);
    if (!them) return;
    const actor = actorFor(real, who, them);
    const newDay = them.lastDay + more;
    const { extendBookings } = real.lab.httpParts.useCases;
    const told = await outcomeOf(
      real,
      async () => (await extendBookings.bookings(actor, them.id, them.listed, dateOf(newDay))).length,
    );
    expectOutcome(told, naive.extend(actor, them.ids, newDay));
  },
);

const extendGroup = step(
  'extend group',
  fc.record({ who: insider, at: index, more: daysMore }),
  async ({ who, at, more }, naive, real) => {
    const them = chosen(naive, at, 'group');
    if (!them) return;
    const actor = actorFor(real, who, them);
    const newDay = them.lastDay + more;
    const { extendBookings } = real.lab.httpParts.useCases;
    const told = await outcomeOf(
      real,
      async () => (await extendBookings.group(actor, them.group, dateOf(newDay))).length,
    );
    expectOutcome(told, naive.extendGroup(actor, them.group, newDay));
  },
);

const rebook = step(
  'rebook',
  fc.record({ who: insider, at: index, which: among, day: daysAhead, days: fc.nat(4) }),
  async ({ who, at, which, day, days }, naive, real) => {
    const them = chosen(naive, at, which);
    if (!them) return;
    const actor = actorFor(real, who, them);
    const from = today(naive) + day;
    const range = { startDate: dateOf(from), endDate: dateOf(from + days) };
    const { rebook: again } = real.lab.httpParts.useCases;
    let group = '';
    const told = await outcomeOf(real, async () => {
      const granted =
        which === 'group'
          ? await again.group(actor, them.group, range, '')
          : await again.bookings(actor, them.id, null, range, '');
      group = granted.groupId;
      return granted.bookings.length;
    });
    expectOutcome(told, naive.rebook(actor, them.ids, from, from + days, group));
  },
);

const decider = fc.constantFrom(2, 2, 3, 3, 3, 0);
const verdict = fc.constantFrom<Verdict>('CONFIRMED', 'CONFIRMED', 'REJECTED');

const decide = step(
  'decide',
  fc.record({ who: decider, at: index, verdict }),
  async ({ who, at, verdict: said }, naive, real) => {
    const them = chosen(naive, at, 'one');
    if (!them) return;
    const actor = real.people[who]!;
    const told = await outcomeOf(real, async () => {
      await real.lab.httpParts.useCases.decideBookings.one(actor, them.id, said);
      return 1;
    });
    expectOutcome(told, naive.decide(actor, [{ id: them.id, verdict: said }])[0]!);
  },
);

const decideMany = step(
  'decide about many',
  fc.record({ who: decider, them: fc.array(fc.tuple(index, verdict), { minLength: 1, maxLength: 6 }) }),
  async ({ who, them }, naive, real) => {
    if (naive.bookings.length === 0) return;
    const actor = real.people[who]!;
    const named = them.map(([at, said]) => ({ id: chosen(naive, at, 'one')!.id, verdict: said }));
    // Named twice is decided once, as it was named first.
    const decisions = named.filter(({ id }, at) => named.findIndex((other) => other.id === id) === at);
    const failures: { id: number; error: DomainError }[] = [];
    const told = await outcomeOf(real, async () => {
      const { succeeded, failed } = await real.lab.httpParts.useCases.decideBookings.many(actor, named, 'all');
      failures.push(...failed);
      return succeeded.length;
    });
    const due = naive.decide(actor, decisions);
    if (!('done' in told)) {
      expectOutcome(told, due[0]!);
      return;
    }
    expect(told.done).to.equal(due.filter((outcome) => 'done' in outcome).length);
    const refusals = due.flatMap((outcome, at) => ('done' in outcome ? [] : [{ id: decisions[at]!.id, outcome }]));
    expect(failures.map(({ id }) => id)).to.deep.equal(refusals.map(({ id }) => id));
    for (const [at, { error }] of failures.entries()) expectOutcome({ oneOf: [error.code] }, refusals[at]!.outcome);
  },
);

const maintain = step(
  'maintain',
  fc.record({ who: fc.constantFrom(3, 3, 3, 2), at: device, slot: slotOnADay }),
  async ({ who, at, slot: { day, from, to } }, naive, real) => {
    const actor = real.people[who]!;
    const midnight = 24 * (today(naive) + day);
    const window = { device: at, start: midnight + from, end: midnight + to };
    const { planMaintenance } = real.lab.httpParts.useCases;
    const told = await outcomeOf(real, async () => {
      const slot = [instantOf(window.start), instantOf(window.end)] as const;
      const announced = await planMaintenance.add(actor, real.devices[at]!, ...slot, 'fans');
      const hit = announced.affected.map((hold) => hold.bookingId).sort((a, b) => a - b);
      expect(hit).to.deep.equal(naive.hitBy(window));
      naive.windows.push({ ...window, id: announced.window.id });
      return 1;
    });
    expectOutcome(told, actor.role === 'Admin' ? { done: 1 } : { oneOf: ['permission.denied'] });
  },
);

const finishMaintenance = step('finish maintenance', index, async (at, naive, real) => {
  const window = pick(naive.windows, at);
  if (!window) return;
  const { planMaintenance } = real.lab.httpParts.useCases;
  await planMaintenance.remove(real.people[3]!, real.devices[window.device]!, window.id);
  naive.windows = naive.windows.filter((one) => one !== window);
});

const breakOrMend = step('break or mend', device, async (at, naive, real) => {
  const id = real.devices[at]!;
  const found = await real.lab.work.run(({ devices }) => devices.find(id));
  const isBroken = naive.broken.delete(at);
  if (!isBroken) naive.broken.add(at);
  await real.lab.httpParts.useCases.changeDevice.execute(real.people[3]!, id, {
    ...{ type: 'ROADM', name: found!.name, status: isBroken ? 'active' : 'unavailable' },
    ...{ inPort: 0, outPort: 0, polatisName: null, managementIp: null, maintenanceStart: null, maintenanceEnd: null },
  });
});

/** Nothing is written down yet: the next step finds the lab as it was left. */
const passTime = fc.integer({ min: 1, max: 12 }).map((hours): Step => ({
  check: () => true,
  run: (naive, real) => {
    real.clock.advance(hours * HOUR);
    naive.now += hours;
    naive.settle();
    return Promise.resolve();
  },
  toString: () => `pass ${hours} hours`,
}));

const often = <Item>(item: Item, times: number): Item[] => Array.from({ length: times }, () => item);

const steps = fc.commands(
  [
    ...often(request, 8),
    ...often(decide, 4),
    ...[extend, extendGroup, rebook, cancel, decideMany].flatMap((one) => often(one, 3)),
    ...[passTime, passTime, share, remove, remove, maintain, finishMaintenance, finishMaintenance, breakOrMend],
  ],
  { maxCommands: 60, size: '+2' },
);

for (const [onStore, runs] of [
  [onMemory, 300],
  [onSqlite, 60],
  [onMariaDbStore, 20],
] as const) {
  onStore('the lab and a naive reading of its rules', (open) => {
    it('do and refuse the same, whatever people do', async function () {
      this.timeout(180_000);
      const same = fc.asyncProperty(steps, async (commands) => {
        const store = await open();
        const real = await furnished(store);
        const setup = () => ({ model: new NaiveLab(hourOf(MONDAY_MORNING)), real });
        try {
          await fc.asyncModelRun(setup, commands);
        } finally {
          await store.close();
        }
      });
      await asManyAsFit(same, 4_000, { numRuns: runs });
    });
  });
}
