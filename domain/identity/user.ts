import { isComparable, type Instant } from '../shared/index.js';
import type { Role } from './role.js';

export type AccountStatus = 'active' | 'disabled';

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

export const MAX_USERNAME_LENGTH = 50;
export const MIN_PASSWORD_LENGTH = 8;
/** bcrypt reads no further than this and says nothing about the rest. */
export const MAX_PASSWORD_BYTES = 72;

// Letters of any script, digits and the punctuation found in mail addresses; no control characters, no emoji.
const USERNAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+' -]*$/u;

export const isUsername = (text: string): boolean =>
  text.length > 0 &&
  text.length <= MAX_USERNAME_LENGTH &&
  isComparable(text, MAX_USERNAME_LENGTH) &&
  USERNAME.test(text);
