import { z } from 'zod';
import type { LinkImportReport, LinkView, TraceView } from '../../../application/plant/index.js';
import { FIBRE_KINDS, isoOf, LINK_DIRECTIONS, type LinkEnd, type PlantRow } from '../../../domain/index.js';
import { AffectedBookings, affectedBookings } from '../shared/affected-bookings.js';
import { isoText } from '../shared/fields.js';

const EndReply = z.object({
  device_id: z.int(),
  oi_id: z.string().nullable(),
  device_name: z.string(),
  device_type: z.string(),
  port: z.string().nullable(),
  in_port: z.int().nullable(),
  out_port: z.int().nullable(),
});

const endReply = ({ deviceId, port, inPort, outPort }: LinkEnd, row: PlantRow | null): z.input<typeof EndReply> => ({
  device_id: deviceId,
  oi_id: row?.oiId ?? null,
  device_name: row?.name ?? '',
  device_type: row?.type ?? '',
  port,
  in_port: inPort,
  out_port: outPort,
});

export const LinkReply = z
  .object({
    id: z.int(),
    link_id: z.string().nullable(),
    kind: z.enum(FIBRE_KINDS),
    direction: z.enum(LINK_DIRECTIONS),
    a: EndReply,
    b: EndReply,
    strands: z.int(),
    length_km: z.number(),
    loss_db: z.number(),
    fiber_type: z.string().nullable(),
    notes: z.string().nullable(),
    created_at: isoText,
    updated_at: isoText,
  })
  .openapi('Link');

export const linkReply = (link: LinkView): z.input<typeof LinkReply> => ({
  id: link.id,
  link_id: link.label,
  kind: link.kind,
  direction: link.direction,
  a: endReply(link.a, link.aRow),
  b: endReply(link.b, link.bRow),
  strands: link.strands,
  length_km: link.lengthKm,
  loss_db: link.lossDb,
  fiber_type: link.fiberType,
  notes: link.notes,
  created_at: isoOf(link.createdAt),
  updated_at: isoOf(link.updatedAt),
});

export const ChangedLinkReply = LinkReply.extend({ affected_bookings: AffectedBookings });

export const RemovedLinkReply = z.object({ message: z.string(), affected_bookings: AffectedBookings });

export const ImportReply = z
  .object({
    dry_run: z.boolean(),
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    errors: z.array(z.object({ line: z.int(), column: z.string().nullable(), detail: z.string() })),
    changes: z.array(
      z.object({
        line: z.int(),
        link_id: z.string(),
        action: z.enum(['created', 'updated', 'unchanged']),
        fields: z.array(z.string()),
      }),
    ),
    affected_bookings: AffectedBookings,
  })
  .openapi('LinkImport');

export const importReply = (report: LinkImportReport): z.input<typeof ImportReply> => ({
  dry_run: report.dryRun,
  created: report.created,
  updated: report.updated,
  unchanged: report.unchanged,
  errors: [],
  affected_bookings: affectedBookings(report.affected),
  changes: report.changes.map(({ line, label, action, fields }) => ({
    ...{ line, link_id: label, action, fields: [...fields] },
  })),
});

const PlaceReply = z.object({ device_id: z.int(), device_name: z.string(), port: z.string() });

export const TraceReply = z
  .object({
    start: PlaceReply,
    hops: z.array(PlaceReply.extend({ via: z.enum(FIBRE_KINDS), length_km: z.number(), loss_db: z.number() })),
    total_length_km: z.number(),
    total_loss_db: z.number(),
    end: PlaceReply.extend({ reason: z.enum(['device', 'unpatched', 'unconnected', 'loop']) }),
  })
  .openapi('Trace');

export const traceReply = ({ start, hops, rows, ...trace }: TraceView): z.input<typeof TraceReply> => {
  const place = (thingId: number, port: string) => ({
    ...{ device_id: thingId, device_name: rows.get(thingId)?.name ?? '', port },
  });
  const last = hops[hops.length - 1];
  return {
    start: place(start.row.id, start.port),
    hops: hops.map(({ thingId, port, via, lengthKm, lossDb }) => ({
      ...place(thingId, port),
      ...{ via, length_km: lengthKm, loss_db: lossDb },
    })),
    total_length_km: trace.totalLengthKm,
    total_loss_db: trace.totalLossDb,
    end: { ...(last ? place(last.thingId, last.port) : place(start.row.id, start.port)), reason: trace.end },
  };
};
