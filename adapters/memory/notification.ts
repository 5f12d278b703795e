import type { RecordedEvent } from '../../application/events/index.js';
import type {
  Backlog,
  NewNotification,
  Notification,
  NotificationListings,
  NotificationPage,
  NotificationState,
  Outbox,
  Outcome,
  People,
} from '../../application/notification/ports.js';
import type { Channel, Instant, Role, User } from '../../domain/index.js';
import type { LabState, NextId, Tables } from './tables.js';

const byId = (a: { readonly id: number }, b: { readonly id: number }) => a.id - b.id;

const untoldIn = ({ events, places }: Tables): RecordedEvent[] =>
  [...events]
    .filter(([id]) => !places.has(id))
    .map(([id, event]) => ({ id, event }))
    .sort(byId);

const isDue = ({ state, dueAt }: Notification, now: Instant): boolean => state === 'waiting' && dueAt <= now;

export class MemoryOutbox implements Outbox {
  readonly #tables: Tables;
  readonly #nextId: NextId;

  constructor(tables: Tables, nextId: NextId) {
    this.#tables = tables;
    this.#nextId = nextId;
  }

  async untold(limit: number): Promise<RecordedEvent[]> {
    return untoldIn(this.#tables).slice(0, limit);
  }

  async place(eventIds: readonly number[]): Promise<void> {
    const { places } = this.#tables;
    const last = Math.max(0, ...places.values());
    eventIds.forEach((id, index) => places.set(id, last + index + 1));
  }

  async add(added: readonly NewNotification[]): Promise<void> {
    const keyOf = ({ eventId, channel, userId }: NewNotification) => `${eventId}/${channel}/${userId}`;
    const known = new Set([...this.#tables.notifications.values()].map(keyOf));
    for (const notification of added) {
      if (known.has(keyOf(notification))) continue;
      known.add(keyOf(notification));
      const id = this.#nextId();
      const { createdAt, state } = notification;
      this.#tables.notifications.set(id, {
        ...notification,
        ...{ id, attempts: 0, dueAt: createdAt, lastError: null, readAt: null },
        sentAt: state === 'sent' ? createdAt : null,
      });
    }
  }

  async claim(channel: Channel, limit: number, now: Instant, until: Instant): Promise<Notification[]> {
    const claimed = [...this.#tables.notifications.values()]
      .filter((notification) => notification.channel === channel && isDue(notification, now))
      .sort(byId)
      .slice(0, limit);
    for (const { id } of claimed) this.#change(id, () => ({ dueAt: until }));
    return claimed;
  }

  async settle(outcomes: readonly Outcome[]): Promise<void> {
    for (const outcome of outcomes) {
      this.#change(outcome.id, ({ state, attempts, dueAt: claimedUntil }) => {
        if (outcome.state === 'sent') return { state: 'sent', sentAt: outcome.at, lastError: null };
        if (state !== 'waiting' || claimedUntil !== outcome.claimedUntil) return {};
        if (outcome.state === 'dead') return { state: 'dead', lastError: outcome.error, attempts: attempts + 1 };
        const { dueAt, failed, error } = outcome;
        return { dueAt, lastError: error, attempts: attempts + (failed ? 1 : 0) };
      });
    }
  }

  async eventsWith(ids: readonly number[]): Promise<RecordedEvent[]> {
    const wanted = new Set(ids);
    return [...this.#tables.events].filter(([id]) => wanted.has(id)).map(([id, event]) => ({ id, event }));
  }

  async find(id: number): Promise<Notification | null> {
    return this.#tables.notifications.get(id) ?? null;
  }

  async renew(id: number, at: Instant): Promise<void> {
    this.#change(id, () => ({ state: 'waiting', attempts: 0, dueAt: at, lastError: null, sentAt: null }));
  }

  async renewDead(channel: Channel | null, at: Instant): Promise<number> {
    const dead = [...this.#tables.notifications.values()].filter(
      (notification) => notification.state === 'dead' && (channel === null || notification.channel === channel),
    );
    for (const { id } of dead) await this.renew(id, at);
    return dead.length;
  }

  async markRead(id: number, at: Instant): Promise<void> {
    this.#change(id, ({ readAt }) => ({ readAt: readAt ?? at }));
  }

  async removeBefore(at: Instant): Promise<void> {
    for (const { id, state, createdAt } of this.#tables.notifications.values()) {
      if (state !== 'waiting' && createdAt < at) this.#tables.notifications.delete(id);
    }
    for (const [key, taken] of this.#tables.doneOnce) if (taken < at) this.#tables.doneOnce.delete(key);
  }

  async once(key: string, at: Instant): Promise<boolean> {
    if (this.#tables.doneOnce.has(key)) return false;
    this.#tables.doneOnce.set(key, at);
    return true;
  }

  #change(id: number, changes: (notification: Notification) => Partial<Notification>): void {
    const notification = this.#tables.notifications.get(id);
    if (notification) this.#tables.notifications.set(id, { ...notification, ...changes(notification) });
  }
}

export class MemoryPeople implements People {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async withIds(ids: readonly number[]): Promise<User[]> {
    const wanted = new Set(ids);
    return this.#active((user) => wanted.has(user.id));
  }

  async withRoles(roles: readonly Role[]): Promise<User[]> {
    return this.#active((user) => roles.includes(user.role));
  }

  #active(condition: (user: User) => boolean): User[] {
    return [...this.#tables.users.values()]
      .map(({ user }) => user)
      .filter((user) => user.status === 'active' && condition(user))
      .sort(byId);
  }
}

export class MemoryNotificationListings implements NotificationListings {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async anythingDue(now: Instant, channels: readonly Channel[]): Promise<{ untold: boolean; due: boolean }> {
    const { tables } = this.#lab;
    const due = [...tables.notifications.values()].some(
      (notification) => channels.includes(notification.channel) && isDue(notification, now),
    );
    return { untold: untoldIn(tables).length > 0, due };
  }

  async backlog(): Promise<Backlog> {
    const { tables } = this.#lab;
    const inState = (wanted: NotificationState) =>
      [...tables.notifications.values()].filter(({ state }) => state === wanted);
    const [untold, waiting] = [untoldIn(tables), inState('waiting')];
    const written = [...untold.map(({ event }) => event.at), ...waiting.map(({ createdAt }) => createdAt)];
    return {
      ...{ untold: untold.length, waiting: waiting.length, dead: inState('dead').length },
      since: written.length === 0 ? null : Math.min(...written),
    };
  }

  async ofUser(
    userId: number,
    { unread, limit, offset }: { unread: boolean; limit: number; offset: number },
  ): Promise<NotificationPage> {
    return this.#page(
      (notification) =>
        notification.channel === 'in-app' &&
        notification.userId === userId &&
        !(unread && notification.readAt !== null),
      limit,
      offset,
    );
  }

  async withState(
    state: NotificationState | null,
    { limit, offset }: { limit: number; offset: number },
  ): Promise<NotificationPage> {
    return this.#page((notification) => state === null || notification.state === state, limit, offset);
  }

  #page(condition: (notification: Notification) => boolean, limit: number, offset: number): NotificationPage {
    const found = [...this.#lab.tables.notifications.values()].filter(condition).sort((a, b) => b.id - a.id);
    return { items: found.slice(offset, offset + limit), total: found.length };
  }
}
