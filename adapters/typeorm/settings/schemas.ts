import { EntitySchema } from 'typeorm';
import { instant, longText, named, reference, text } from '../columns.js';

export interface SettingRow {
  name: string;
  /** JSON. */
  value: string;
  changedAt: number;
  changedBy: number;
}

export const settingSchema = new EntitySchema<SettingRow>({
  name: 'setting',
  tableName: 'settings',
  columns: {
    name: { ...text(64), primary: true },
    value: longText,
    changedAt: named('changed_at', instant),
    changedBy: named('changed_by', reference),
  },
});
