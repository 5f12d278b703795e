import { EntitySchema } from 'typeorm';
import type { LabEvent } from '../../../domain/index.js';
import { id, instant, longText, optional, reference, text } from '../columns.js';

export interface EventRow {
  id: number;
  at: number;
  type: LabEvent['type'];
  /** The whole event as JSON. */
  body: string;
  /** In the order in which people are told of events; null until they are. */
  place: number | null;
}

export const eventSchema = new EntitySchema<EventRow>({
  name: 'lab_event',
  tableName: 'lab_events',
  columns: { id, at: instant, type: text(48), body: longText, place: optional(reference) },
  indices: [
    { name: 'ix_lab_events_at', columns: ['at'] },
    { name: 'ux_lab_events_place', columns: ['place'], unique: true },
  ],
});
