import bcrypt from 'bcrypt';
import type { PasswordHasher } from '../../application/identity/ports.js';

/** bcrypt reads no further than this many bytes and says nothing about the rest. */
const MOST_BYTES = 72;

export class BcryptPasswordHasher implements PasswordHasher {
  readonly #cost: number;
  /** Compared when there is no such user, so that the answer takes as long as for a real one. */
  readonly #nobody: string;

  /** @param cost rounds as a power of two; each step doubles the time. */
  constructor(cost: number) {
    this.#cost = cost;
    this.#nobody = bcrypt.hashSync('nobody has this password', cost);
  }

  /** @throws RangeError for a secret of more than 72 bytes: only its beginning would count. */
  async hash(secret: string): Promise<string> {
    if (Buffer.byteLength(secret) > MOST_BYTES) throw new RangeError('bcrypt reads at most 72 bytes of a secret');
    return bcrypt.hash(secret, this.#cost);
  }

  async matches(secret: string, hash: string | null): Promise<boolean> {
    // Longer secrets are never stored; bcrypt would silently compare only their first 72 bytes.
    const tooLong = Buffer.byteLength(secret) > MOST_BYTES;
    const equal = await bcrypt.compare(tooLong ? '' : secret, hash ?? this.#nobody);
    return equal && !tooLong && hash !== null;
  }
}
