/**
 * The lab's rules about bookings, read word by word and kept with plain arrays, hour by hour: what the real lab is
 * compared with. Time is in hours since a Monday midnight in winter, when every lab day has 24 of them.
 */

export type Status = 'PENDING' | 'CONFLICTING' | 'CONFIRMED' | 'REJECTED' | 'CANCELLED' | 'EXPIRED';
export type Verdict = 'CONFIRMED' | 'REJECTED';

export interface Person {
  readonly id: number;
  readonly role: 'User' | 'Approver' | 'Admin';
}

export interface Slot {
  readonly start: number;
  readonly end: number;
}

export interface Wanted extends Slot {
  readonly device: number;
}

export interface NaiveBooking extends Wanted {
  readonly id: number;
  readonly group: string;
  readonly owner: number;
  readonly collaborators: readonly number[];
  readonly status: Status;
}

/** Done with so many bookings; or one of these codes says why not; or all of these do, each `device start code`. */
export type Outcome =
  { readonly done: number } | { readonly oneOf: readonly string[] } | { readonly allOf: readonly string[] };

export const MOST_DAYS = 3;
export const HORIZON_DAYS = 12;
const MOST_CONTENDERS = 2;

const dayOf = (hour: number): number => Math.floor(hour / 24);
const firstDay = ({ start }: Slot): number => dayOf(start);
const lastDay = ({ end }: Slot): number => dayOf(end - 1);
const hoursOf = ({ start, end }: Slot): number[] => Array.from({ length: end - start }, (_, index) => start + index);
const isOn = ({ start, end }: Slot, hour: number): boolean => start <= hour && hour < end;
const meet = (a: Slot, b: Slot): boolean => hoursOf(a).some((hour) => isOn(b, hour));
const isHolding = ({ status }: NaiveBooking): boolean => ['PENDING', 'CONFLICTING', 'CONFIRMED'].includes(status);
const isAdmin = ({ role }: Person): boolean => role === 'Admin';
const mayDecide = ({ role }: Person): boolean => role !== 'User';
const refused = (...oneOf: string[]): Outcome => ({ oneOf });

/** Those of the given codes whose condition holds. */
const applying = (conditions: Readonly<Record<string, boolean>>): string[] =>
  Object.keys(conditions).filter((code) => conditions[code]);

export class NaiveLab {
  now: number;
  bookings: NaiveBooking[] = [];
  windows: (Wanted & { readonly id: number })[] = [];
  /** Devices that cannot be booked now. */
  readonly broken = new Set<number>();
  #made = 0;

  constructor(now: number) {
    this.now = now;
  }

  /** What holds and is over has expired; the status of what is unconfirmed follows from the calendar. */
  settle(): void {
    this.#change(
      (one) => isHolding(one) && one.end <= this.now,
      () => 'EXPIRED',
    );
    const standing = this.bookings;
    this.#change(
      ({ status }) => status === 'PENDING' || status === 'CONFLICTING',
      (one) => {
        const contended = standing.some(
          (other) =>
            other !== one &&
            other.device === one.device &&
            isHolding(other) &&
            (other.status === 'CONFIRMED' || other.id < one.id) &&
            meet(other, one),
        );
        return contended ? 'CONFLICTING' : 'PENDING';
      },
    );
  }

  /** Those that were made and have no number of the real lab yet, by device and start. */
  unnumbered(): NaiveBooking[] {
    return this.bookings
      .filter((one) => !Number.isInteger(one.id))
      .sort((a, b) => a.device - b.device || a.start - b.start);
  }

  number(booking: NaiveBooking, id: number): void {
    this.bookings = this.bookings.map((one) => (one === booking ? { ...one, id } : one));
  }

  named(ids: readonly number[]): NaiveBooking[] {
    return this.bookings.filter((one) => ids.includes(one.id));
  }

  ofGroup(group: string): NaiveBooking[] {
    return this.bookings.filter((one) => one.group === group);
  }

  request(
    owner: Person,
    items: readonly Wanted[],
    consent: boolean,
    group: string,
    company: readonly number[],
  ): Outcome {
    const wanted = items.filter((item, index) => items.findIndex((other) => same(other, item)) === index);
    const clash = wanted.some((a) => wanted.some((b) => a !== b && a.device === b.device && meet(a, b)));
    if (clash) return refused('booking.items-overlap');
    const reasons = wanted.flatMap((item) => this.#against(owner.id, item, consent, group, wanted));
    if (reasons.length > 0) return { allOf: reasons };
    this.#add(wanted, { group, owner: owner.id, collaborators: company });
    return { done: wanted.length };
  }

  cancel(actor: Person, ids: readonly number[], isGroup: boolean): Outcome {
    const named = this.named(ids);
    if (!isAdmin(actor) && named.some(({ owner }) => owner !== actor.id)) return refused('booking.not-owner');
    const holding = named.filter(isHolding);
    if (holding.length === 0 && !isGroup) return refused('booking.already-over');
    this.#change(
      (one) => holding.includes(one),
      () => 'CANCELLED',
    );
    return { done: holding.length };
  }

  remove(actor: Person, id: number): Outcome {
    const [booking] = this.named([id]);
    if (!isAdmin(actor) && booking!.owner !== actor.id) return refused('booking.not-owner');
    if (!isAdmin(actor) && isHolding(booking!)) return refused('booking.still-holds');
    this.bookings = this.bookings.filter((one) => one !== booking);
    return { done: 1 };
  }

  share(actor: Person, ids: readonly number[], company: readonly number[]): Outcome {
    const named = this.named(ids);
    if (!isAdmin(actor) && named.some(({ owner }) => owner !== actor.id)) return refused('booking.not-owner');
    const reasons = applying({
      'booking.cancelled': named.every(({ status }) => status === 'CANCELLED'),
      'booking.own-collaborator': company.includes(named[0]!.owner),
    });
    if (reasons.length > 0) return refused(...reasons);
    const collaborators = [...company].sort((a, b) => a - b);
    this.bookings = this.bookings.map((one) => (named.includes(one) ? { ...one, collaborators } : one));
    return { done: named.length };
  }

  extend(actor: Person, ids: readonly number[], newDay: number): Outcome {
    const named = this.named(ids);
    if (!this.#takesPart(actor, named)) return refused('booking.not-yours');
    if (!named.every(isHolding)) return refused('booking.already-over');
    // What follows right on it in its group is what goes on.
    const after = (one: NaiveBooking): NaiveBooking => {
      const next = this.ofGroup(one.group).find(
        (other) => isHolding(other) && other.device === one.device && other.start === one.end,
      );
      return next ? after(next) : one;
    };
    const ends = [...new Set(named.map(after))];
    if (ends.some((one) => lastDay(one) >= newDay)) return refused('booking.not-later');
    const more = ends.map((one) => ({
      device: one.device,
      start: one.end,
      end: one.end + 24 * (newDay - lastDay(one)),
    }));
    const against = more.flatMap((item) => this.#against(named[0]!.owner, item, false, named[0]!.group, more));
    if (against.length > 0) return { allOf: against };
    for (const [index, one] of ends.entries()) {
      const { end } = more[index]!;
      const mayConfirm = mayDecide(actor) && (one.owner !== actor.id || isAdmin(actor));
      if (one.status === 'CONFIRMED' && !mayConfirm) this.#add([more[index]!], one);
      else this.bookings = this.bookings.map((other) => (other.id === one.id ? { ...other, end } : other));
    }
    return { done: ends.length };
  }

  extendGroup(actor: Person, group: string, newDay: number): Outcome {
    const members = this.ofGroup(group);
    const holding = members.filter(isHolding);
    if (!this.#takesPart(actor, holding.length > 0 ? holding : members)) return refused('booking.not-yours');
    if (holding.length === 0) return refused('booking.already-over');
    if (holding.some((one) => lastDay(one) >= newDay)) return refused('booking.not-later');
    const more = furtherDays(holding, newDay);
    const against = more.flatMap((item) => this.#against(members[0]!.owner, item, false, group, more));
    if (against.length > 0) return { allOf: against };
    const collaborators = [...new Set(holding.flatMap((one) => one.collaborators))].sort((a, b) => a - b);
    this.#add(more, { group, owner: members[0]!.owner, collaborators });
    return { done: more.length };
  }

  /** For the actor, of days from one to another, both included. */
  rebook(actor: Person, ids: readonly number[], from: number, to: number, group: string): Outcome {
    const named = this.named(ids);
    const kept = named.filter(({ status }) => status !== 'CANCELLED' && status !== 'REJECTED');
    const left = kept.length > 0 ? kept : named;
    const pattern = left.filter(
      (one) => !left.some((later) => later.id > one.id && later.device === one.device && meet(later, one)),
    );
    if (!this.#takesPart(actor, pattern)) return refused('booking.not-yours');
    const first = Math.min(...pattern.map(firstDay));
    const span = Math.max(...pattern.map(lastDay)) - first;
    if (to - from < span) return refused('booking.range-too-short');
    const moved = pattern.map(({ device, start, end }) => ({
      ...{ device, start: start + 24 * (from - first), end: end + 24 * (from - first) },
    }));
    const items = to - from > span ? [...moved, ...furtherDays(moved, to)] : moved;
    const isTheirs = pattern.every(({ owner }) => owner === actor.id);
    const company = isTheirs ? [...new Set(pattern.flatMap((one) => one.collaborators))].sort((a, b) => a - b) : [];
    return this.request(actor, items, false, group, company);
  }

  /** One after the other; what is told of each. */
  decide(actor: Person, decisions: readonly { readonly id: number; readonly verdict: Verdict }[]): Outcome[] {
    if (!mayDecide(actor)) return [refused('permission.denied')];
    return decisions.map(({ id, verdict }) => {
      const [booking] = this.named([id]);
      const { device, status, owner } = booking!;
      const rival = this.bookings.some(
        (one) => one !== booking && one.device === device && one.status === 'CONFIRMED' && meet(one, booking!),
      );
      const yes = verdict === 'CONFIRMED';
      const reasons = applying({
        'booking.decided': status === verdict,
        'booking.already-over': !isHolding(booking!) && status !== verdict,
        'approval.own-booking': owner === actor.id && !isAdmin(actor),
        'booking.taken': yes && rival,
        'booking.device-unavailable': yes && this.broken.has(device),
        'booking.maintenance': yes && this.windows.some((window) => window.device === device && meet(window, booking!)),
      });
      if (reasons.length > 0) return refused(...reasons);
      this.#change(
        (one) => one === booking,
        () => verdict,
      );
      return { done: 1 };
    });
  }

  /** Ids of the bookings that a window hits. */
  hitBy(window: Wanted): number[] {
    const hit = this.bookings.filter((one) => isHolding(one) && one.device === window.device && meet(one, window));
    return hit.map((one) => one.id).sort((a, b) => a - b);
  }

  #takesPart(actor: Person, bookings: readonly NaiveBooking[]): boolean {
    const theirs = ({ owner, collaborators }: NaiveBooking) => owner === actor.id || collaborators.includes(actor.id);
    return isAdmin(actor) || bookings.every(theirs);
  }

  /** For how many hours the group would have the device without a break, with this item among those asked for. */
  #unbroken(item: Wanted, group: string, asked: readonly Wanted[]): number {
    const own = [...asked, ...this.ofGroup(group).filter(isHolding)].filter(({ device }) => device === item.device);
    const has = (hour: number) => own.some((slot) => isOn(slot, hour));
    let [first, last] = [item.start, item.end];
    while (has(first - 1)) first -= 1;
    while (has(last)) last += 1;
    return last - first;
  }

  /** Every reason why somebody cannot have a slot. */
  #against(owner: number, item: Wanted, consent: boolean, group: string, asked: readonly Wanted[]): string[] {
    const { device, start, end } = item;
    const there = this.bookings.filter((one) => one.device === device && isHolding(one) && meet(one, item));
    const others = there.some((one) => one.owner !== owner);
    const full = hoursOf(item).some((hour) => {
      const groups = there.filter((one) => isOn(one, hour)).map((one) => one.group);
      return new Set(groups).size >= MOST_CONTENDERS;
    });
    return applying({
      'booking.in-past': end <= this.now,
      'booking.starts-in-past': start < 24 * dayOf(this.now),
      'booking.too-long': this.#unbroken(item, group, asked) > 24 * MOST_DAYS,
      'booking.beyond-horizon': end > this.now + 24 * HORIZON_DAYS,
      'booking.device-unavailable': this.broken.has(device),
      'booking.maintenance': this.windows.some((window) => window.device === device && meet(window, item)),
      'booking.own': there.some((one) => one.owner === owner),
      'booking.full': others && full,
      'booking.taken': others && !full && !consent,
    }).map((code) => `${device} ${start} ${code}`);
  }

  #add(
    items: readonly Wanted[],
    { group, owner, collaborators }: Pick<NaiveBooking, 'group' | 'owner' | 'collaborators'>,
  ): void {
    for (const { device, start, end } of items) {
      // Above every number there is, and no whole one, until the real lab has given it one.
      const id = 1e9 + (this.#made += 1) + 0.5;
      this.bookings = [...this.bookings, { id, group, device, owner, start, end, collaborators, status: 'PENDING' }];
    }
  }

  #change(which: (one: NaiveBooking) => boolean, statusOf: (one: NaiveBooking) => Status): void {
    this.bookings = this.bookings.map((one) => (which(one) ? { ...one, status: statusOf(one) } : one));
  }
}

const same = (a: Wanted, b: Wanted): boolean => a.device === b.device && a.start === b.start && a.end === b.end;

/** On each further day every slot of each device's last day again; what runs through whole days goes on. */
const furtherDays = (items: readonly Wanted[], newDay: number): Wanted[] => {
  const isLong = (item: Wanted) => item.end - item.start >= 24 && firstDay(item) !== lastDay(item);
  const devices = [...new Set(items.map((item) => item.device))].map((device) => {
    const own = items.filter((item) => item.device === device);
    const latest = own.reduce((a, b) => (b.end > a.end ? b : a));
    return { own, latest, day: isLong(latest) ? lastDay(latest) : firstDay(latest) };
  });
  const groupDay = Math.max(...devices.map(({ day }) => day));
  return devices.flatMap(({ own, latest, day }) => {
    const { device, end } = latest;
    if (isLong(latest)) return [{ device, start: end, end: end + 24 * (newDay - day) }];
    const added: Wanted[] = [];
    for (let further = groupDay + 1; further <= newDay; further += 1) {
      for (const item of own.filter((other) => !isLong(other) && firstDay(other) === day)) {
        const hours = 24 * (further - day);
        added.push({ device, start: item.start + hours, end: item.end + hours });
      }
    }
    return added;
  });
};
