import {
  describeEvent,
  MINUTE,
  MOST_ATTEMPTS,
  namedIn,
  NOBODY_IN_PARTICULAR,
  shortened,
  waitAfter,
  type Channel,
  type Instant,
  type LabZone,
} from '../../domain/index.js';
import type { Chance, Clock, Leases } from '../shared/ports.js';
import type {
  Delivery,
  Letter,
  Notification,
  NotificationStores,
  NotificationWork,
  Notifier,
  Notifiers,
  Outcome,
} from './ports.js';
import { Settling } from './settling.js';

const AT_ONCE = 100;
/** How long the one who took letters has them to itself; when it dies, others get them afterwards. */
const CLAIM = MINUTE;
/** Not to be sent any more with less than this left of the claim: more than any notifier takes. */
const LAST_START = MINUTE / 3;
const LONGEST_ERROR = 300;

/** A letter, or why there is none. */
interface Prepared {
  readonly notification: Notification;
  readonly letter: Letter | null;
  readonly flaw: string;
}

/**
 * Sends what is due, each channel by itself, in the order in which it happened. One process at a time sends on a channel:
 * it has a lease of the channel that ends with its last claim.
 */
export class DeliverNotifications {
  readonly #work: NotificationWork;
  readonly #notifiers: Notifiers;
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #zone: LabZone;
  readonly #leases: Leases;
  readonly #holder: string;
  readonly #settling: Settling;
  /** Until when nothing is sent on a channel. */
  readonly #pauses = new Map<Channel, Instant>();
  #running: Promise<number> | null = null;
  #stopped = false;

  /** @param holder tells this process from the others. */
  constructor(
    work: NotificationWork,
    notifiers: Notifiers,
    clock: Clock,
    chance: Chance,
    zone: LabZone,
    leases: Leases,
    holder: string,
  ) {
    this.#work = work;
    this.#notifiers = notifiers;
    this.#clock = clock;
    this.#chance = chance;
    this.#zone = zone;
    this.#leases = leases;
    this.#holder = holder;
    this.#settling = new Settling(work, clock);
  }

  /** On which this process can send. */
  get channels(): Channel[] {
    return [...this.#notifiers.keys()];
  }

  /** One run at a time: who asks during one gets that. @returns how many were sent. */
  execute(): Promise<number> {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Sends nothing more; what is on its way may arrive. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running?.catch(() => undefined);
    await Promise.all([...this.#notifiers.values()].map((notifier) => notifier.close()));
  }

  async #run(): Promise<number> {
    // What could not be written down the last time must be, or it would be sent again.
    await this.#settling.done();
    // One channel that fails is not the end of the run: the others are still at work, and whoever stops waits for them.
    const runs = await Promise.allSettled([...this.#notifiers].map((entry) => this.#deliverOn(...entry)));
    let sent = 0;
    for (const run of runs) {
      if (run.status === 'rejected') throw run.reason;
      sent += run.value;
    }
    return sent;
  }

  async #deliverOn(channel: Channel, notifier: Notifier): Promise<number> {
    const lease = `deliver-${channel}`;
    const sent = await this.#sendWhile(channel, notifier, (now) =>
      this.#leases.acquire(lease, this.#holder, CLAIM, now),
    );
    // Not after a failure: what is claimed and still to be settled comes first.
    await this.#leases.release(lease, this.#holder);
    return sent;
  }

  async #sendWhile(channel: Channel, notifier: Notifier, isAlone: (now: Instant) => Promise<boolean>): Promise<number> {
    for (let sent = 0; ;) {
      const now = this.#clock.now();
      if (this.#stopped || (this.#pauses.get(channel) ?? 0) > now) return sent;
      // As long as the claim that follows: whoever comes next finds all of it due again, and begins with the first.
      if (!(await isAlone(now))) return sent;
      const prepared = await this.#work.run(async (stores) => {
        const claimed = await stores.outbox.claim(channel, AT_ONCE, now, now + CLAIM);
        return claimed.length === 0 ? [] : this.#prepare(stores, claimed);
      });
      if (prepared.length === 0) return sent;
      sent += await this.#sendAll(prepared, channel, notifier, now);
    }
  }

  async #prepare({ outbox, people }: NotificationStores, claimed: readonly Notification[]): Promise<Prepared[]> {
    const recorded = await outbox.eventsWith([...new Set(claimed.map(({ eventId }) => eventId))]);
    const events = new Map(recorded.map(({ id, event }) => [id, event]));
    const named = new Set([...claimed.map(({ userId }) => userId), ...recorded.flatMap(({ event }) => namedIn(event))]);
    const users = new Map((await people.withIds([...named])).map((user) => [user.id, user]));
    const nameOf = (id: number) => users.get(id)?.username ?? `user ${id}`;
    return claimed.map((notification) => {
      const event = events.get(notification.eventId);
      if (!event) return { notification, letter: null, flaw: 'what happened is not recorded any more' };
      const to = users.get(notification.userId) ?? null;
      if (to === null && notification.userId !== NOBODY_IN_PARTICULAR) {
        return { notification, letter: null, flaw: 'the account is gone or disabled' };
      }
      const message = describeEvent(event, nameOf, this.#zone);
      const about = message.about === null ? null : (users.get(message.about) ?? null);
      return { notification, letter: { id: notification.id, message, to, about }, flaw: '' };
    });
  }

  async #sendAll(
    prepared: readonly Prepared[],
    channel: Channel,
    notifier: Notifier,
    claimedAt: Instant,
  ): Promise<number> {
    const queue = [...prepared];
    const claimedUntil = claimedAt + CLAIM;
    let sent = 0;
    const lane = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const now = this.#clock.now();
        const pause = this.#pauses.get(channel) ?? 0;
        // A clock that was set back says nothing about how much is left.
        const mayStart = now >= claimedAt && now <= claimedUntil - LAST_START;
        if (this.#stopped || !mayStart || pause > now) {
          const { id, lastError } = next.notification;
          const dueAt = Math.max(now, pause);
          this.#settling.add({ id, state: 'waiting', claimedUntil, dueAt, failed: false, error: lastError });
          continue;
        }
        const outcome = await this.#send(next, channel, notifier, claimedUntil);
        if (outcome.state === 'sent') sent += 1;
        this.#settling.add(outcome);
        await this.#settling.hasRoom();
      }
    };
    await Promise.all(Array.from({ length: notifier.lanes }, lane));
    await this.#settling.done();
    return sent;
  }

  async #send(
    { notification, letter, flaw }: Prepared,
    channel: Channel,
    notifier: Notifier,
    claimedUntil: Instant,
  ): Promise<Outcome> {
    const { id, attempts } = notification;
    if (letter === null) return { id, state: 'dead', claimedUntil, error: flaw };
    const delivery = await notifier
      .send(letter)
      .catch((error: unknown): Delivery => ({ kind: 'later', reason: String(error), everybody: false }));
    const now = this.#clock.now();
    if (delivery.kind === 'delivered') {
      if (delivery.pause) this.#pauses.set(channel, now + delivery.pause);
      return { id, state: 'sent', at: now };
    }
    const error = shortened(delivery.reason, LONGEST_ERROR);
    if (delivery.kind === 'refused') return { id, state: 'dead', claimedUntil, error };
    const failed = delivery.after === undefined;
    const dueAt = now + (delivery.after ?? waitAfter(attempts + 1, this.#chance.next()));
    if (delivery.everybody) this.#pauses.set(channel, dueAt);
    if (failed && attempts + 1 >= MOST_ATTEMPTS) return { id, state: 'dead', claimedUntil, error };
    return { id, state: 'waiting', claimedUntil, dueAt, failed, error };
  }
}
