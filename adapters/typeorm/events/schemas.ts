import { EntitySchema } from 'typeorm';
import type { LabEvent } from '../../../domain/index.js';
import { id, instant, longText, text } from '../columns.js';

export interface EventRow {
  id: number;
  at: number;
  type: LabEvent['type'];
  /** The whole event as JSON. */
  body: string;
}

export const eventSchema = new EntitySchema<EventRow>({
  name: 'lab_event',
  tableName: 'lab_events',
  columns: { id, at: instant, type: text(48), body: longText },
  indices: [{ name: 'ix_lab_events_at', columns: ['at'] }],
});
