import {
  assertMay,
  beyondApprovalLimits,
  checkApproval,
  conflict,
  forbidden,
  hasQuotas,
  holds,
  invalid,
  isBookable,
  limitsFor,
  notFound,
  overlaps,
  slotInWords,
  statusAt,
  stretchesOf,
  stretchOf,
  Today,
  underMaintenance,
  whyNotBookable,
  type Actor,
  type Booking,
  type Calendar,
  type DomainError,
  type Hold,
  type Instant,
  type LabSettings,
  type LabZone,
  type User,
} from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import { announce } from './announce.js';
import { joinedGroup, type BookingTerms } from './booking-terms.js';
import { claimBookings, settleContention, withEnded } from './claim-calendars.js';
import type { BookingStores, BookingWork } from './ports.js';
import { mayDecideOwn } from './self-approval.js';

/** What an approver says. */
export type Verdict = 'CONFIRMED' | 'REJECTED';

/** Ids of the bookings that were decided, and why the others were not. */
export interface DecisionOutcome {
  readonly succeeded: readonly number[];
  readonly failed: readonly { readonly id: number; readonly error: DomainError }[];
}

/** Approvers say yes or no. A yes is checked against the calendar again: what was free when it was asked for may not be now. */
export class DecideBookings {
  readonly #work: BookingWork;
  readonly #clock: Clock;
  readonly #terms: BookingTerms & Pick<LabSettings, 'selfApproval'>;

  constructor(work: BookingWork, clock: Clock, terms: BookingTerms & Pick<LabSettings, 'selfApproval'>) {
    this.#work = work;
    this.#clock = clock;
    this.#terms = terms;
  }

  /** Decides about one. @throws DomainError the reason why it could not be done. */
  async one(actor: Actor, id: number, verdict: Verdict, comment: string | null = null): Promise<void> {
    const { failed } = await this.many(actor, [{ id, verdict }], comment);
    if (failed[0]) throw failed[0].error;
  }

  /**
   * Decides about several in one transaction, in the order given; one that fails does not keep the others. Of two that
   * contend for a slot, the first confirmed wins.
   * @param comment on all of them that have none of their own.
   */
  many(
    actor: Actor,
    decisions: readonly { readonly id: number; readonly verdict: Verdict; readonly comment?: string | null }[],
    comment: string | null,
  ): Promise<DecisionOutcome> {
    assertMay(actor, 'bookings:write');
    if (decisions.length === 0) throw invalid('booking.no-items', 'No booking IDs provided');
    return this.#work.run(async (stores) => {
      const ids = [...new Set(decisions.map((decision) => decision.id))];
      const read = () => stores.bookings.withIds(ids);
      const { now, bookings, ...claimed } = await claimBookings(stores, read, this.#clock);
      const calendars = await withEnded(claimed.calendars, stores.calendars, this.#terms.policy, now);
      const current = new Map(bookings.map((booking) => [booking.id, booking]));
      const owners = new Map<number, User | null>();
      for (const { ownerId } of bookings) {
        if (!owners.has(ownerId)) owners.set(ownerId, await stores.users.find(ownerId));
      }
      const succeeded: number[] = [];
      const failed: { id: number; error: DomainError }[] = [];
      const told = new Map<string, { verdict: Verdict; comment: string; bookings: Booking[] }>();
      // Named twice is decided once, as it was named first.
      const distinct = decisions.filter(({ id }, at) => decisions.findIndex((other) => other.id === id) === at);
      for (const { id, verdict, comment: own = null } of distinct) {
        const booking = current.get(id);
        const error = booking
          ? await this.#obstacle(actor, booking, verdict, owners.get(booking.ownerId), calendars, now, stores)
          : notFound('booking.not-found', 'Booking not found');
        if (error || !booking) {
          if (error) failed.push({ id, error });
          continue;
        }
        await this.#decide(actor, booking, verdict, own ?? comment, now, stores);
        current.set(id, { ...booking, status: verdict });
        const said = { verdict, comment: own ?? comment ?? '' };
        const alike = told.get(JSON.stringify(said)) ?? { ...said, bookings: [] };
        alike.bookings.push({ ...booking, status: verdict });
        told.set(JSON.stringify(said), alike);
        applyTo(calendars, booking, verdict);
        succeeded.push(id);
      }
      await settleContention(stores, calendars, new Set(), now);
      for (const { verdict, comment: said, bookings: decided } of told.values()) {
        const type = verdict === 'CONFIRMED' ? 'booking.confirmed' : 'booking.rejected';
        await announce(stores, type, actor, decided, calendars, now, said);
      }
      return { succeeded, failed };
    });
  }

  async #obstacle(
    actor: Actor,
    booking: Booking,
    verdict: Verdict,
    owner: User | null | undefined,
    calendars: ReadonlyMap<number, Calendar>,
    now: Instant,
    stores: BookingStores,
  ): Promise<DomainError | null> {
    const calendar = calendars.get(booking.deviceId);
    const status = statusAt(booking.status, booking.slot.end, now);
    if (status === verdict) {
      return invalid('booking.decided', verdict === 'CONFIRMED' ? 'Already confirmed' : 'Already declined');
    }
    if (!holds(status)) return invalid('booking.already-over', `Booking is already ${status.toLowerCase()}`);
    if (booking.ownerId === actor.id && !mayDecideOwn(actor, this.#terms.selfApproval)) {
      return forbidden('approval.own-booking', 'Nobody decides about their own booking.');
    }
    if (verdict === 'REJECTED') return null;
    return (
      whyNotConfirm(booking, calendar, this.#terms.zone) ??
      (await this.#beyondLimits(actor, booking, now, stores)) ??
      (await this.#brokenPolicy(booking, owner, calendar, now, stores))
    );
  }

  /** Somebody may confirm so much and no more: all that the group holds counts, so that nothing passes in pieces. */
  async #beyondLimits(
    actor: Actor,
    booking: Booking,
    now: Instant,
    stores: BookingStores,
  ): Promise<DomainError | null> {
    const limits = await stores.users.approvalLimitsOf(actor.id);
    if (!limits) return null;
    const members = await stores.bookings.ofGroup(booking.groupId);
    const { holding } = joinedGroup(booking.groupId, members, now);
    return beyondApprovalLimits(limits, booking, holding, this.#terms.zone);
  }

  /** The same rules as for a request, held against what is confirmed around it. */
  async #brokenPolicy(
    booking: Booking,
    owner: User | null | undefined,
    calendar: Calendar | undefined,
    now: Instant,
    stores: BookingStores,
  ): Promise<DomainError | null> {
    if (!owner || !calendar) return null;
    const { zone, policy } = this.#terms;
    const { type } = calendar.thing;
    const ofGroup = calendar.holds.filter(({ groupId }) => groupId === booking.groupId);
    const whole = stretchOf(booking.slot, stretchesOf(ofGroup.map(({ slot }) => slot)));
    const broken = checkApproval({
      slot: booking.slot,
      joint: whole,
      whole,
      type,
      limits: limitsFor(policy, type, owner.role),
      today: new Today(now, zone),
      others: [...calendar.holds.filter(({ status }) => status === 'CONFIRMED'), ...(calendar.ended ?? [])].filter(
        ({ ownerId }) => ownerId !== booking.ownerId,
      ),
      held: hasQuotas(policy) ? await stores.bookings.heldBy(booking.ownerId, now) : [],
      policy,
      role: owner.role,
    }).filter((check) => !check.ok);
    if (broken.length === 0) return null;
    const [first] = broken;
    return conflict(first?.code ?? 'booking.policy', broken.map((check) => check.detail).join(' '), {
      policy: broken.map(({ rule, limit, actual }) => ({ rule, limit, actual })),
    });
  }

  async #decide(
    actor: Actor,
    booking: Booking,
    verdict: Verdict,
    comment: string | null,
    now: Instant,
    stores: BookingStores,
  ): Promise<void> {
    await stores.bookings.decide([booking.id], verdict, { by: actor.id, at: now, comment });
    await stores.audit.append({
      at: now,
      actor: auditActorOf(actor),
      action: verdict === 'CONFIRMED' ? 'booking.confirmed' : 'booking.rejected',
      entityType: 'booking',
      entityId: String(booking.id),
      entityLabel: null,
      message: `${actor.username} ${verdict === 'CONFIRMED' ? 'confirmed' : 'rejected'} booking ${booking.id}`,
      metadata: { groupId: booking.groupId, ownerId: booking.ownerId, before: booking.status, comment },
    });
  }
}

/** What a person may have overlooked, or what came up since the booking was asked for. */
const whyNotConfirm = (booking: Booking, calendar: Calendar | undefined, zone: LabZone): DomainError | null => {
  if (!calendar) return notFound('booking.unknown-device', 'The device is not in the inventory any more.');
  const winner = calendar.holds.find(
    (hold) => hold.bookingId !== booking.id && hold.status === 'CONFIRMED' && overlaps(hold.slot, booking.slot),
  );
  if (winner) {
    const { bookingId, ownerUsername, slot } = winner;
    const taken = `${calendar.thing.name} is already booked by ${ownerUsername}, ${slotInWords(slot, zone)}`;
    return conflict('booking.taken', `${taken}: booking ${bookingId} is confirmed.`, { booking_id: bookingId });
  }
  if (!isBookable(calendar.thing)) {
    return conflict('booking.device-unavailable', whyNotBookable(calendar.thing));
  }
  const windows = calendar.maintenance.filter((window) => overlaps(window.slot, booking.slot));
  if (windows.length > 0) {
    return conflict('booking.maintenance', underMaintenance(calendar.thing, windows, zone));
  }
  return null;
};

/** Keeps the claimed calendars in step with what was just written, for the decisions that follow. */
const applyTo = (calendars: Map<number, Calendar>, booking: Booking, verdict: Verdict): void => {
  const calendar = calendars.get(booking.deviceId);
  if (!calendar) return;
  const isIt = (hold: Hold) => hold.bookingId === booking.id;
  const after =
    verdict === 'CONFIRMED'
      ? calendar.holds.map((hold) => (isIt(hold) ? { ...hold, status: verdict } : hold))
      : calendar.holds.filter((hold) => !isIt(hold));
  calendars.set(booking.deviceId, { ...calendar, holds: after });
};
