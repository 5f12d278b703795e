import bcrypt from 'bcrypt';
import type { PasswordHasher } from '../../application/identity/ports.js';

export class BcryptPasswordHasher implements PasswordHasher {
  readonly #cost: number;
  /** Compared when there is no such user, so that the answer takes as long as for a real one. */
  readonly #nobody: string;

  /** @param cost rounds as a power of two; each step doubles the time. */
  constructor(cost: number) {
    this.#cost = cost;
    this.#nobody = bcrypt.hashSync('nobody has this password', cost);
  }

  hash(secret: string): Promise<string> {
    return bcrypt.hash(secret, this.#cost);
  }

  async matches(secret: string, hash: string | null): Promise<boolean> {
    // Longer secrets are never stored; bcrypt would silently compare only their first 72 bytes.
    const tooLong = Buffer.byteLength(secret) > 72;
    const equal = await bcrypt.compare(tooLong ? '' : secret, hash ?? this.#nobody);
    return equal && !tooLong && hash !== null;
  }
}
