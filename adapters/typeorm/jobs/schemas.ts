import { EntitySchema } from 'typeorm';
import { instant, named, text } from '../columns.js';

export interface LeaseRow {
  name: string;
  holder: string;
  expiresAt: number;
}

export const leaseSchema = new EntitySchema<LeaseRow>({
  name: 'lease',
  tableName: 'leases',
  columns: {
    name: { ...text(64), primary: true },
    holder: text(64),
    expiresAt: named('expires_at', instant),
  },
});
