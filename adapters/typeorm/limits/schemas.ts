import { EntitySchema } from 'typeorm';
import { instant, named, reference, text } from '../columns.js';

export interface RateCounterRow {
  key: string;
  hits: number;
  resetsAt: number;
}

export const rateCounterSchema = new EntitySchema<RateCounterRow>({
  name: 'rate_counter',
  tableName: 'rate_counters',
  columns: {
    key: { ...named('counter_key', text(160)), primary: true },
    hits: reference,
    resetsAt: named('resets_at', instant),
  },
  indices: [{ name: 'ix_rate_counters_reset', columns: ['resetsAt'] }],
});
