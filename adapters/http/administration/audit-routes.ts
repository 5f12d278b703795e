import { z } from 'zod';
import type { VerifyAudit, ViewAudit } from '../../../application/audit/index.js';
import type { CsvLine } from '../../../application/index.js';
import { addToDate, isoOf, type KeptEntry, type LabZone } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { dateText, optionalText } from '../shared/fields.js';
import { metaReply, MetaReply, pageQuery } from '../shared/paging.js';
import { sendCsv } from '../shared/send-csv.js';
import { ActivityReply, activityReply, outcomeOf } from './activity-reply.js';

export interface AuditUseCases {
  readonly viewAudit: ViewAudit;
  readonly verifyAudit: VerifyAudit;
}

const EntryReply = ActivityReply.extend({
  request_id: z.string().nullable(),
  address: z.string().nullable(),
}).openapi('AuditEntry');

const entryReply = (entry: KeptEntry): z.input<typeof EntryReply> => ({
  ...activityReply(entry),
  request_id: entry.requestId,
  address: entry.address,
});

const HEADER = ['Timestamp', 'Actor', 'Role', 'Action', 'Entity', 'Outcome', 'Message'];

const cellsOf = (entry: KeptEntry): string[] => [
  isoOf(entry.at),
  entry.actorName,
  entry.actorRole ?? '',
  entry.action,
  [entry.entityType, entry.entityId, entry.entityLabel].filter((part) => part !== null).join(' '),
  outcomeOf(entry),
  entry.message,
];

const Filter = z.object({
  action: optionalText(64),
  entity_type: optionalText(32),
  actor: optionalText(100),
  date_start: dateText.optional(),
  date_end: dateText.optional(),
});

const filterOf = ({ action, entity_type, actor, date_start, date_end }: z.output<typeof Filter>, zone: LabZone) => ({
  ...{ action, entityType: entity_type, actor },
  from: date_start === undefined ? null : zone.startOfDate(date_start),
  to: date_end === undefined ? null : zone.startOfDate(addToDate(date_end, 1)),
});

const tag = 'Administration';

/** Who did what, and whether that can be believed. */
export const auditRoutes = (
  api: Api,
  { viewAudit, verifyAudit }: AuditUseCases,
  zone: LabZone,
  csvLine: CsvLine,
): Api => {
  async function* linesOf(entries: AsyncIterable<KeptEntry>): AsyncIterable<string> {
    yield csvLine(HEADER);
    for await (const entry of entries) yield csvLine(cellsOf(entry));
  }
  return api
    .signedIn({
      method: 'get',
      paths: ['/admin/v2/logs'],
      tag,
      summary: 'The audit trail, the newest first',
      query: pageQuery(50, 500).extend(Filter.shape),
      refusals: [403],
      reply: {
        status: 200,
        schema: z.object({ items: z.array(EntryReply), meta: MetaReply }),
        description: 'Dates are lab dates, both included',
      },
      handle: async ({ query: { limit, offset, ...filter } }, { caller }) => {
        const { items, total } = await viewAudit.page(caller, filterOf(filter, zone), { limit, offset });
        return { items: items.map(entryReply), meta: metaReply(total, { limit, offset }) };
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/admin/v2/logs/export'],
      tag,
      summary: 'The audit trail as a table',
      query: Filter,
      refusals: [403],
      reply: { status: 200, schema: z.string(), contentType: 'text/csv', description: 'The newest first' },
      handle: async ({ query }, { caller, response }) => {
        const entries = viewAudit.all(caller, filterOf(query, zone));
        await sendCsv(response, 'audit-log.csv', linesOf(entries));
        return '';
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/admin/v2/audit/verify'],
      tag,
      summary: 'Whether the audit trail is what was written',
      refusals: [403],
      reply: {
        status: 200,
        schema: z.object({
          ok: z.boolean(),
          entries: z.int(),
          first_bad_id: z.int().nullable(),
          detail: z.string(),
          unsealed: z.int(),
        }),
        description: 'Where it was broken, if it was',
      },
      handle: async (_input, { caller }) => {
        const { ok, entries, firstBadId, detail, unsealed } = await verifyAudit.execute(caller);
        return { ok, entries, first_bad_id: firstBadId, detail, unsealed };
      },
    });
};
