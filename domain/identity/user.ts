import { isComparable, type Instant } from '../shared/index.js';
import type { Role } from './role.js';

/** A disabled account cannot sign in, and its sessions are over. */
export type AccountStatus = 'active' | 'disabled';

/** Somebody with an account, without their password. */
export interface User {
  readonly id: number;
  /** As typed at registration; compared by `nameKey`. */
  readonly username: string;
  readonly email: string | null;
  readonly discordId: string | null;
  readonly role: Role;
  readonly status: AccountStatus;
  readonly createdAt: Instant;
}

/** In UTF-16 code units. */
export const MAX_USERNAME_LENGTH = 50;

/** In UTF-16 code units of what the client sends, which the frontends have hashed before. */
export const MIN_PASSWORD_LENGTH = 8;
/** bcrypt reads no further than this and says nothing about the rest. */
export const MAX_PASSWORD_BYTES = 72;

// Letters of any script, digits and the punctuation found in mail addresses; no control characters, no emoji.
const USERNAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+' -]*$/u;

/**
 * Whether the text can be a username: letters of any script, digits and the punctuation of mail addresses, beginning
 * with a letter or a digit.
 */
export const isUsername = (text: string): boolean =>
  text.length > 0 &&
  text.length <= MAX_USERNAME_LENGTH &&
  isComparable(text, MAX_USERNAME_LENGTH) &&
  USERNAME.test(text);
