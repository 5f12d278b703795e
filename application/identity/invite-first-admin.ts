import { DAY } from '../../domain/index.js';
import type { Clock, IdSource } from '../shared/ports.js';
import type { IdentityWork, TokenDigest } from './ports.js';

/** A lab without an administrator gets a one-time invitation for its first, which start-up prints. */
export class InviteFirstAdmin {
  readonly #work: IdentityWork;
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #digest: TokenDigest;

  constructor(work: IdentityWork, clock: Clock, ids: IdSource, digest: TokenDigest) {
    this.#work = work;
    this.#clock = clock;
    this.#ids = ids;
    this.#digest = digest;
  }

  /** The token, good for a day or until there is an administrator; null when there is one already. */
  execute(): Promise<string | null> {
    return this.#work.run(async ({ users, invitations }) => {
      if (await users.anyAdmin()) return null;
      const token = this.#ids.next();
      const now = this.#clock.now();
      await invitations.removeOver(now);
      await invitations.add({
        ...{ id: this.#ids.next(), email: null },
        tokenDigest: this.#digest(token),
        role: 'Super Admin',
        expiresAt: now + DAY,
        invitedBy: null,
      });
      return token;
    });
  }
}
