import { BcryptPasswordHasher } from '../../adapters/crypto/bcrypt-password-hasher.js';
import { sha256Digest } from '../../adapters/crypto/sha256-digest.js';
import { randomIds, systemClock } from '../../composition/adapters.js';
import { AesCredentialVault } from '../../adapters/crypto/aes-credential-vault.js';
import {
  credentialVaultContract,
  clockContract,
  idSourceContract,
  passwordHasherContract,
  tokenDigestContract,
} from '../contracts/index.js';
import { ManualClock } from '../support/manual-clock.js';

clockContract('the clock of the machine', () => Promise.resolve(systemClock));
clockContract('a clock that stands still', () => Promise.resolve(new ManualClock()));
idSourceContract('chance', () => Promise.resolve(randomIds));
tokenDigestContract('SHA-256', () => Promise.resolve(sha256Digest));
credentialVaultContract('AES-256-GCM', (secret, variables) => new AesCredentialVault(secret, variables));
passwordHasherContract('bcrypt', () => Promise.resolve(new BcryptPasswordHasher(4)));
