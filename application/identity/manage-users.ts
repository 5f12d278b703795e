import {
  assertMay,
  assertMayChangeRole,
  assertMayChangeStatus,
  assertMayManage,
  DAY,
  may,
  notFound,
  type AccountStatus,
  type Actor,
  type ApprovalLimits,
  type Instant,
  type Role,
  type User,
} from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock, IdSource } from '../shared/ports.js';
import type {
  IdentityStores,
  IdentityWork,
  SessionRecords,
  TokenDigest,
  UserFilter,
  UserListing,
  UserListings,
} from './ports.js';

/** An invitation with its token, which is shown once and kept nowhere. */
export interface MadeInvitation {
  readonly id: string;
  /** Known to nobody but whoever is told now. */
  readonly token: string;
  readonly expiresAt: Instant;
}

/** How long somebody has to accept. */
const INVITED_FOR = 7 * DAY;

/** Who may do what in the lab. */
export class ManageUsers {
  readonly #work: IdentityWork;
  readonly #listings: UserListings;
  readonly #sessions: SessionRecords;
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #digest: TokenDigest;

  constructor(
    work: IdentityWork,
    listings: UserListings,
    sessions: SessionRecords,
    clock: Clock,
    ids: IdSource,
    digest: TokenDigest,
  ) {
    this.#work = work;
    this.#listings = listings;
    this.#sessions = sessions;
    this.#clock = clock;
    this.#ids = ids;
    this.#digest = digest;
  }

  /** By name. Addresses are shown only to those who may change users. */
  async page(
    actor: Actor,
    filter: UserFilter,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly items: readonly UserListing[]; readonly total: number }> {
    assertMay(actor, 'users:read');
    const { items, total } = await this.#listings.page(filter, page);
    if (may(actor, 'users:write')) return { items, total };
    const shown = items.map((item) =>
      item.user.id === actor.id ? item : { ...item, user: { ...item.user, email: null } },
    );
    return { items: shown, total };
  }

  /** @throws DomainError `permission.denied`, `identity.above-yours`. */
  async invite(actor: Actor, email: string | null, role: Role): Promise<MadeInvitation> {
    assertMayManage(actor, role);
    const now = this.#clock.now();
    const made = { id: this.#ids.next(), token: this.#ids.next(), expiresAt: now + INVITED_FOR };
    await this.#work.run(async ({ invitations, audit }) => {
      await invitations.removeOver(now);
      const { id, expiresAt } = made;
      await invitations.add({ id, email, role, expiresAt, tokenDigest: this.#digest(made.token), invitedBy: actor.id });
      await audit.append({
        ...{ at: now, actor: auditActorOf(actor), action: 'user.invited', entityType: 'invitation', entityId: id },
        ...{ entityLabel: email, message: `${actor.username} invited somebody as ${role}`, metadata: { role, email } },
      });
    });
    return made;
  }

  /**
   * @param limits how much they may confirm from now on; undefined leaves that as it is.
   * @throws DomainError `identity.unknown-user` and the reasons of `assertMayChangeRole`.
   */
  changeRole(actor: Actor, id: number, role: Role, limits?: ApprovalLimits | null): Promise<void> {
    assertMay(actor, 'users:write');
    return this.#work.run(async (stores) => {
      const { user, othersLeft } = await this.#find(id, stores);
      assertMayChangeRole(actor, user, role, othersLeft);
      const before = { role: user.role, limits: await stores.users.approvalLimitsOf(id) };
      await stores.users.setRole(id, role);
      if (limits !== undefined) await stores.users.setApprovalLimits(id, limits);
      const after = { role, limits: limits === undefined ? before.limits : limits };
      await this.#record(actor, 'user.role-changed', user, `made ${user.username} ${role}`, { before, after }, stores);
    });
  }

  /**
   * Whoever is disabled is signed out at once, everywhere, and has to sign in again when enabled.
   * @throws DomainError `identity.unknown-user` and the reasons of `assertMayChangeStatus`.
   */
  async changeStatus(actor: Actor, id: number, status: AccountStatus): Promise<void> {
    assertMay(actor, 'users:write');
    const before = await this.#work.run(async (stores) => {
      const { user, othersLeft } = await this.#find(id, stores);
      assertMayChangeStatus(actor, user, status, othersLeft);
      await stores.users.setStatus(id, status);
      const deed = status === 'disabled' ? 'disabled' : 'enabled';
      const change = { before: user.status, after: status };
      await this.#record(actor, `user.${deed}`, user, `${deed} ${user.username}`, change, stores);
      return user.status;
    });
    // Requests of a disabled account are refused from the commit on; this keeps its cookies from coming back to life.
    // Again when it is enabled: a sign-in that began before it was disabled may have opened a session since.
    if (status === 'disabled' || before === 'disabled') await this.#sessions.removeAllOf(id);
  }

  async #find(id: number, { users }: IdentityStores): Promise<{ user: User; othersLeft: boolean }> {
    const othersLeft = await users.anotherSuperAdmin(id);
    const user = await users.find(id);
    if (!user) throw notFound('identity.unknown-user', 'User not found');
    return { user, othersLeft };
  }

  async #record(
    actor: Actor,
    action: string,
    { id, username }: User,
    deed: string,
    metadata: Readonly<Record<string, unknown>>,
    { audit }: IdentityStores,
  ): Promise<void> {
    await audit.append({
      ...{ at: this.#clock.now(), actor: auditActorOf(actor), action, entityType: 'user', entityId: String(id) },
      ...{ entityLabel: username, message: `${actor.username} ${deed}`, metadata },
    });
  }
}
