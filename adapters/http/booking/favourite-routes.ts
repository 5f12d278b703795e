import { z } from 'zod';
import type { Favourite, KeepFavourites } from '../../../application/booking/index.js';
import { isoOf } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { id, idInPath, idOrText, isoText, text } from '../shared/fields.js';

export interface FavouriteUseCases {
  readonly keepFavourites: KeepFavourites;
}

const MOST_DEVICES = 1000;

const DeviceSnapshot = z.object({ device_id: id, device_name: text(200), device_type: text(100) });

const FavouriteReply = z
  .object({
    id: z.int(),
    user_id: z.int(),
    name: z.string(),
    grouped_booking_id: z.string(),
    device_snapshot: z.array(z.object({ device_id: z.int(), device_name: z.string(), device_type: z.string() })),
    created_at: isoText,
    updated_at: isoText,
  })
  .openapi('Favourite');

const favouriteReply = (favourite: Favourite): z.input<typeof FavouriteReply> => ({
  id: favourite.id,
  user_id: favourite.userId,
  name: favourite.name,
  grouped_booking_id: favourite.groupId,
  device_snapshot: favourite.devices.map(({ deviceId, deviceName, deviceType }) => ({
    device_id: deviceId,
    device_name: deviceName,
    device_type: deviceType,
  })),
  created_at: isoOf(favourite.createdAt),
  updated_at: isoOf(favourite.updatedAt),
});

const tag = 'Favourites';

/** Groups that people want to find again. */
export const favouriteRoutes = (api: Api, { keepFavourites }: FavouriteUseCases): Api =>
  api
    .signedIn({
      method: 'get',
      paths: ['/bookings/favorites/{userId}'],
      tag,
      summary: 'The favourites of a user',
      params: z.object({ userId: idInPath }),
      refusals: [403, 404],
      reply: { status: 200, schema: z.array(FavouriteReply), description: 'In the order in which they were saved' },
      handle: async ({ params }, { caller }) => (await keepFavourites.list(caller, params.userId)).map(favouriteReply),
    })
    .signedIn({
      method: 'post',
      paths: ['/bookings/favorites'],
      tag,
      summary: 'Save a group as favourite, or change the one that there is',
      body: z.object({
        user_id: idOrText.nullish(),
        grouped_booking_id: text(36, 1),
        device_snapshot: z.array(DeviceSnapshot).max(MOST_DEVICES),
        name: text(200).nullish(),
      }),
      refusals: [400, 403, 404],
      reply: { status: 200, schema: FavouriteReply, description: 'As it is saved; a blank name becomes the date' },
      handle: async ({ body }, { caller }) => {
        const devices = body.device_snapshot.map(({ device_id, device_name, device_type }) => ({
          deviceId: device_id,
          deviceName: device_name,
          deviceType: device_type,
        }));
        const favourite = { groupId: body.grouped_booking_id, name: body.name ?? '', devices };
        return favouriteReply(await keepFavourites.save(caller, favourite, body.user_id ?? null));
      },
    })
    .signedIn({
      method: 'put',
      paths: ['/bookings/favorites/{id}'],
      tag,
      summary: 'Rename a favourite',
      params: z.object({ id: idInPath }),
      body: z.object({ name: text(200).nullish() }),
      refusals: [403, 404],
      reply: { status: 200, schema: FavouriteReply, description: 'As it is saved; a blank name becomes the date' },
      handle: async ({ params, body }, { caller }) =>
        favouriteReply(await keepFavourites.rename(caller, params.id, body.name ?? '')),
    })
    .signedIn({
      method: 'delete',
      paths: ['/bookings/favorites/{id}'],
      tag,
      summary: 'Remove a favourite',
      params: z.object({ id: idInPath }),
      refusals: [403, 404],
      reply: { status: 200, schema: z.object({ message: z.string() }), description: 'It is gone' },
      handle: async ({ params }, { caller }) => {
        await keepFavourites.remove(caller, params.id);
        return { message: 'Favorite removed' };
      },
    });
