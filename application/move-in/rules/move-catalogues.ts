import {
  DEVICE_CATEGORIES,
  type DeviceCategory,
  type DeviceType,
  type Instant,
  isColor,
  type Manufacturer,
  nameKey,
  type Site,
  type Tag,
} from '../../../domain/index.js';
import type { MoveLog } from './move-log.js';
import type { OldLab } from './old-lab.js';
import { utcOf } from './old-times.js';

/** With the times at which it was written first and last. */
export type Written<Entry> = Entry & { readonly createdAt: Instant; readonly updatedAt: Instant };

export interface MovedCatalogues {
  readonly deviceTypes: readonly Written<DeviceType>[];
  readonly manufacturers: readonly Written<Manufacturer>[];
  readonly sites: readonly Written<Site>[];
  readonly tags: readonly Written<Tag>[];
  /** What entries that were merged into others are called by now: old id by table, to the id that stays. */
  readonly idOf: (table: 'device_types' | 'manufacturers' | 'sites' | 'tags', id: number | null) => number | null;
}

type CatalogueTable = 'device_types' | 'manufacturers' | 'sites' | 'tags';

/** Entries whose names are one name to the new lab become one. */
const unique = <Row extends { readonly id: number; readonly name: string }>(
  table: CatalogueTable,
  rows: readonly Row[],
  ids: Map<string, number>,
  log: MoveLog,
): Row[] => {
  const byName = new Map<string, Row>();
  for (const row of rows) {
    const first = byName.get(nameKey(row.name));
    ids.set(`${table}/${row.id}`, first?.id ?? row.id);
    if (first) log.merge(table, row.id, 'catalogue.same-name', `'${row.name}' is '${first.name}' (${first.id})`);
    else {
      byName.set(nameKey(row.name), row);
      log.take(table, row.id);
    }
  }
  return [...byName.values()];
};

const categoryOf = (word: string): DeviceCategory | null =>
  DEVICE_CATEGORIES.find((known) => known === word.trim().toUpperCase()) ?? null;

/** Types, manufacturers, sites and tags; the scheduler's types and tags that these lack are added by its devices. */
export const moveCatalogues = (old: OldLab, log: MoveLog): MovedCatalogues => {
  const ids = new Map<string, number>();
  const deviceTypes = unique('device_types', old.device_types, ids, log).map((row) => {
    const category = categoryOf(row.category);
    if (category === null)
      log.change('device_types', row.id, 'type.category', `category '${row.category}' is OPTICAL now`);
    return {
      ...{
        id: row.id,
        name: row.name.trim(),
        category: category ?? ('OPTICAL' as const),
        description: row.description,
      },
      ...{ schedulable: row.is_schedulable === 1, hasPorts: row.has_ports === 1 },
      ...{ createdAt: utcOf(row.created_at), updatedAt: utcOf(row.updated_at) },
    };
  });
  const manufacturers = unique('manufacturers', old.manufacturers, ids, log).map((row) => ({
    ...{ id: row.id, name: row.name.trim(), website: row.website, notes: row.notes },
    ...{ createdAt: utcOf(row.created_at), updatedAt: utcOf(row.updated_at) },
  }));
  const sites = unique('sites', old.sites, ids, log).map((row) => ({
    ...{ id: row.id, name: row.name.trim(), address: row.address, notes: row.notes },
    ...{ createdAt: utcOf(row.created_at), updatedAt: utcOf(row.updated_at) },
  }));
  const tags = unique('tags', old.tags, ids, log).map((row) => {
    const color = row.color !== null && isColor(row.color) ? row.color : null;
    if (color !== row.color)
      log.change('tags', row.id, 'tag.color', `'${row.color ?? ''}' is no color, and was dropped`);
    const at = utcOf(row.created_at);
    return { id: row.id, name: row.name.trim(), description: row.description, color, createdAt: at, updatedAt: at };
  });
  const idOf = (table: CatalogueTable, id: number | null) => (id === null ? null : (ids.get(`${table}/${id}`) ?? null));
  return { deviceTypes, manufacturers, sites, tags, idOf };
};
