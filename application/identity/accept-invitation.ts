import { invalid, type User } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import { newAccount, type AccountForm } from './new-account.js';
import type { IdentityWork, PasswordHasher, TokenDigest } from './ports.js';

/** Turns an invitation into an account, once. */
export class AcceptInvitation {
  readonly #work: IdentityWork;
  readonly #hasher: PasswordHasher;
  readonly #clock: Clock;
  readonly #digest: TokenDigest;

  constructor(work: IdentityWork, hasher: PasswordHasher, clock: Clock, digest: TokenDigest) {
    this.#work = work;
    this.#hasher = hasher;
    this.#clock = clock;
    this.#digest = digest;
  }

  /** @throws DomainError `identity.invalid-invitation` when the token is unknown, used or expired. */
  async execute(form: AccountForm & { readonly token: string }): Promise<User> {
    const now = this.#clock.now();
    const account = await newAccount(form, 'User', now, this.#hasher);
    return this.#work.run(async ({ users, invitations, audit }) => {
      const invitation = await invitations.take(this.#digest(form.token));
      const superseded = invitation?.invitedBy === null && (await users.anyAdmin());
      if (!invitation || invitation.expiresAt <= now || superseded) {
        throw invalid('identity.invalid-invitation', 'This invitation is unknown, used or expired.');
      }
      const user = await users.add({ ...account, role: invitation.role });
      await audit.append({
        at: now,
        actor: { id: user.id, name: user.username, role: user.role },
        action: 'user.accepted-invitation',
        entityType: 'user',
        entityId: String(user.id),
        entityLabel: user.username,
        message: `${user.username} joined as ${user.role}`,
        metadata: { role: user.role, invitedBy: invitation.invitedBy },
      });
      return user;
    });
  }
}
