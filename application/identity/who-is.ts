import type { User } from '../../domain/index.js';
import type { UserDirectory } from './ports.js';

/** Who a session's user is now: a disabled account is nobody, from the next request on. */
export class WhoIs {
  readonly #directory: UserDirectory;

  constructor(directory: UserDirectory) {
    this.#directory = directory;
  }

  async execute(userId: number): Promise<User | null> {
    const user = await this.#directory.find(userId);
    return user?.status === 'active' ? user : null;
  }
}
