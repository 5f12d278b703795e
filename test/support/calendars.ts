import fc from 'fast-check';
import {
  defaultBookingPolicy,
  HOUR,
  LabZone,
  type Calendar,
  type Hold,
  type HoldingStatus,
  type Instant,
  type JudgementTerms,
  type MaintenanceWindow,
  type Thing,
  type TimeSlot,
} from '../../domain/index.js';

const dublin = new LabZone('Europe/Dublin');

/** A device that anybody may book, unless `other` says otherwise. */
export const aThing = (id: number, other: Partial<Thing> = {}): Thing => ({
  id,
  rowIds: [id],
  type: 'ROADM',
  name: `ROADM ${id}`,
  status: 'active',
  schedulable: true,
  ...other,
});

/** A booking of somebody else, alone in its group unless `other` says otherwise. */
export const aHold = (bookingId: number, slot: TimeSlot, other: Partial<Hold> = {}): Hold => ({
  bookingId,
  groupId: `group ${bookingId}`,
  ownerId: 1,
  ownerUsername: 'ada',
  slot,
  status: 'PENDING',
  ...other,
});

const aWindow = (id: number, slot: TimeSlot, reason = 'fans'): MaintenanceWindow => ({
  id,
  deviceId: 1,
  slot,
  reason,
  createdBy: null,
  createdAt: 0,
  legacy: false,
});

export const calendarOf = (thing: Thing, holds: readonly Hold[] = [], windows: readonly TimeSlot[] = []): Calendar => ({
  thing,
  holds,
  maintenance: windows.map((slot, index) => aWindow(index + 1, slot)),
});

/** Somebody who holds nothing asks in Dublin, under the usual policy, unless `other` says otherwise. */
export const termsAt = (now: Instant, other: Partial<JudgementTerms> = {}): JudgementTerms => {
  const terms = {
    requesterId: 2,
    role: 'User' as const,
    groupId: null,
    joined: [],
    held: [],
    now,
    zone: dublin,
    policy: defaultBookingPolicy,
    automatic: () => false,
  };
  return { ...terms, ...other };
};

/** Time cut into equal steps, so that every instant that matters can be looked at one by one. */
export interface Grid {
  readonly from: Instant;
  readonly step: number;
  readonly steps: number;
}

export const instantsOf = ({ from, step, steps }: Grid): Instant[] =>
  Array.from({ length: steps }, (_, index) => from + index * step);

/** Whether somebody who looks at that instant finds the slot there. */
export const isOn = (slot: TimeSlot, instant: Instant): boolean => slot.start <= instant && instant < slot.end;

/** Slots of the grid of up to `longest` steps. */
export const slotsOn = ({ from, step, steps }: Grid, longest: number): fc.Arbitrary<TimeSlot> =>
  fc
    .tuple(fc.nat(steps - 1), fc.integer({ min: 1, max: longest }))
    .map(([start, length]) => ({ start: from + start * step, end: from + Math.min(start + length, steps) * step }));

const PEOPLE = ['ada', 'bob', 'eve', 'kim'];

/** Holds in any order, as they might stand in a store that was never checked: two confirmed ones may overlap. */
export const unruly = (grid: Grid, longest: number, most: number): fc.Arbitrary<Hold[]> =>
  fc
    .array(
      fc.record({
        slot: slotsOn(grid, longest),
        owner: fc.nat(PEOPLE.length - 1),
        group: fc.integer({ min: 1, max: most }),
        status: fc.constantFrom<HoldingStatus>('PENDING', 'CONFLICTING', 'CONFIRMED'),
      }),
      { maxLength: most },
    )
    .map((drawn) =>
      drawn.map(({ slot, owner, group, status }, index) =>
        aHold(index + 1, slot, {
          groupId: `group ${group}`,
          ownerId: owner + 1,
          ownerUsername: PEOPLE[owner]!,
          status,
        }),
      ),
    )
    .chain((holds) => fc.shuffledSubarray(holds, { minLength: holds.length }));

/** The status that the rules give a hold: by its definition, pair by pair and instant by instant. */
export const statusDue = (hold: Hold, holds: readonly Hold[], grid: Grid): HoldingStatus => {
  if (hold.status === 'CONFIRMED') return 'CONFIRMED';
  const contended = holds
    .filter((other) => other.bookingId !== hold.bookingId)
    .filter((other) => other.status === 'CONFIRMED' || other.bookingId < hold.bookingId)
    .some((other) => instantsOf(grid).some((instant) => isOn(other.slot, instant) && isOn(hold.slot, instant)));
  return contended ? 'CONFLICTING' : 'PENDING';
};

/** How many groups hold that instant. */
export const groupsAt = (instant: Instant, holds: readonly Hold[]): number =>
  new Set(holds.filter((hold) => isOn(hold.slot, instant)).map((hold) => hold.groupId)).size;

/** The statuses that the rules give, for all of them. */
export const settled = (holds: readonly Hold[], grid: Grid): Hold[] =>
  holds.map((hold) => ({ ...hold, status: statusDue(hold, holds, grid) }));

interface Wish {
  readonly slot: TimeSlot;
  readonly owner: number;
  readonly group: number;
  readonly then: 'leave' | 'confirm' | 'cancel';
}

/** Makes the wishes come true one after the other, as far as the rules allow, which are read here word by word. */
const grantedByHand = (wishes: readonly Wish[], grid: Grid, maxContenders: number): Hold[] => {
  const instants = instantsOf(grid);
  const meet = (a: TimeSlot, b: TimeSlot) => instants.some((at) => isOn(a, at) && isOn(b, at));
  let holds: Hold[] = [];
  for (const [index, { slot, owner, group, then }] of wishes.entries()) {
    const isTheirs = holds.some((other) => other.ownerId === owner + 1 && meet(other.slot, slot));
    const isFull = instants.some((at) => isOn(slot, at) && groupsAt(at, holds) >= maxContenders);
    if (isTheirs || isFull) continue;
    const groupId = `group ${group} of ${PEOPLE[owner]!}`;
    holds.push(aHold(index + 1, slot, { groupId, ownerId: owner + 1, ownerUsername: PEOPLE[owner]! }));
    const chosen = holds[index % holds.length]!;
    const others = holds.filter((other) => other !== chosen);
    const rival = others.some((other) => other.status === 'CONFIRMED' && meet(other.slot, chosen.slot));
    if (then === 'cancel') holds = others;
    if (then === 'confirm' && !rival) holds = [...others, { ...chosen, status: 'CONFIRMED' }];
    holds = settled(holds, grid);
  }
  return holds;
};

/** Holds as a lab that keeps its rules comes to have them: asked for one by one, some confirmed or cancelled. */
export const lawful = (grid: Grid, longest: number, most: number, maxContenders: number): fc.Arbitrary<Hold[]> =>
  fc
    .array(
      fc.record<Wish>({
        slot: slotsOn(grid, longest),
        owner: fc.nat(PEOPLE.length - 1),
        group: fc.nat(1),
        then: fc.constantFrom('leave', 'leave', 'confirm', 'cancel'),
      }),
      { maxLength: most },
    )
    .map((wishes) => grantedByHand(wishes, grid, maxContenders))
    .chain((holds) => fc.shuffledSubarray(holds, { minLength: holds.length }));

/** An hour-by-hour grid from that instant on. */
export const hourly = (from: Instant, steps: number): Grid => ({ from, step: HOUR, steps });
