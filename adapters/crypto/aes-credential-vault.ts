import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import type { CredentialVault, PduCredentials } from '../../application/power/index.js';
import { DomainError, invalid } from '../../domain/index.js';

const ALGORITHM = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;
const SEALED = 'sealed:';
const REFERENCE = 'env:';

/** What a PDU is asked with when nobody said anything: what most vendors read with, and nothing to switch with. */
const FACTORY: PduCredentials = { version: '2c', readCommunity: 'public', writeCommunity: null };

const unusable = (detail: string) => new DomainError('unavailable', 'power.credentials', detail);

/**
 * Credentials encrypted with AES-256-GCM under a key that only the environment knows, or named there: a variable holds
 * either a community for reading and writing, or JSON as `PduCredentials`.
 */
export class AesCredentialVault implements CredentialVault {
  readonly #key: Buffer | null;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #usual: string | null;

  /**
   * @param secret what the key is derived from; null when the operator gave none.
   * @param environment where `env:NAME` is looked up.
   * @param usual what `default` stands for, as `env:NAME`; null for the community `public`, which only reads.
   */
  constructor(
    secret: string | null,
    environment: Readonly<Record<string, string | undefined>>,
    usual: string | null = null,
  ) {
    this.#key = secret === null ? null : scryptSync(secret, 'openlab power credentials', 32);
    this.#environment = environment;
    this.#usual = usual;
  }

  seal(credentials: PduCredentials): string {
    if (!this.#key) {
      throw invalid(
        'power.no-key',
        'This server has no POWER_KEY, and keeps no credentials without one. Set it, or put the credentials in an ' +
          'environment variable of the server and send "credentials": "env:NAME".',
      );
    }
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce);
    const body = Buffer.concat([cipher.update(JSON.stringify(credentials), 'utf8'), cipher.final()]);
    return SEALED + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
  }

  open(kept: string): PduCredentials {
    if (kept === 'none') return { version: 'none' };
    if (kept === 'default') return this.#usual === null ? FACTORY : this.open(this.#usual);
    if (kept.startsWith(REFERENCE)) return this.#referred(kept.slice(REFERENCE.length));
    return this.#unsealed(kept.slice(SEALED.length));
  }

  #referred(name: string): PduCredentials {
    const value = this.#environment[name];
    if (value === undefined || value === '') {
      throw unusable(`The credentials are to be in the environment variable ${name} of the server, which is not set.`);
    }
    if (!value.startsWith('{')) return { version: '2c', readCommunity: value, writeCommunity: value };
    try {
      return JSON.parse(value) as PduCredentials;
    } catch {
      throw unusable(`The environment variable ${name} of the server holds no credentials: it is not valid JSON.`);
    }
  }

  #unsealed(text: string): PduCredentials {
    if (!this.#key) throw unusable('The credentials are sealed, and this server has no POWER_KEY to open them with.');
    const bytes = Buffer.from(text, 'base64');
    try {
      const decipher = createDecipheriv(ALGORITHM, this.#key, bytes.subarray(0, NONCE));
      decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
      const body = Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]);
      return JSON.parse(body.toString('utf8')) as PduCredentials;
    } catch {
      throw unusable('The credentials were sealed with another POWER_KEY: give that one, or register the PDU again.');
    }
  }
}
