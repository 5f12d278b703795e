import { invalid, nameKey, type User } from '../../domain/index.js';
import type { UserRepository } from '../identity/ports.js';

/**
 * The users of these names, in any letter case; blank names and repetitions do not count.
 * @throws DomainError `booking.unknown-collaborator` naming every unknown one, or `booking.own-collaborator`.
 */
export const collaboratorsNamed = async (
  usernames: readonly string[],
  owner: Pick<User, 'id'>,
  users: Pick<UserRepository, 'named'>,
): Promise<User[]> => {
  const byKey = new Map(usernames.map((name) => [nameKey(name), name.trim()]));
  byKey.delete('');
  if (byKey.size === 0) return [];
  const found = await users.named([...byKey.values()]);
  const known = new Set(found.map((user) => nameKey(user.username)));
  const missing = [...byKey].filter(([key]) => !known.has(key)).map(([, name]) => name);
  if (missing.length > 0) {
    throw invalid(
      'booking.unknown-collaborator',
      `Collaborator${missing.length > 1 ? 's' : ''} ${missing.join(', ')} not found.`,
      { usernames: missing },
    );
  }
  if (found.some((user) => user.id === owner.id)) {
    throw invalid('booking.own-collaborator', 'The owner of a booking cannot be its collaborator too.');
  }
  return found;
};
