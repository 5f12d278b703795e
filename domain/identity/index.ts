export {
  assertMayChangeRole,
  assertMayChangeStatus,
  assertMayManage,
  type ApprovalLimits,
  type UserFigures,
} from './authority.js';
export { assertMay, may, type Actor, type Via } from './actor.js';
export { CAPABILITIES, isAdmin, ROLES, roleCan, type Capability, type Role } from './role.js';
export {
  isUsername,
  MAX_PASSWORD_BYTES,
  MAX_USERNAME_LENGTH,
  MIN_PASSWORD_LENGTH,
  type AccountStatus,
  type User,
} from './user.js';
