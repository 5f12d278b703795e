import {
  type Booking,
  type BookingStatus,
  DAY,
  groupBy,
  type HoldingStatus,
  holds,
  type Instant,
  inWords,
  isBookable,
  type LabZone,
  lengthOf,
  type MaintenanceWindow,
  nameKey,
  overlaps,
  statusAt,
  type Thing,
  type User,
} from '../../../domain/index.js';
import type { MoveLog } from './move-log.js';
import { bookingStatusOf } from './old-booking-status.js';
import { textsIn } from './old-json.js';
import type { OldBooking } from './old-lab.js';
import { isShiftedDay, momentText, oldSlotOf, utcOf } from './old-times.js';
import { settleContention } from './settle-contention.js';

/** No setting of the lab allows a longer one. */
const LONGEST = 3660 * DAY;

/** A booking of the old lab as it is written in the new one. */
export interface MovedBooking extends Booking {
  /** Why the move itself rejected it; null where it did not. */
  readonly rejection: string | null;
}

/** What bookings refer to, as it moved. */
export interface BookingSurroundings {
  readonly zone: LabZone;
  readonly now: Instant;
  readonly users: readonly User[];
  readonly things: ReadonlyMap<number, Thing>;
  readonly windows: readonly MaintenanceWindow[];
  readonly maxContendersOf: (deviceType: string) => number;
}

export interface MovedBookings {
  readonly bookings: readonly MovedBooking[];
  /** What a group of the old lab is called now, that of its first owner where there were two; null for no group. */
  readonly groupOf: (groupId: string) => string | null;
}

/** An owner's row that can be a booking, on its way to be one. */
interface Draft {
  readonly row: OldBooking;
  readonly groupId: string;
  readonly thing: Thing;
  readonly slot: { readonly start: Instant; readonly end: Instant };
  status: BookingStatus;
  rejection: string | null;
  readonly collaborators: Set<number>;
}

const TABLE = 'booking_table';

const slotKey = ({ grouped_booking_id: group, start_time: start, end_time: end }: OldBooking, device: number): string =>
  [group, device, start, end].join('|');

/** Rows of the old lab's bookings into bookings: one for each owner's row, with its collaborators. */
export const moveBookings = (
  rows: readonly OldBooking[],
  surroundings: BookingSurroundings,
  log: MoveLog,
): MovedBookings => {
  const { things, now } = surroundings;
  const users = new Map(surroundings.users.map((user) => [user.id, user]));
  const owners = rows.filter(({ is_collaborator: copy }) => copy !== 1);
  const groups = new GroupNames(owners, log);
  const drafts = mergeDoubles(
    owners.flatMap((row) => draftOf(row, groups, users, surroundings, log) ?? []),
    log,
  );
  nameCollaborators(drafts.kept, surroundings.users, log);
  collapseCopies(
    rows.filter(({ is_collaborator: copy }) => copy === 1),
    drafts,
    things,
    users,
    log,
  );
  settle(drafts.kept, surroundings, log);
  noteStranded(drafts.kept, surroundings, log);
  const bookings = drafts.kept.map(
    ({ row, groupId, thing, slot: { start, end }, status, rejection, collaborators }): MovedBooking => ({
      ...{ id: row.booking_id, groupId, deviceId: thing.id, ownerId: row.user_id, slot: { start, end }, status },
      ...{ comment: row.comment ?? '', collaboratorIds: [...collaborators].sort((a, b) => a - b) },
      createdAt: utcOf(row.created_at),
      updatedAt: rejection === null ? utcOf(row.created_at) : now,
      rejection,
    }),
  );
  return { bookings, groupOf: (groupId) => groups.ofFirstOwner(groupId) };
};

/** What each owner's part of a group is called: as before, but for groups without a name and those of two owners. */
class GroupNames {
  readonly #names = new Map<string, string>();
  readonly #first = new Map<string, string>();

  constructor(owners: readonly OldBooking[], log: MoveLog) {
    for (const [groupId, rows] of groupBy(owners, (row) => row.grouped_booking_id)) {
      if (groupId === '') continue;
      const parts = groupBy(rows, (row) => row.user_id);
      for (const [ownerId, part] of parts) {
        const [first] = part;
        if (!first) continue;
        const keeps = ownerId === rows[0]?.user_id && groupId.length <= 36;
        const name = keeps ? groupId : madeName(first);
        this.#names.set(partKey(groupId, ownerId), name);
        if (!this.#first.has(groupId)) this.#first.set(groupId, name);
        if (keeps) continue;
        for (const row of part) {
          const detail = `user ${ownerId} has a part of group ${groupId} of user ${rows[0]?.user_id ?? 0}: it is group ${name} now`;
          log.change(TABLE, row.booking_id, 'booking.group-of-two', detail);
        }
      }
    }
  }

  ofFirstOwner(groupId: string): string | null {
    return this.#first.get(groupId) ?? null;
  }

  ofRow(row: OldBooking): string {
    return this.#names.get(partKey(row.grouped_booking_id, row.user_id)) ?? madeName(row);
  }
}

const partKey = (groupId: string, ownerId: number): string => `${ownerId}/${groupId}`;

const madeName = ({ booking_id: id }: OldBooking): string => `moved-in-${id}`;

/** Null for a row that can be no booking. */
const draftOf = (
  row: OldBooking,
  groups: GroupNames,
  users: ReadonlyMap<number, User>,
  { zone, now, things }: BookingSurroundings,
  log: MoveLog,
): Draft | null => {
  const { booking_id: id, user_id: ownerId, device_id: deviceId } = row;
  const refuse = (rule: string, detail: string): null => {
    log.refuse(TABLE, id, rule, detail);
    return null;
  };
  const change = (rule: string, detail: string) => log.change(TABLE, id, rule, detail);
  const slot = oldSlotOf(row, zone);
  const span = `${row.start_time} to ${row.end_time}`;
  if (slot.end < slot.start) return refuse('booking.end-before-start', `${span} ends before it begins`);
  if (slot.end === slot.start) return refuse('booking.zero-length', `${span} lasts no time at all`);
  if (lengthOf(slot) > LONGEST) return refuse('booking.absurd-length', `${span} is longer than any booking may be`);
  if (!users.has(ownerId)) return refuse('booking.nobody', `there is no user ${ownerId}`);
  const thing = things.get(deviceId);
  if (!thing) return refuse('booking.no-device', `there is no device ${deviceId}`);

  if (slot.doubt === 'missing') {
    change(
      'booking.time-missing',
      `${span}: the clocks skip that time, and it is read an hour later: ${momentText(slot.start)}`,
    );
  } else if (slot.doubt === 'ambiguous') {
    log.note(
      TABLE,
      id,
      'booking.time-ambiguous',
      `${span}: the clocks show that time twice, and the earlier is meant: ${momentText(slot.start)}`,
    );
  }
  if (isShiftedDay(slot, zone)) {
    log.note(
      TABLE,
      id,
      'booking.day-shifted',
      `${span} is from ${zone.timeOf(slot.start)} to ${zone.timeOf(slot.end)} on the wall: the clocks changed after it was sent`,
    );
  }
  if (row.grouped_booking_id === '') change('booking.no-group', `has no group, and is group ${groups.ofRow(row)} now`);
  if (thing.id !== deviceId)
    change(
      'booking.further-port',
      `device ${deviceId} is a further port of device ${thing.id}, which is booked as a whole`,
    );

  const { status: word, known } = bookingStatusOf(row.status);
  const status = statusAt(word, slot.end, now);
  if (!known)
    change(
      'booking.status-unknown',
      `status ${row.status === null ? 'NULL' : `'${row.status}'`} is read as PENDING: a person decides`,
    );
  else if (word !== row.status) change('booking.status-word', `'${row.status ?? ''}' is ${word}`);
  if (status !== word) change('booking.over', `was ${word}, and is over: EXPIRED`);
  return { row, groupId: groups.ofRow(row), thing, slot, status, rejection: null, collaborators: new Set() };
};

interface Drafts {
  readonly kept: readonly Draft[];
  /** By old group, thing and stored times: the booking that a row like this belongs to. */
  readonly bySlot: ReadonlyMap<string, Draft>;
}

/** The strongest word comes first. */
const STRENGTH: readonly BookingStatus[] = ['CONFIRMED', 'PENDING', 'CONFLICTING', 'REJECTED', 'EXPIRED', 'CANCELLED'];

/** The same device and time twice in one group was asked for once, and written twice. */
const mergeDoubles = (drafts: readonly Draft[], log: MoveLog): Drafts => {
  const bySlot = new Map<string, Draft>();
  const kept: Draft[] = [];
  for (const draft of drafts) {
    const { row, thing } = draft;
    const key = row.grouped_booking_id === '' ? null : `${slotKey(row, thing.id)}|${row.user_id}`;
    const first = key === null ? undefined : bySlot.get(key);
    if (first) {
      log.merge(TABLE, row.booking_id, 'booking.double', `is booking ${first.row.booking_id} once more, in one group`);
      if (STRENGTH.indexOf(draft.status) < STRENGTH.indexOf(first.status)) {
        log.change(
          TABLE,
          first.row.booking_id,
          'booking.double-status',
          `is ${draft.status}, as its double ${row.booking_id} was`,
        );
        first.status = draft.status;
      }
      continue;
    }
    log.take(TABLE, row.booking_id);
    kept.push(draft);
    if (key !== null) bySlot.set(key, draft);
  }
  const anyOwner = new Map([...bySlot].map(([key, draft]) => [key.slice(0, key.lastIndexOf('|')), draft]));
  return { kept, bySlot: anyOwner };
};

/** Collaborators as the owner's row names them. */
const nameCollaborators = (drafts: readonly Draft[], people: readonly User[], log: MoveLog): void => {
  const byName = new Map(people.map((user) => [nameKey(user.username), user]));
  for (const { row, collaborators } of drafts) {
    for (const name of textsIn(row.collaborators)) {
      const user = byName.get(nameKey(name));
      if (!user)
        log.change(
          TABLE,
          row.booking_id,
          'booking.unknown-collaborator',
          `there is no user '${name}': not a collaborator`,
        );
      else {
        if (user.username !== name)
          log.note(TABLE, row.booking_id, 'booking.collaborator-case', `'${name}' is ${user.username}`);
        if (user.id !== row.user_id) collaborators.add(user.id);
      }
    }
  }
};

/** A copy for each collaborator becomes a relation of the owner's row; the copy's status says nothing. */
const collapseCopies = (
  copies: readonly OldBooking[],
  { bySlot }: Drafts,
  things: ReadonlyMap<number, Thing>,
  users: ReadonlyMap<number, User>,
  log: MoveLog,
): void => {
  for (const copy of copies) {
    const thing = things.get(copy.device_id);
    const owner = thing && copy.grouped_booking_id !== '' ? bySlot.get(slotKey(copy, thing.id)) : undefined;
    const { booking_id: id, user_id: userId } = copy;
    if (!owner)
      log.refuse(TABLE, id, 'booking.orphan', `is a copy for collaborator ${userId} of a booking that is not there`);
    else if (!users.has(userId)) log.refuse(TABLE, id, 'booking.nobody', `there is no user ${userId}`);
    else {
      const differs = bookingStatusOf(copy.status).status !== bookingStatusOf(owner.row.status).status;
      const said = differs ? `; the copy said ${copy.status ?? 'NULL'}, and the owner's row counts` : '';
      const rule = differs ? 'booking.copy-differs' : 'booking.copy';
      log.merge(TABLE, id, rule, `user ${userId} collaborates in booking ${owner.row.booking_id}${said}`);
      if (userId !== owner.row.user_id) owner.collaborators.add(userId);
    }
  }
};

/** Gives every holding booking the status that the rules of the new lab leave it. */
const settle = (drafts: readonly Draft[], { maxContendersOf }: BookingSurroundings, log: MoveLog): void => {
  const holding = drafts.filter(({ status }) => holds(status));
  for (const sharing of groupBy(holding, ({ thing }) => thing.id).values()) {
    const [{ thing } = { thing: null }] = sharing;
    const most = maxContendersOf(thing?.type ?? '');
    const claims = sharing.map(({ row, groupId, slot, status }) => ({
      ...{ bookingId: row.booking_id, groupId, slot, status: status as HoldingStatus },
    }));
    const settled = settleContention(claims, most);
    for (const draft of sharing) {
      const { row, status } = draft;
      const due = settled.get(row.booking_id) ?? null;
      const inTheWay = sharing.filter(
        (other) => other !== draft && settled.get(other.row.booking_id) && overlaps(other.slot, draft.slot),
      );
      const others = inWords(inTheWay.map((other) => String(other.row.booking_id)));
      if (due === null) {
        draft.status = 'REJECTED';
        draft.rejection = `At the move-in ${most} other groups had the device already (bookings ${others}).`;
        log.change(
          TABLE,
          row.booking_id,
          'booking.no-room',
          `was ${status}: REJECTED, since ${most} groups share the time already (bookings ${others})`,
        );
      } else if (due !== status) {
        draft.status = due;
        const why = due === 'PENDING' ? 'nobody is in its way' : `bookings ${others} are there too`;
        const rule = status === 'CONFIRMED' ? 'booking.confirmed-twice' : 'booking.contention';
        log.change(TABLE, row.booking_id, rule, `was ${status}: ${due}, since ${why}`);
      }
    }
  }
};

/** Bookings that stand although nobody could make them now. */
const noteStranded = (drafts: readonly Draft[], { windows }: BookingSurroundings, log: MoveLog): void => {
  for (const { row, thing, slot, status } of drafts) {
    if (!holds(status)) continue;
    if (!isBookable(thing)) {
      log.note(TABLE, row.booking_id, 'booking.not-bookable', `stands, although ${thing.name} is ${thing.status}`);
    }
    if (windows.some((window) => thing.rowIds.includes(window.deviceId) && overlaps(window.slot, slot))) {
      log.note(
        TABLE,
        row.booking_id,
        'booking.in-maintenance',
        `stands, although ${thing.name} is under maintenance then`,
      );
    }
  }
};
