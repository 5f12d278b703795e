import { forbidden, invalid, isAdmin, type Actor, type User } from '../../domain/index.js';
import type { UserFinder } from './ports.js';

/**
 * For whom the actor acts: themselves, or anybody when they administrate.
 * @throws DomainError `identity.unknown-user`, or `identity.not-yourself` for somebody else's id.
 */
export const requesterOf = async (
  actor: Actor,
  userId: number | null,
  users: UserFinder,
): Promise<Pick<User, 'id' | 'username' | 'role'>> => {
  if (userId === null || userId === actor.id) return actor;
  const user = await users.find(userId);
  if (!user) throw invalid('identity.unknown-user', 'User not found');
  if (!isAdmin(actor.role)) throw forbidden('identity.not-yourself', 'You cannot act for another user.');
  return user;
};
