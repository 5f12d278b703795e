import { z } from 'zod';
import type { BookTopology, ResolveTopology } from '../../../application/topology/index.js';
import type { TokenDigest } from '../../../application/identity/index.js';
import { parseTopology, timeSlot, type LabZone } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { id, idOrText, instant, text } from '../shared/fields.js';
import { MayBeRepeated } from '../shared/may-be-repeated.js';
import {
  availabilityReply,
  AvailabilityReply,
  earliestReply,
  EarliestReply,
  mappingReply,
  MappingReply,
  resolveReply,
  ResolveReply,
  suggestReply,
  SuggestReply,
} from './replies.js';

export interface TopologyUseCases {
  readonly resolveTopology: ResolveTopology;
  readonly bookTopology: BookTopology;
}

const MOST_OPTIONS = 5;
const MOST_MINUTES = 366 * 24 * 60;
const MOST_DAYS = 3660;
/** More than the domain takes, so that it is the one to say so. */
const MOST_DRAWN = 10_000;
/** Room for the ids of as many devices as a drawing may have nodes. */
const LONGEST_MAPPING_ID = 10_000;

const isWord = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

const typeIn = (fields: Readonly<Record<string, unknown>>): unknown => fields.deviceType ?? fields.device_type;

const NodeBody = z
  .looseObject({ id: z.union([text(100, 1), z.int()]), data: z.looseObject({}).nullish() })
  .refine((node) => isWord(typeIn(node)) || isWord(typeIn(node.data ?? {})), {
    path: ['deviceType'],
    message: 'must be the name of a device type',
  })
  .openapi({
    type: 'object',
    description: '`{id, deviceType, requirements?, parameters?, pin?, exclude?}`, or a node of React Flow with `data`.',
  });

const EdgeBody = z
  .looseObject({ source: z.union([text(100, 1), z.int()]), target: z.union([text(100, 1), z.int()]) })
  .openapi({ type: 'object', description: '`{id?, source, target, requirements?}`' });

/** The shape of a drawing; what it means, and whether it is one, the domain says. */
const drawn = { nodes: z.array(NodeBody).max(MOST_DRAWN), edges: z.array(EdgeBody).max(MOST_DRAWN).nullish() };

const window = (zone: LabZone) => ({ start_time: instant(zone), end_time: instant(zone) });

const tag = 'Topologies';

/** From drawings to devices. */
export const topologyRoutes = (
  api: Api,
  { resolveTopology, bookTopology }: TopologyUseCases,
  zone: LabZone,
  digest: TokenDigest,
): Api =>
  api
    .signedIn({
      method: 'post',
      paths: ['/topology/resolve'],
      tag,
      summary: 'Which real devices can be this network in that time, and why',
      body: z.object({ ...drawn, ...window(zone), options: z.int().min(1).max(MOST_OPTIONS).optional() }),
      refusals: [400, 503],
      reply: { status: 200, schema: ResolveReply, description: 'Options, the best first; or why there is none' },
      handle: async ({ body }, { caller }) => {
        const topology = parseTopology(body.nodes, body.edges);
        const slot = timeSlot(body.start_time, body.end_time);
        return resolveReply(await resolveTopology.resolve(caller, topology, slot, body.options), topology);
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/topology/suggest'],
      tag,
      summary: 'Options judged by performance, availability, efficiency and reliability',
      body: z.object({ ...drawn, ...window(zone) }),
      refusals: [400, 503],
      reply: {
        status: 200,
        schema: SuggestReply,
        description: 'The most recommended first, with what scores are made of',
      },
      handle: async ({ body }, { caller }) => {
        const topology = parseTopology(body.nodes, body.edges);
        const slot = timeSlot(body.start_time, body.end_time);
        return suggestReply(await resolveTopology.suggest(caller, topology, slot), topology);
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/topology/earliest'],
      tag,
      summary: 'The earliest time at which the whole network is possible',
      body: z.object({
        ...drawn,
        duration_minutes: z.int().min(1).max(MOST_MINUTES),
        from: instant(zone).nullish(),
        horizon_days: z.int().min(1).max(MOST_DAYS).nullish(),
      }),
      refusals: [400, 503],
      reply: { status: 200, schema: EarliestReply, description: 'The time and the devices; or why there is none' },
      handle: async ({ body }, { caller }) => {
        const topology = parseTopology(body.nodes, body.edges);
        const question = {
          minutes: body.duration_minutes,
          from: body.from ?? null,
          horizonDays: body.horizon_days ?? null,
        };
        return earliestReply(await resolveTopology.earliest(caller, topology, question), topology);
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/topology/check-availability'],
      tag,
      summary: 'Which nodes could be booked together, in that time or within the next hour',
      body: z
        .object({ ...drawn, start_time: instant(zone).nullish(), end_time: instant(zone).nullish() })
        .refine(({ start_time: start, end_time: end }) => (start == null) === (end == null), {
          path: ['end_time'],
          message: 'start_time and end_time belong together: give both, or none for the next hour',
        }),
      refusals: [400, 503],
      reply: { status: 200, schema: AvailabilityReply, description: 'By node' },
      handle: async ({ body }, { caller }) => {
        const topology = parseTopology(body.nodes, body.edges);
        const { start_time: start, end_time: end } = body;
        const slot = start == null || end == null ? null : timeSlot(start, end);
        return availabilityReply(await resolveTopology.checkAvailability(caller, topology, slot), topology);
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/topology/book'],
      tag,
      summary: 'Book a network, devices and fibre: all of it, or nothing',
      body: z.object({
        ...drawn,
        ...window(zone),
        name: text(200).nullish(),
        user_id: idOrText.nullish(),
        mapping_id: text(LONGEST_MAPPING_ID).nullish(),
        assignments: z.record(z.string(), id).nullish(),
        message: text(2000).nullish(),
        collaborators: z.array(text(200)).max(100).nullish(),
      }),
      headers: MayBeRepeated,
      refusals: [400, 403, 409, 503],
      reply: {
        status: 200,
        schema: z.object({
          message: z.string(),
          count: z.int(),
          grouped_booking_id: z.string(),
          mapping: MappingReply,
        }),
        description: 'One group holds the devices and the ports between them; cancelling it frees both',
      },
      handle: async ({ body }, { caller, request }) => {
        const topology = parseTopology(body.nodes, body.edges);
        const key = request.get('idempotency-key');
        const once = key === undefined ? null : { key, fingerprint: digest(JSON.stringify(request.body)) };
        const name = body.name?.trim();
        const { groupId, bookings, option, names } = await bookTopology.execute(
          caller,
          {
            userId: body.user_id ?? null,
            topology,
            slot: timeSlot(body.start_time, body.end_time),
            mappingId: body.mapping_id ?? null,
            assignments: body.assignments ?? null,
            message:
              body.message ?? `Topology booking: ${name === undefined || name === '' ? 'Unnamed Topology' : name}`,
            collaborators: body.collaborators ?? [],
          },
          once,
        );
        return {
          message: `Created ${bookings.length} booking(s) successfully.`,
          count: bookings.length,
          grouped_booking_id: groupId,
          mapping: mappingReply(option, topology, names),
        };
      },
    });
