import { DomainError, invalid, type User, type Via } from '../../domain/index.js';
import type { NoteRefusal } from '../audit/index.js';
import type { PasswordHasher, UserDirectory } from './ports.js';

/** Tells whether somebody is who they say. Opening the session is the caller's part. */
export class SignIn {
  readonly #directory: UserDirectory;
  readonly #hasher: PasswordHasher;
  readonly #refusals: Pick<NoteRefusal, 'signIn'>;

  constructor(directory: UserDirectory, hasher: PasswordHasher, refusals: Pick<NoteRefusal, 'signIn'>) {
    this.#directory = directory;
    this.#hasher = hasher;
    this.#refusals = refusals;
  }

  /** @throws DomainError `identity.wrong-credentials`, the same and as late for an unknown name as for a wrong secret. */
  async execute(username: string, secret: string, via?: Via): Promise<User> {
    const account = await this.#directory.accountNamed(username);
    const matches = await this.#hasher.matches(secret, account?.passwordHash ?? null);
    if (!account || !matches) {
      await this.#refusals.signIn(username, via ?? {});
      throw invalid('identity.wrong-credentials', 'Invalid username or password');
    }
    if (account.user.status === 'disabled') {
      await this.#refusals.signIn(username, via ?? {});
      throw new DomainError('forbidden', 'identity.disabled', 'This account is disabled.');
    }
    return account.user;
  }
}
