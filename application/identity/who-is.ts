import type { User } from '../../domain/index.js';
import type { UserDirectory } from './ports.js';

/** Who a session's user is now: a disabled account is nobody, from the next request on. */
export class WhoIs {
  readonly #directory: UserDirectory;

  constructor(directory: UserDirectory) {
    this.#directory = directory;
  }

  /** Null when there is no such user or the account is disabled; with the role as it is now. */
  async execute(userId: number): Promise<User | null> {
    const user = await this.#directory.find(userId);
    return user?.status === 'active' ? user : null;
  }
}
