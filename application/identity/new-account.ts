import {
  invalid,
  isUsername,
  malformed,
  MAX_PASSWORD_BYTES,
  MIN_PASSWORD_LENGTH,
  type Instant,
  type Role,
} from '../../domain/index.js';
import type { NewAccount, PasswordHasher } from './ports.js';

/** What a person fills in to get an account. `password` is the secret as the client sends it. */
export interface AccountForm {
  readonly username: string;
  readonly password: string;
  readonly password2: string;
  readonly email?: string | null;
  readonly discordId?: string | null;
}

/** UTF-8 length without help from the platform. */
const bytesIn = (text: string): number => {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
};

/** @throws DomainError when the name or the secret cannot be accepted. */
export const newAccount = async (
  form: AccountForm,
  role: Role,
  now: Instant,
  hasher: PasswordHasher,
): Promise<NewAccount> => {
  const username = form.username.trim();
  if (!isUsername(username)) {
    throw malformed(
      'identity.malformed-username',
      'A username has 1 to 50 letters, digits, spaces or . _ - + @ and begins with a letter or digit.',
    );
  }
  if (form.password.length < MIN_PASSWORD_LENGTH) {
    throw malformed('identity.short-password', 'Password must be at least 8 characters long.');
  }
  if (bytesIn(form.password) > MAX_PASSWORD_BYTES || form.password.includes('\0')) {
    throw malformed('identity.long-password', `Password must be at most ${MAX_PASSWORD_BYTES} bytes of text.`);
  }
  if (form.password !== form.password2) throw invalid('identity.passwords-differ', 'The two passwords differ.');
  return {
    username,
    email: form.email ?? null,
    discordId: form.discordId ?? null,
    role,
    status: 'active',
    passwordHash: await hasher.hash(form.password),
    createdAt: now,
  };
};
