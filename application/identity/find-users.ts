import type { User } from '../../domain/index.js';
import type { UserDirectory } from './ports.js';

/** At most so many are found at once. */
export const MOST_FOUND_USERS = 20;

/** Looks people up by part of their name, as for naming collaborators. */
export class FindUsers {
  readonly #directory: UserDirectory;

  constructor(directory: UserDirectory) {
    this.#directory = directory;
  }

  /** An empty text finds nobody; `limit` is held between 1 and 20. */
  async execute(text: string, limit: number): Promise<Pick<User, 'id' | 'username'>[]> {
    const wanted = text.trim();
    if (wanted === '') return [];
    return this.#directory.search(wanted, Math.min(Math.max(Math.trunc(limit), 1), MOST_FOUND_USERS));
  }
}
