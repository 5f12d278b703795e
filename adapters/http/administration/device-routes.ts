import { z } from 'zod';
import type {
  CareForDevices,
  OverseeDevices,
  OverseenDevice,
  ReportHealth,
} from '../../../application/administration/index.js';
import { TAG_MODES, type BulkOutcome, type TagMode } from '../../../application/inventory/index.js';
import { invalid, isoOf, legacyStatusOf, type LabZone } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { id, idInPath, idOrText, instant, isoText, name, optionalText, text } from '../shared/fields.js';
import { HealthReply, healthReply, Metrics } from './health-reply.js';
import { metaReply, MetaReply, pageQuery } from '../shared/paging.js';
import { wordList, words, yesOrNo } from './queries.js';

export interface DeviceCareUseCases {
  readonly overseeDevices: OverseeDevices;
  readonly careForDevices: CareForDevices;
  readonly reportHealth: ReportHealth;
}

const MOST_DEVICES = 500;
const MOST_TAGS = 100;
const MOST_METRICS = 100;

const OverseenDeviceReply = z
  .object({
    id: z.int(),
    name: z.string(),
    type: z.string(),
    deviceType: z.string(),
    status: z.enum(['Available', 'Maintenance', 'Unavailable']),
    /** The status as the inventory has it, which tells more words apart. */
    inventory_status: z.string(),
    owner: z.object({ id: z.int(), username: z.string() }).nullable(),
    last_updated: isoText,
    tags: z.array(z.string()),
    site: z.string().nullable(),
    location_path: z.string().nullable(),
    health: HealthReply.nullable(),
  })
  .openapi('OverseenDevice');

const overseenDeviceReply = (device: OverseenDevice): z.input<typeof OverseenDeviceReply> => ({
  id: device.id,
  name: device.name,
  type: device.type,
  deviceType: device.type,
  status: legacyStatusOf(device.status),
  inventory_status: device.status,
  owner: device.owner,
  last_updated: isoOf(device.updatedAt),
  tags: [...device.tags],
  site: device.site?.name ?? null,
  location_path: locationOf(device),
  health: device.health === null ? null : healthReply(device.health),
});

/** `Dublin Lab / A01 / U4`; null for a device that is nowhere. */
const locationOf = ({ site, rack, uPosition }: OverseenDevice): string | null => {
  const steps = [site?.name, rack, uPosition === null ? null : `U${uPosition}`].filter((step) => !!step);
  return steps.length === 0 ? null : steps.join(' / ');
};

const OutcomeReply = z.object({
  succeeded: z.array(z.int()),
  failed: z.array(z.object({ id: z.int(), reason: z.string(), code: z.string() })),
});

const outcomeReply = ({ succeeded, failed }: BulkOutcome): z.input<typeof OutcomeReply> => ({
  succeeded: [...succeeded],
  failed: failed.map(({ id: deviceId, error }) => ({ id: deviceId, reason: error.message, code: error.code })),
});

const bulkReply = {
  status: 200,
  schema: OutcomeReply,
  description: 'Each device is changed by itself: one that fails does not keep the others',
} as const;

const device_ids = z.array(idOrText).max(MOST_DEVICES);

const modeOf = (word: string): TagMode => {
  const mode = TAG_MODES.find((known) => known === word.trim().toLowerCase());
  if (!mode) throw invalid('device.unknown-tag-mode', 'Invalid tag mode');
  return mode;
};

const tag = 'Administration';

/** Devices, for those who look after them. */
export const deviceCareRoutes = (
  api: Api,
  { overseeDevices, careForDevices, reportHealth }: DeviceCareUseCases,
  zone: LabZone,
): Api =>
  api
    .signedIn({
      method: 'get',
      paths: ['/admin/v2/devices'],
      tag,
      summary: 'Devices that match, by id',
      query: pageQuery().extend({ status: wordList, device_type: words, owner: words, tag: words }),
      refusals: [400, 403],
      reply: {
        status: 200,
        schema: z.object({ items: z.array(OverseenDeviceReply), meta: MetaReply }),
        description: 'One page, one entry for each port row',
      },
      handle: async ({ query }, { caller }) => {
        const { status, device_type: type, owner, tag: tagName, limit, offset } = query;
        const question = {
          ...(status && { statuses: status }),
          ...(type !== undefined && { type }),
          ...(owner !== undefined && { owner }),
          ...(tagName !== undefined && { tag: tagName }),
        };
        const { devices, total } = await overseeDevices.page(caller, question, { limit, offset });
        return { items: devices.map(overseenDeviceReply), meta: metaReply(total, { limit, offset }) };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/admin/v2/devices/status'],
      tag,
      summary: 'Change the status of several devices',
      query: z.object({ cancel_bookings: yesOrNo }),
      body: z.object({ device_ids, status: text(40), reason: optionalText(1000) }),
      refusals: [400, 403],
      reply: bulkReply,
      handle: async ({ query, body }, { caller }) =>
        outcomeReply(
          await careForDevices.setStatus(caller, body.device_ids, body.status, {
            notes: body.reason,
            cancelBookings: query.cancel_bookings ?? false,
          }),
        ),
    })
    .signedIn({
      method: 'post',
      paths: ['/admin/v2/devices/assign-owner'],
      tag,
      summary: 'Say who answers for several devices; nobody does without `owner_id`',
      body: z.object({ device_ids, owner_id: id.nullish() }),
      refusals: [400, 403, 404],
      reply: bulkReply,
      handle: async ({ body }, { caller }) =>
        outcomeReply(await careForDevices.assignOwner(caller, body.device_ids, body.owner_id ?? null)),
    })
    .signedIn({
      method: 'post',
      paths: ['/admin/v2/devices/tags'],
      tag,
      summary: 'Set, add or remove tags of several devices, by name',
      body: z.object({ device_ids, tags: z.array(name(100)).max(MOST_TAGS), mode: text(20).default('set') }),
      refusals: [400, 403],
      reply: bulkReply,
      handle: async ({ body }, { caller }) =>
        outcomeReply(await careForDevices.tag(caller, body.device_ids, body.tags, modeOf(body.mode))),
    })
    .signedIn({
      method: 'post',
      paths: ['/admin/v2/devices/{id}/health'],
      tag,
      summary: 'Report how a device is',
      params: z.object({ id: idInPath }),
      body: z.object({
        status: name(32),
        heartbeat_at: instant(zone).nullish(),
        metrics: Metrics.refine((metrics) => Object.keys(metrics).length <= MOST_METRICS, {
          message: `has more than ${MOST_METRICS} entries`,
        }).nullish(),
      }),
      refusals: [400, 403, 404],
      reply: {
        status: 200,
        schema: HealthReply.extend({ device_id: z.int() }),
        description: 'What is known of it from now on: the latest heartbeat counts',
      },
      handle: async ({ params, body }, { caller }) => {
        const { status, heartbeat_at: heartbeatAt, metrics } = body;
        const report = { deviceId: params.id, status, metrics: metrics ?? {} };
        const known = await reportHealth.execute(caller, {
          ...report,
          ...(typeof heartbeatAt === 'number' && { heartbeatAt }),
        });
        return { device_id: params.id, ...healthReply(known) };
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/admin/v2/debug/db-status'],
      tag,
      summary: 'How many devices the scheduler and the inventory know: the same, for it is one table',
      refusals: [403],
      reply: {
        status: 200,
        schema: z.object({
          status: z.literal('success'),
          device_table_count: z.int(),
          devices_count: z.int(),
          matching_ids_count: z.int(),
          synchronization_percentage: z.number(),
        }),
        description: 'Counted now',
      },
      handle: async (_input, { caller }) => {
        const { total } = await overseeDevices.summary(caller);
        return {
          status: 'success' as const,
          ...{ device_table_count: total, devices_count: total, matching_ids_count: total },
          synchronization_percentage: 100,
        };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/admin/v2/debug/migrate-device-status'],
      tag,
      summary: 'Kept for old clients: statuses are written in one vocabulary, and none is left to be changed',
      refusals: [403],
      reply: {
        status: 200,
        schema: z.object({
          status: z.literal('success'),
          migrations: z.record(z.string(), z.int()),
          total_migrated: z.int(),
          status_counts_before: z.record(z.string(), z.int()),
          status_counts_after: z.record(z.string(), z.int()),
        }),
        description: 'Devices by status, before and after',
      },
      handle: async (_input, { caller }) => {
        const counts = Object.fromEntries((await overseeDevices.summary(caller)).byStatus);
        return {
          status: 'success' as const,
          ...{ migrations: {}, total_migrated: 0, status_counts_before: counts, status_counts_after: counts },
        };
      },
    });
