import type { User } from '../../domain/index.js';
import { listIn, utcOf, type MovedBookings, type MoveLog, type OldFavourite } from './rules/index.js';
import type { Favourite, FavouriteDevice } from '../booking/ports.js';

const LONGEST_GROUP = 36;

const devicesIn = (text: string): FavouriteDevice[] => {
  return ((listIn(text) ?? []) as Record<string, unknown>[]).flatMap((device) => {
    const { device_id: deviceId, device_name: deviceName, device_type: deviceType } = device;
    return typeof deviceId === 'number' && typeof deviceName === 'string' && typeof deviceType === 'string'
      ? [{ deviceId, deviceName, deviceType }]
      : [];
  });
};

/** Favourites keep what they remember, also of groups and devices that are gone. */
export const moveFavourites = (
  rows: readonly OldFavourite[],
  people: readonly User[],
  deviceIds: ReadonlySet<number>,
  groupOf: MovedBookings['groupOf'],
  log: MoveLog,
): Favourite[] => {
  const users = new Set(people.map(({ id }) => id));
  const favourites = new Map<string, Favourite>();
  for (const row of [...rows].sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1))) {
    const { id, user_id: userId, grouped_booking_id: oldGroup } = row;
    const known = groupOf(oldGroup);
    const groupId = known ?? oldGroup;
    if (!users.has(userId) || groupId === '' || groupId.length > LONGEST_GROUP) {
      log.refuse('booking_favorite', id, 'favourite.nothing', `there is no user ${userId}, or no group '${oldGroup}'`);
      continue;
    }
    const later = favourites.get(`${userId}/${groupId}`);
    if (later) {
      log.merge('booking_favorite', id, 'favourite.twice', `the user has favourite ${later.id} of the same group`);
      continue;
    }
    log.take('booking_favorite', id);
    if (known === null)
      log.note('booking_favorite', id, 'favourite.unknown-group', `no booking is of group ${oldGroup}`);
    const devices = devicesIn(row.device_snapshot);
    for (const { deviceId, deviceName } of devices) {
      if (deviceIds.has(deviceId)) continue;
      log.note(
        'booking_favorite',
        id,
        'favourite.unknown-device',
        `'${deviceName}' (${deviceId}) is not in the inventory`,
      );
    }
    favourites.set(`${userId}/${groupId}`, {
      ...{ id, userId, groupId, name: row.name.trim() === '' ? row.created_at.slice(0, 10) : row.name, devices },
      ...{ createdAt: utcOf(row.created_at), updatedAt: utcOf(row.updated_at) },
    });
  }
  return [...favourites.values()].sort((a, b) => a.id - b.id);
};
