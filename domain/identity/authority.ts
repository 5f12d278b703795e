import { conflict, forbidden, type Instant } from '../shared/index.js';
import { assertMay, type Actor } from './actor.js';
import { ROLES, type Role } from './role.js';
import type { AccountStatus, User } from './user.js';

/** How much one person may confirm; null where there is no limit. */
export interface ApprovalLimits {
  /** Lab days of one unbroken booking. */
  readonly maxDays: number | null;
  /** Hours of devices of one group: two devices for an hour are two. */
  readonly maxDeviceHours: number | null;
}

/** What else is known of a user. */
export interface UserFigures {
  readonly approvalLimits: ApprovalLimits | null;
  /** When they last did something, to within some minutes; null when they never did. */
  readonly lastActiveAt: Instant | null;
}

const rankOf = (role: Role): number => ROLES.indexOf(role);

/**
 * Whether the actor has a say about somebody of that role.
 * @throws DomainError `permission.denied`, or `identity.above-yours` for a role above the actor's own.
 */
export const assertMayManage = (actor: Actor, role: Role): void => {
  assertMay(actor, 'users:write');
  if (rankOf(role) > rankOf(actor.role)) {
    throw forbidden('identity.above-yours', `As ${actor.role} you have no say about ${role} accounts.`);
  }
};

/** What must not happen to the last Super Admin: nobody could make another. */
const lastOne = () => conflict('identity.last-super-admin', 'The last Super Admin cannot be demoted or disabled.');

/**
 * Nobody raises their own role, or one above theirs; the last Super Admin stays.
 * @param othersLeft whether there is another Super Admin who can sign in.
 * @throws DomainError `permission.denied`, `identity.above-yours`, `identity.own-role`, `identity.last-super-admin`.
 */
export const assertMayChangeRole = (actor: Actor, user: User, role: Role, othersLeft: boolean): void => {
  assertMayManage(actor, user.role);
  assertMayManage(actor, role);
  if (user.id === actor.id && rankOf(role) > rankOf(user.role)) {
    throw forbidden('identity.own-role', 'Nobody raises their own role.');
  }
  if (user.role === 'Super Admin' && role !== 'Super Admin' && user.status === 'active' && !othersLeft) throw lastOne();
};

/** @throws DomainError `permission.denied`, `identity.above-yours`, `identity.last-super-admin`. */
export const assertMayChangeStatus = (actor: Actor, user: User, status: AccountStatus, othersLeft: boolean): void => {
  assertMayManage(actor, user.role);
  if (user.role === 'Super Admin' && status === 'disabled' && !othersLeft) throw lastOne();
};
