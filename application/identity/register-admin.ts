import { forbidden, type User } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import { newAccount, type AccountForm } from './new-account.js';
import type { IdentityWork, PasswordHasher, TokenDigest } from './ports.js';

/** Makes administrators for those who know the operator's secret. Without a configured secret nobody does. */
export class RegisterAdmin {
  readonly #work: IdentityWork;
  readonly #hasher: PasswordHasher;
  readonly #clock: Clock;
  readonly #digest: TokenDigest;
  readonly #adminSecret: string | null;

  constructor(
    work: IdentityWork,
    hasher: PasswordHasher,
    clock: Clock,
    digest: TokenDigest,
    adminSecret: string | null,
  ) {
    this.#work = work;
    this.#hasher = hasher;
    this.#clock = clock;
    this.#digest = digest;
    this.#adminSecret = adminSecret;
  }

  /** The first account made here is Super Admin, later ones are Admin. */
  async execute(form: AccountForm & { readonly adminSecret: string }): Promise<User> {
    // Digests are compared, so that the time taken says nothing about how much of the secret was right.
    if (!this.#adminSecret || this.#digest(form.adminSecret) !== this.#digest(this.#adminSecret)) {
      throw forbidden('identity.wrong-admin-secret', 'Invalid admin secret');
    }
    const now = this.#clock.now();
    const account = await newAccount(form, 'Admin', now, this.#hasher);
    return this.#work.run(async ({ users, audit }) => {
      const role = (await users.anyAdmin()) ? 'Admin' : 'Super Admin';
      const user = await users.add({ ...account, role });
      await audit.append({
        at: now,
        actor: { id: user.id, name: user.username, role },
        action: 'user.registered-admin',
        entityType: 'user',
        entityId: String(user.id),
        entityLabel: user.username,
        message: `${user.username} registered as ${role}`,
        metadata: { role },
      });
      return user;
    });
  }
}
