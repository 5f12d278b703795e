import { type Instant, nameKey, type Tag } from '../../../domain/index.js';
import type { MovedCatalogues, Written } from './move-catalogues.js';
import type { MoveLog } from './move-log.js';
import type { OldLab } from './old-lab.js';
import { utcOf } from './old-times.js';

export interface MovedTags {
  /** With the words that only the scheduler's devices had. */
  readonly tags: readonly Written<Tag>[];
  /** Tag ids by device. */
  readonly byDevice: ReadonlyMap<number, ReadonlySet<number>>;
}

/** The tags of the inventory and the words of the scheduler made one. */
export const moveTags = (
  old: Pick<OldLab, 'inventory_device_tags' | 'device_tags'>,
  catalogues: MovedCatalogues,
  deviceIds: ReadonlySet<number>,
  log: MoveLog,
): MovedTags => {
  const tags = new Map(catalogues.tags.map((tag) => [nameKey(tag.name), tag]));
  const byDevice = new Map<number, Set<number>>();
  const stick = (deviceId: number, tagId: number): boolean => {
    const stuck = byDevice.get(deviceId) ?? new Set<number>();
    byDevice.set(deviceId, stuck);
    return stuck.size !== stuck.add(tagId).size;
  };

  for (const { device_id: deviceId, tag_id: oldTagId } of old.inventory_device_tags) {
    const row = `${deviceId}/${oldTagId}`;
    const tagId = catalogues.idOf('tags', oldTagId);
    if (tagId === null || !deviceIds.has(deviceId)) {
      log.refuse('inventory_device_tags', row, 'tag.nothing', `there is no device ${deviceId}, or no tag ${oldTagId}`);
    } else if (stick(deviceId, tagId)) log.take('inventory_device_tags', row);
    else log.merge('inventory_device_tags', row, 'tag.twice', `device ${deviceId} has the tag already`);
  }

  let lastId = Math.max(0, ...catalogues.tags.map(({ id }) => id));
  const wordTag = (word: string, at: Instant): { readonly tag: Written<Tag>; readonly made: boolean } => {
    const known = tags.get(nameKey(word));
    if (known) return { tag: known, made: false };
    const tag = { id: (lastId += 1), name: word.trim(), description: null, color: null, createdAt: at, updatedAt: at };
    tags.set(nameKey(word), tag);
    return { tag, made: true };
  };
  for (const { id, device_id: deviceId, tag: word, created_at: at } of old.device_tags) {
    if (!deviceIds.has(deviceId) || word.trim() === '') {
      log.refuse('device_tags', id, 'tag.nothing', `there is no device ${deviceId}, or no word`);
      continue;
    }
    const { tag, made } = wordTag(word, utcOf(at));
    if (made) log.change('device_tags', id, 'tag.made', `the tag '${tag.name}' was made`);
    else if (tag.name !== word) log.change('device_tags', id, 'tag.case', `'${word}' is the tag '${tag.name}'`);
    if (stick(deviceId, tag.id)) log.take('device_tags', id);
    else log.merge('device_tags', id, 'tag.twice', `device ${deviceId} has the tag '${tag.name}' already`);
  }
  return { tags: [...tags.values()], byDevice };
};
