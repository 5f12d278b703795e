import { forbidden, invalid, isAdmin, type Actor, type DomainError, type User } from '../../domain/index.js';
import type { UserFinder } from './ports.js';

const unknownUser = () => invalid('identity.unknown-user', 'User not found');

/**
 * For whom the actor acts: themselves, or anybody when they administrate.
 * @param unknown what is said of an id that nobody has.
 * @throws DomainError `identity.unknown-user`, or `identity.not-yourself` for somebody else's id.
 */
export const requesterOf = async (
  actor: Actor,
  userId: number | null,
  users: UserFinder,
  unknown: () => DomainError = unknownUser,
): Promise<Pick<User, 'id' | 'username' | 'role'>> => {
  if (userId === null || userId === actor.id) return actor;
  const user = await users.find(userId);
  if (!user) throw unknown();
  if (!isAdmin(actor.role)) throw forbidden('identity.not-yourself', 'You cannot act for another user.');
  return user;
};
