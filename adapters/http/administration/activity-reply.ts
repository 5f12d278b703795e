import { z } from 'zod';
import { isoOf, type KeptEntry } from '../../../domain/index.js';
import { isoText } from '../shared/fields.js';

/** What somebody did, as lists of the audit trail show it. */
export const ActivityReply = z.object({
  id: z.int(),
  timestamp: isoText,
  actor: z.object({ id: z.int().nullable(), name: z.string(), role: z.string().nullable() }),
  action: z.string(),
  entity: z.object({ type: z.string(), id: z.string().nullable(), label: z.string().nullable() }),
  outcome: z.enum(['success', 'refused']),
  message: z.string(),
  metadata: z.record(z.string(), z.unknown()),
});

export const outcomeOf = ({ action }: KeptEntry): 'success' | 'refused' =>
  action.endsWith('.refused') ? 'refused' : 'success';

export const activityReply = (entry: KeptEntry): z.input<typeof ActivityReply> => ({
  id: entry.id,
  timestamp: isoOf(entry.at),
  actor: { id: entry.actorId, name: entry.actorName, role: entry.actorRole },
  action: entry.action,
  entity: { type: entry.entityType, id: entry.entityId, label: entry.entityLabel },
  outcome: outcomeOf(entry),
  message: entry.message,
  metadata: JSON.parse(entry.metadata) as Record<string, unknown>,
});
