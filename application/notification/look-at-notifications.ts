import { assertMay, conflict, notFound, type Actor, type Channel } from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Page } from '../inventory/ports.js';
import type { Clock } from '../shared/ports.js';
import type { NotificationListings, NotificationPage, NotificationState, NotificationWork } from './ports.js';

/** What people find on their page, and what operators see of all that was to be told. */
export class LookAtNotifications {
  readonly #work: NotificationWork;
  readonly #listings: NotificationListings;
  readonly #clock: Clock;

  constructor(work: NotificationWork, listings: NotificationListings, clock: Clock) {
    this.#work = work;
    this.#listings = listings;
    this.#clock = clock;
  }

  /** The actor's own, the newest first. */
  own(actor: Actor, page: Page & { readonly unread: boolean }): Promise<NotificationPage> {
    return this.#listings.ofUser(actor.id, page);
  }

  /** @throws DomainError `notification.not-found`, also for somebody else's. */
  markRead(actor: Actor, id: number): Promise<void> {
    return this.#work.run(async ({ outbox }) => {
      const notification = await outbox.find(id);
      if (notification?.channel !== 'in-app' || notification.userId !== actor.id) throw unknown();
      await outbox.markRead(id, this.#clock.now());
    });
  }

  /** Everybody's, the newest first. */
  async all(actor: Actor, state: NotificationState | null, page: Page): Promise<NotificationPage> {
    assertMay(actor, 'logs:read');
    return this.#listings.withState(state, page);
  }

  /**
   * Has one sent again that was given up, or at once one that waits. What reached its reader is not sent twice.
   * @throws DomainError `notification.not-found` or `notification.sent`.
   */
  async retry(actor: Actor, id: number): Promise<void> {
    assertMay(actor, 'users:write');
    await this.#work.run(async ({ outbox, audit }) => {
      const notification = await outbox.find(id);
      if (!notification) throw unknown();
      if (notification.state === 'sent')
        throw conflict('notification.sent', 'This notification was delivered already.');
      const now = this.#clock.now();
      await outbox.renew(id, now);
      await audit.append({
        ...{ at: now, actor: auditActorOf(actor), action: 'notification.retried', entityType: 'notification' },
        ...{ entityId: String(id), entityLabel: notification.type },
        message: `${actor.username} had notification ${id} sent again`,
        metadata: { channel: notification.channel, attempts: notification.attempts, error: notification.lastError },
      });
    });
  }

  /**
   * Has all sent again that were given up, on one channel or on any: after what was wrong with it is mended.
   * @returns how many.
   */
  async retryDead(actor: Actor, channel: Channel | null): Promise<number> {
    assertMay(actor, 'users:write');
    return this.#work.run(async ({ outbox, audit }) => {
      const now = this.#clock.now();
      const count = await outbox.renewDead(channel, now);
      if (count === 0) return 0;
      await audit.append({
        ...{ at: now, actor: auditActorOf(actor), action: 'notification.retried', entityType: 'notification' },
        ...{ entityId: null, entityLabel: null },
        message: `${actor.username} had ${count} notification(s) sent again that were given up`,
        metadata: { channel, count },
      });
      return count;
    });
  }
}

const unknown = () => notFound('notification.not-found', 'Notification not found');
