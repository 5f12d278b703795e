import express from 'express';
import { z } from 'zod';
import {
  LINK_COLUMNS,
  LONGEST_FIBRE_KM,
  MOST_LOSS_DB,
  type ImportLinks,
  type KeepLinks,
  type ViewPlant,
} from '../../../application/plant/index.js';
import { FIBRE_KINDS, LINK_DIRECTIONS, type LabZone, type LinkFacts } from '../../../domain/index.js';
import { affectedBookings } from '../shared/affected-bookings.js';
import type { Api } from '../shared/api.js';
import { id, idInPath, idOrText, instant, optionalText, text } from '../shared/fields.js';
import {
  ChangedLinkReply,
  importReply,
  ImportReply,
  linkReply,
  LinkReply,
  RemovedLinkReply,
  traceReply,
  TraceReply,
} from './replies.js';

export interface PlantUseCases {
  readonly keepLinks: KeepLinks;
  readonly importLinks: ImportLinks;
  readonly viewPlant: ViewPlant;
}

/** Turns a file with a header line into columns and lines. */
export type TableReader = (content: Buffer) => {
  readonly columns: readonly string[];
  readonly lines: Parameters<ImportLinks['execute']>[2];
};

const LARGEST_FILE = '5mb';
const MOST_LINES = 50_000;

const switchNumber = z.int().min(1).max(999_999).nullish();

const EndBody = z
  .object({ device_id: id, port: optionalText(60), in_port: switchNumber, out_port: switchNumber })
  .openapi({ description: 'A port of a device, or ingress and egress numbers of a patch switch.' });

const LinkBody = z.object({
  link_id: optionalText(50),
  kind: z.enum(FIBRE_KINDS),
  direction: z.enum(LINK_DIRECTIONS).optional().default('both'),
  a: EndBody,
  b: EndBody,
  strands: z.union([z.literal(1), z.literal(2)]).optional(),
  length_km: z.number().min(0).max(LONGEST_FIBRE_KM).optional().default(0),
  loss_db: z.number().min(-MOST_LOSS_DB).max(MOST_LOSS_DB).optional().default(0),
  fiber_type: optionalText(100),
  notes: optionalText(2000),
});

const endOf = (end: z.output<typeof EndBody>) => ({
  deviceId: end.device_id,
  port: end.port,
  inPort: end.in_port ?? null,
  outPort: end.out_port ?? null,
});

const factsOf = (body: z.output<typeof LinkBody>): LinkFacts => ({
  label: body.link_id,
  kind: body.kind,
  direction: body.direction,
  a: endOf(body.a),
  b: endOf(body.b),
  strands: body.strands ?? (body.direction === 'both' ? 2 : 1),
  lengthKm: body.length_km,
  lossDb: body.loss_db,
  fiberType: body.fiber_type,
  notes: body.notes,
});

const Cell = z.union([z.string(), z.number()]).nullish();

/** `text/csv` as it is, or JSON: a list of objects with the columns of the file. */
const ImportBody = z
  .union([z.string(), z.array(z.record(z.string(), Cell)).max(MOST_LINES)])
  .openapi({ description: 'Comma separated text with a header line, or a list of objects with the same columns.' });

const tableOf = (body: z.output<typeof ImportBody>, readTable: TableReader): ReturnType<TableReader> => {
  if (typeof body === 'string') return readTable(Buffer.from(body));
  const given = new Set(body.flatMap((row) => Object.keys(row)));
  const others = [...given].filter((column) => !(LINK_COLUMNS as readonly string[]).includes(column));
  return {
    columns: [...LINK_COLUMNS, ...others],
    lines: body.map((row, index) => ({
      line: index + 2,
      values: Object.fromEntries(Object.entries(row).map(([column, value]) => [column, String(value ?? '')])),
    })),
  };
};

const oneLink = z.object({ id: idInPath });
const tag = 'Plant';

/** How the lab is wired. */
export const plantRoutes = (
  api: Api,
  { keepLinks, importLinks, viewPlant }: PlantUseCases,
  zone: LabZone,
  readTable: TableReader,
): Api =>
  api
    .signedIn({
      method: 'get',
      paths: ['/api/inventory/links'],
      tag,
      summary: 'Every piece of fixed fibre, by id',
      query: z.object({ device_id: idOrText.optional(), kind: z.enum(FIBRE_KINDS).optional() }),
      reply: { status: 200, schema: z.array(LinkReply), description: 'Of one device, when asked, with all its rows' },
      handle: async ({ query }) =>
        (await viewPlant.links({ deviceId: query.device_id ?? null, kind: query.kind ?? null })).map(linkReply),
    })
    .signedIn({
      method: 'post',
      paths: ['/api/inventory/links'],
      tag,
      summary: 'Add a link',
      body: LinkBody,
      refusals: [400, 403, 409],
      reply: { status: 201, schema: LinkReply, description: 'The link as it is listed' },
      handle: async ({ body }, { caller }) => {
        const { id: linkId } = await keepLinks.add(caller, factsOf(body));
        return linkReply(await viewPlant.link(linkId));
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/api/inventory/links/import'],
      tag,
      summary: 'Read a file of links into the inventory, by link_id: all of it, or nothing',
      query: z.object({ dry_run: z.enum(['true', 'false', '1', '0']).optional() }),
      before: [express.text({ type: ['text/csv', 'text/plain'], limit: LARGEST_FILE })],
      body: ImportBody,
      refusals: [403],
      reply: { status: 200, schema: ImportReply, description: 'What happened, or would happen, line by line' },
      handle: async ({ query, body }, { caller }) => {
        const { columns, lines } = tableOf(body, readTable);
        const dryRun = query.dry_run === 'true' || query.dry_run === '1';
        return importReply(await importLinks.execute(caller, columns, lines, { dryRun }));
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/api/inventory/links/{id}'],
      tag,
      summary: 'One link',
      params: oneLink,
      refusals: [404],
      reply: { status: 200, schema: LinkReply, description: 'The link' },
      handle: async ({ params }) => linkReply(await viewPlant.link(params.id)),
    })
    .signedIn({
      method: 'put',
      paths: ['/api/inventory/links/{id}'],
      tag,
      summary: 'Change a link',
      params: oneLink,
      body: LinkBody,
      refusals: [400, 403, 404, 409],
      reply: {
        status: 200,
        schema: ChangedLinkReply,
        description: 'The link as it is listed, and the live bookings that use it, whose owners are told',
      },
      handle: async ({ params, body }, { caller }) => {
        const { affected } = await keepLinks.change(caller, params.id, factsOf(body));
        return {
          ...linkReply(await viewPlant.link(params.id)),
          affected_bookings: affectedBookings(affected),
        };
      },
    })
    .signedIn({
      method: 'delete',
      paths: ['/api/inventory/links/{id}'],
      tag,
      summary: 'Remove a link',
      params: oneLink,
      refusals: [403, 404],
      reply: {
        status: 200,
        schema: RemovedLinkReply,
        description: 'It is gone; with the live bookings that used it, whose owners are told',
      },
      handle: async ({ params }, { caller }) => {
        const affected = await keepLinks.remove(caller, params.id);
        return { message: `Link ${params.id} deleted.`, affected_bookings: affectedBookings(affected) };
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/api/inventory/devices/{id}/trace'],
      tag,
      summary: 'Follow the fibre from a port to its end, through patch switches as bookings have connected them',
      params: z.object({ id: idInPath }),
      query: z.object({ port: text(60, 1), at: instant(zone).optional() }),
      refusals: [400, 404],
      reply: {
        status: 200,
        schema: TraceReply,
        description: 'The same way from both of its ends, the other way round',
      },
      handle: async ({ params, query }) => traceReply(await viewPlant.trace(params.id, query.port, query.at ?? null)),
    });
