import { MINUTE, type Actor, type Instant } from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { AuditActor, AuditTrail, Clock, UnitOfWork } from '../shared/ports.js';

/** A transaction that writes down a refusal. */
export type RefusalWork = UnitOfWork<{ readonly audit: AuditTrail }>;

const MOST_REMEMBERED = 10_000;

/** Writes down who was refused what: sign-ins that failed, and what somebody's role does not allow. */
export class NoteRefusal {
  readonly #work: RefusalWork;
  readonly #clock: Clock;
  readonly #noted = new Map<string, Instant>();

  constructor(work: RefusalWork, clock: Clock) {
    this.#work = work;
    this.#clock = clock;
  }

  /** A sign-in that failed. @param username as it was typed, whoever that may be. */
  async signIn(username: string, via: Pick<AuditActor, 'requestId' | 'address'>): Promise<void> {
    const name = username.slice(0, 50);
    await this.#append({ id: null, name, role: null, ...via }, 'session.refused', name, `Sign-in as ${name} failed`);
  }

  /** The same person and deed once a minute: a page that asks again and again is one refusal. */
  async permission(actor: Actor, deed: string): Promise<void> {
    const key = `${actor.id} ${deed}`;
    const now = this.#clock.now();
    if ((this.#noted.get(key) ?? Number.NEGATIVE_INFINITY) > now - MINUTE) return;
    if (this.#noted.size >= MOST_REMEMBERED) this.#noted.clear();
    this.#noted.set(key, now);
    await this.#append(auditActorOf(actor), 'permission.refused', actor.username, `${actor.username} may not ${deed}`);
  }

  #append(actor: AuditActor, action: string, label: string, message: string): Promise<void> {
    return this.#work.run(({ audit }) =>
      audit.append({
        ...{ at: this.#clock.now(), actor, action, entityType: 'user', entityLabel: label, message, metadata: {} },
        entityId: actor.id === null ? null : String(actor.id),
      }),
    );
  }
}
