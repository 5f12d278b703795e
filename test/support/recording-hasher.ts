import { ContainerModule } from 'inversify';
import { BcryptPasswordHasher } from '../../adapters/crypto/bcrypt-password-hasher.js';
import { sha256Digest } from '../../adapters/crypto/sha256-digest.js';
import type { PasswordHasher } from '../../application/index.js';
import { ports } from '../../composition/tokens.js';

/** Real bcrypt that remembers which hashes it was asked to compare; null is the one that nobody has. */
export class RecordingHasher implements PasswordHasher {
  readonly compared: (string | null)[] = [];
  readonly #bcrypt = new BcryptPasswordHasher(4);

  hash(secret: string): Promise<string> {
    return this.#bcrypt.hash(secret);
  }

  matches(secret: string, hash: string | null): Promise<boolean> {
    this.compared.push(hash);
    return this.#bcrypt.matches(secret, hash);
  }

  /** To be passed to `compose`. */
  get cryptography(): ContainerModule {
    return new ContainerModule(({ bind }) => {
      bind(ports.hasher).toConstantValue(this);
      bind(ports.digest).toConstantValue(sha256Digest);
    });
  }
}
