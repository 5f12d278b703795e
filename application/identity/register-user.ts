import type { User } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import { newAccount, type AccountForm } from './new-account.js';
import type { IdentityWork, PasswordHasher } from './ports.js';

/** Anybody may become an ordinary user. */
export class RegisterUser {
  readonly #work: IdentityWork;
  readonly #hasher: PasswordHasher;
  readonly #clock: Clock;

  constructor(work: IdentityWork, hasher: PasswordHasher, clock: Clock) {
    this.#work = work;
    this.#hasher = hasher;
    this.#clock = clock;
  }

  /** @throws DomainError `identity.username-taken`, `identity.email-taken`, or for a malformed form. */
  async execute(form: AccountForm): Promise<User> {
    const now = this.#clock.now();
    const account = await newAccount(form, 'User', now, this.#hasher);
    return this.#work.run(async ({ users, audit }) => {
      const user = await users.add(account);
      await audit.append({
        at: now,
        actor: { id: user.id, name: user.username, role: user.role },
        action: 'user.registered',
        entityType: 'user',
        entityId: String(user.id),
        entityLabel: user.username,
        message: `${user.username} registered`,
        metadata: {},
      });
      return user;
    });
  }
}
