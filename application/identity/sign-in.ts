import { DomainError, invalid, type User } from '../../domain/index.js';
import type { PasswordHasher, UserDirectory } from './ports.js';

/** Tells whether somebody is who they say. Opening the session is the caller's part. */
export class SignIn {
  readonly #directory: UserDirectory;
  readonly #hasher: PasswordHasher;

  constructor(directory: UserDirectory, hasher: PasswordHasher) {
    this.#directory = directory;
    this.#hasher = hasher;
  }

  /** @throws DomainError `identity.wrong-credentials`, the same and as late for an unknown name as for a wrong secret. */
  async execute(username: string, secret: string): Promise<User> {
    const account = await this.#directory.accountNamed(username);
    const matches = await this.#hasher.matches(secret, account?.passwordHash ?? null);
    if (!account || !matches) throw invalid('identity.wrong-credentials', 'Invalid username or password');
    if (account.user.status === 'disabled') {
      throw new DomainError('forbidden', 'identity.disabled', 'This account is disabled.');
    }
    return account.user;
  }
}
