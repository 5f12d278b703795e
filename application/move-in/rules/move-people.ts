import {
  type ApprovalLimits,
  type Instant,
  isAdmin,
  nameKey,
  type Role,
  ROLES,
  type User,
} from '../../../domain/index.js';
import type { MoveLog } from './move-log.js';
import { objectIn } from './old-json.js';
import type { OldLab, OldRole, OldUser } from './old-lab.js';

/** What of a password the old lab kept; `wrap` is the very text that the client sends, `none` nothing of use. */
export type OldPassword =
  | { readonly form: 'bcrypt'; readonly hash: string }
  | { readonly form: 'wrap'; readonly secret: string }
  | { readonly form: 'none' };

export interface MovedUser {
  readonly user: User;
  readonly password: OldPassword;
  readonly approvalLimits: ApprovalLimits | null;
}

const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const SHA256_HEX = /^[0-9a-f]{64}$/i;

export type PasswordForm = 'bcrypt' | 'sha256hex' | 'other';

export const passwordFormOf = (stored: string): PasswordForm => {
  if (BCRYPT.test(stored)) return 'bcrypt';
  return SHA256_HEX.test(stored) ? 'sha256hex' : 'other';
};

/** The work factor of a bcrypt hash; null for any other text. */
export const bcryptCostOf = (stored: string): number | null => {
  const cost = BCRYPT.exec(stored)?.[1];
  return cost === undefined ? null : Number(cost);
};

/** Of other texts as much as bcrypt reads: 72 bytes, and a character may take four. */
const isWrappable = (stored: string): boolean => /^[\x20-\x7e]{1,72}$/.test(stored) || /^.{1,18}$/u.test(stored);

const passwordOf = (stored: string): OldPassword => {
  if (passwordFormOf(stored) === 'bcrypt') return { form: 'bcrypt', hash: stored.replace(/^\$2[ay]\$/, '$2b$') };
  return isWrappable(stored) ? { form: 'wrap', secret: stored } : { form: 'none' };
};

const WRAPPED = 'was wrapped in bcrypt: what is stored is not enough to sign in any more';

const PASSWORD_RULES: Readonly<Record<PasswordForm, readonly [rule: string, detail: string] | null>> = {
  bcrypt: null,
  sha256hex: ['password.sha256hex', `the bare SHA-256 ${WRAPPED}`],
  other: ['password.other', `a text of no known form ${WRAPPED}`],
};

export const roleNamed = (word: string): Role | null =>
  ROLES.find((role) => role.toLowerCase() === word.trim().toLowerCase()) ?? null;

/** The two ideas of an administrator made one: the higher counts. */
const roleOf = ({ is_admin }: OldUser, kept: Role | null): Role => {
  if (is_admin !== 1) return kept ?? 'User';
  return kept !== null && isAdmin(kept) ? kept : 'Admin';
};

const numberIn = (limits: ReturnType<typeof objectIn>, key: string): number | null => {
  const value = limits?.[key];
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
};

const limitsOf = ({ approval_limits: text }: OldRole): ApprovalLimits | null => {
  const limits = objectIn(text);
  const [maxDays, maxDeviceHours] = [numberIn(limits, 'max_days'), numberIn(limits, 'max_device_hours')];
  return maxDays === null && maxDeviceHours === null ? null : { maxDays, maxDeviceHours };
};

/** Accounts with their roles; ids and passwords stay. */
export const movePeople = (
  old: Pick<OldLab, 'user_table' | 'admin_roles'>,
  now: Instant,
  log: MoveLog,
): MovedUser[] => {
  const known = new Set(old.user_table.map(({ id }) => id));
  const roles = new Map<number, OldRole>();
  for (const row of old.admin_roles) {
    if (!known.has(row.user_id)) log.refuse('admin_roles', row.id, 'role.nobody', `there is no user ${row.user_id}`);
    else {
      log.merge('admin_roles', row.id, 'role.of-account', `${row.role} is a fact of user ${row.user_id} now`);
      roles.set(row.user_id, row);
    }
  }
  const names = new Set<string>();
  const addresses = new Set<string>();
  return old.user_table.map((row) => {
    const { id } = row;
    log.take('user_table', id);
    let username = row.username.trim();
    if (names.has(nameKey(username))) username = `${username.slice(0, 40)} ${id}`;
    if (username !== row.username) {
      log.change(
        'user_table',
        id,
        'user.renamed',
        `'${row.username}' is '${username}' now: names differ in more than letter case`,
      );
    }
    names.add(nameKey(username));
    let email = row.email;
    if (email !== null && addresses.has(nameKey(email))) {
      log.change(
        'user_table',
        id,
        'user.address-taken',
        `${email} belongs to another user already, and was dropped here`,
      );
      email = null;
    }
    if (email !== null) addresses.add(nameKey(email));

    const kept = roles.get(id);
    const role = roleOf(row, kept ? roleNamed(kept.role) : null);
    if (kept && kept.role !== role) {
      log.change(
        'user_table',
        id,
        'user.role',
        `role ${kept.role} and is_admin ${row.is_admin ?? 'NULL'} make ${role}`,
      );
    } else if (!kept && role === 'Admin') {
      log.change('user_table', id, 'user.role', 'is_admin alone makes Admin');
    }
    const status = kept && kept.status.toLowerCase() !== 'active' ? 'disabled' : 'active';
    if (status === 'disabled') log.change('user_table', id, 'user.disabled', 'the disabled role disables the account');
    const password = passwordOf(row.password);
    const rule = PASSWORD_RULES[passwordFormOf(row.password)];
    if (password.form === 'none')
      log.change('user_table', id, 'password.none', 'nobody can sign in with it: no password');
    else if (rule !== null) log.change('user_table', id, ...rule);
    return {
      user: { id, username, email, discordId: row.discord_id, role, status, createdAt: now },
      password,
      approvalLimits: kept ? limitsOf(kept) : null,
    };
  });
};
