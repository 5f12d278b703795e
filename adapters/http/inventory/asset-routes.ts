import { z } from 'zod';
import {
  ASSET_ORDERS,
  BULK_FIELDS,
  notInBulk,
  type AssetOrder,
  type EditAssets,
  type RemoveDevice,
  type TagDevices,
  type ViewAssets,
} from '../../../application/inventory/index.js';
import { parseDeviceStatus, type LabZone } from '../../../domain/index.js';
import type { Clock } from '../../../application/shared/ports.js';
import { read, type Api } from '../shared/api.js';
import { id, idInPath, idOrText, text } from '../shared/fields.js';
import { AssetBody, bulkFields, formOf, NewAssetBody, reason } from './asset-body.js';
import { AssetReply, assetReply, HistoryReply, historyReply, TagReply, tagReply } from './asset-replies.js';
import { IfMatch, seenVersions, withEtag } from './seen-versions.js';

export interface AssetUseCases {
  readonly viewAssets: ViewAssets;
  readonly editAssets: EditAssets;
  readonly removeDevice: RemoveDevice;
  readonly tagDevices: TagDevices;
}

const MOST_ROWS = 500;
const MOST_TAGS = 100;

/** The pages send filters that are not set as nothing. */
const blankOr = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([z.literal('').transform(() => undefined), schema]).optional();

const count = (fewest: number, most: number, usual: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'is not a number')
    .transform(Number)
    .pipe(z.int().min(fewest).max(most))
    .default(usual)
    .openapi({ type: 'integer', minimum: fewest, maximum: most, default: usual });

export const paging = (usual: number) => ({ limit: count(1, MOST_ROWS, usual), offset: count(0, 1_000_000, 0) });

const idList = z
  .string()
  .regex(/^\d{1,10}(?:,\d{1,10})*$/, 'is not a list of identifiers with commas between them')
  .transform((list) => [...new Set(list.split(',').map(Number))])
  .pipe(z.array(id).max(MOST_TAGS));

const ORDER = new RegExp(`^-?(?:${ASSET_ORDERS.join('|')})$`);

const AssetQuery = z.object({
  device_type_id: blankOr(idInPath),
  manufacturer_id: blankOr(idInPath),
  site_id: blankOr(idInPath),
  status: blankOr(text(40)),
  tag_ids: blankOr(idList),
  search: text(200).optional(),
  sort: blankOr(z.string().regex(ORDER, `is none of ${ASSET_ORDERS.join(', ')}, with or without - in front`)),
  ...paging(50),
});

const orderOf = (sort: string | undefined): AssetOrder => ({
  by: (sort ?? '-id').replace('-', '') as AssetOrder['by'],
  descending: (sort ?? '-id').startsWith('-'),
});

/** Whether bookings that are in the way are cancelled. */
export const CancelBookings = z.object({ cancel_bookings: z.enum(['true', 'false']).optional() });
export const WithReason = z.object({ change_notes: reason });

const oneDevice = z.object({ id: idInPath });
const tag = 'Inventory';

/** Every asset of the lab. */
export const assetRoutes = (api: Api, useCases: AssetUseCases, zone: LabZone, clock: Clock): Api => {
  const { viewAssets, editAssets, removeDevice, tagDevices } = useCases;
  const shown = async (deviceId: number) => assetReply(zone, clock.now())(await viewAssets.one(deviceId));

  for (const method of ['put', 'patch'] as const) {
    api.signedIn({
      method,
      paths: ['/api/inventory/devices/{id}'],
      tag,
      summary: 'Change an asset',
      params: oneDevice,
      query: CancelBookings,
      headers: IfMatch,
      body: AssetBody,
      refusals: [400, 403, 404, 409, 412],
      reply: { status: 200, schema: AssetReply, description: 'The asset as it is now, with an ETag' },
      handle: async ({ params, query, body: { change_notes, ...body } }, { caller, request, response }) => {
        await editAssets.change(caller, params.id, formOf(body), {
          seen: seenVersions(request),
          cancelBookings: query.cancel_bookings === 'true',
          notes: change_notes ?? null,
        });
        return withEtag(response, await shown(params.id));
      },
    });
  }

  return api
    .signedIn({
      method: 'get',
      paths: ['/api/inventory/devices'],
      tag,
      summary: 'Assets that match, the newest first unless sorted otherwise',
      query: AssetQuery,
      refusals: [400],
      reply: {
        status: 200,
        schema: z.object({ items: z.array(AssetReply), total: z.int(), limit: z.int(), offset: z.int() }),
        description: 'One page; `total` counts all that match',
      },
      handle: async ({ query }) => {
        const { limit, offset } = query;
        const filter = {
          typeId: query.device_type_id ?? null,
          manufacturerId: query.manufacturer_id ?? null,
          siteId: query.site_id ?? null,
          status: query.status === undefined ? null : parseDeviceStatus(query.status),
          tagIds: query.tag_ids ?? [],
          search: query.search ?? null,
        };
        const { assets, total } = await viewAssets.page(filter, orderOf(query.sort), { limit, offset });
        return { items: assets.map(assetReply(zone, clock.now())), total, limit, offset };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/api/inventory/devices'],
      tag,
      summary: 'Add an asset',
      body: NewAssetBody,
      refusals: [400, 403, 404],
      reply: { status: 201, schema: AssetReply, description: 'The asset, with an ETag' },
      handle: async ({ body: { change_notes, ...body } }, { caller, response }) => {
        const form = { ...formOf(body), name: body.name, typeId: body.device_type_id };
        return withEtag(response, await shown(await editAssets.add(caller, form, change_notes ?? null)));
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/api/inventory/devices/bulk-update'],
      tag,
      summary: `Change many assets at once: ${BULK_FIELDS.join(', ')}`,
      query: CancelBookings,
      body: z.object({
        device_ids: z.array(id).min(1).max(MOST_ROWS),
        updates: z.record(z.string().max(100), z.unknown()),
        change_notes: reason,
      }),
      refusals: [400, 403],
      reply: {
        status: 200,
        schema: z.object({
          succeeded: z.array(z.int()),
          failed: z.array(z.object({ device_id: z.int(), error: z.string(), code: z.string() })),
        }),
        description: 'Each asset is changed by itself: one that fails does not keep the others',
      },
      handle: async ({ query, body }, { caller }) => {
        const ids = [...new Set(body.device_ids)];
        const wrong = Object.keys(body.updates).find((field) => !(BULK_FIELDS as readonly string[]).includes(field));
        if (wrong !== undefined) return { succeeded: [], failed: ids.map((one) => failure(one, notInBulk(wrong))) };
        const form = formOf(read(bulkFields, body.updates));
        const { succeeded, failed } = await editAssets.changeMany(caller, ids, form, {
          cancelBookings: query.cancel_bookings === 'true',
          notes: body.change_notes ?? null,
        });
        return { succeeded: [...succeeded], failed: failed.map((one) => failure(one.id, one.error)) };
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/api/inventory/stats/summary'],
      tag,
      summary: 'How many assets there are, by status, type and site',
      reply: {
        status: 200,
        schema: z.object({ total_devices: z.int(), by_status: counts, by_device_type: counts, by_site: counts }),
        description: 'Assets that are at no site count as `Unassigned`',
      },
      handle: async () => {
        const { total, byStatus, byType, bySite } = await viewAssets.summary();
        return {
          total_devices: total,
          by_status: Object.fromEntries(byStatus),
          by_device_type: Object.fromEntries(byType),
          by_site: Object.fromEntries([...bySite].map(([site, devices]) => [site ?? 'Unassigned', devices])),
        };
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/api/inventory/devices/oi/{oiId}'],
      tag,
      summary: 'The asset with that inventory number',
      params: z.object({ oiId: text(50) }),
      refusals: [404],
      reply: { status: 200, schema: AssetReply, description: 'The asset, with an ETag' },
      handle: async ({ params }, { response }) =>
        withEtag(response, assetReply(zone, clock.now())(await viewAssets.withOiId(params.oiId))),
    })
    .signedIn({
      method: 'get',
      paths: ['/api/inventory/devices/{id}'],
      tag,
      summary: 'One asset',
      params: oneDevice,
      refusals: [404],
      reply: { status: 200, schema: AssetReply, description: 'The asset, with an ETag' },
      handle: async ({ params }, { response }) => withEtag(response, await shown(params.id)),
    })
    .signedIn({
      method: 'delete',
      paths: ['/api/inventory/devices/{id}'],
      tag,
      summary: 'Remove an asset; its history stays',
      params: oneDevice,
      query: CancelBookings.extend(WithReason.shape),
      headers: IfMatch,
      refusals: [403, 404, 409, 412],
      reply: { status: 204, schema: z.void(), description: 'It is gone' },
      handle: async ({ params, query }, { caller, request }) => {
        await removeDevice.execute(caller, params.id, {
          seen: seenVersions(request),
          cancelBookings: query.cancel_bookings === 'true',
          notes: query.change_notes ?? null,
        });
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/api/inventory/devices/{id}/history'],
      tag,
      summary: 'What happened to an asset, the latest first; also to one that is gone',
      params: oneDevice,
      query: z.object(paging(100)),
      refusals: [404],
      reply: { status: 200, schema: z.array(HistoryReply), description: 'One entry for each field of each change' },
      handle: async ({ params, query }) => (await viewAssets.history(params.id, query)).map(historyReply),
    })
    .signedIn({
      method: 'get',
      paths: ['/api/inventory/devices/{id}/tags'],
      tag,
      summary: 'Tags of an asset',
      params: oneDevice,
      refusals: [404],
      reply: { status: 200, schema: z.array(TagReply), description: 'By name' },
      handle: async ({ params }) => (await viewAssets.one(params.id)).tags.map(tagReply),
    })
    .signedIn({
      method: 'post',
      paths: ['/api/inventory/devices/{id}/tags'],
      tag,
      summary: 'Add tags to an asset',
      params: oneDevice,
      headers: IfMatch,
      body: z.object({ tag_ids: z.array(idOrText).min(1).max(MOST_TAGS), change_notes: reason }),
      refusals: [403, 404, 412],
      reply: { status: 200, schema: z.array(TagReply), description: 'All tags that it has now' },
      handle: async ({ params, body }, { caller, request }) => {
        const terms = { seen: seenVersions(request), notes: body.change_notes ?? null };
        return (await tagDevices.add(caller, params.id, body.tag_ids, terms)).map(tagReply);
      },
    })
    .signedIn({
      method: 'delete',
      paths: ['/api/inventory/devices/{id}/tags/{tagId}'],
      tag,
      summary: 'Take a tag off an asset',
      params: oneDevice.extend({ tagId: idInPath }),
      query: WithReason,
      headers: IfMatch,
      refusals: [403, 404, 412],
      reply: { status: 204, schema: z.void(), description: 'It is off' },
      handle: async ({ params, query }, { caller, request }) => {
        const terms = { seen: seenVersions(request), notes: query.change_notes ?? null };
        await tagDevices.remove(caller, params.id, params.tagId, terms);
      },
    });
};

const counts = z.record(z.string(), z.int());

const failure = (deviceId: number, { message, code }: { readonly message: string; readonly code: string }) => ({
  device_id: deviceId,
  error: message,
  code,
});
