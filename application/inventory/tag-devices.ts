import { assertMay, inWords, notFound, type Actor, type Device, type Tag } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import { eachByItself, type BulkOutcome } from './bulk-outcome.js';
import type { ChangeTerms } from './edit-assets.js';
import { auditOfDevice, unknownDevice } from './legacy-device.js';
import { namedOrMade } from './named-or-made.js';
import type { Dated, InventoryStores, InventoryWork } from './ports.js';
import { recordChange } from './record-change.js';
import { assertSeen } from './seen-versions.js';
import { claimRow } from './thing-membership.js';

/** What can be done with tags: put these in place of all, add them, or take them away. */
export const TAG_MODES = ['set', 'add', 'remove'] as const;

/** What is done with tags. */
export type TagMode = (typeof TAG_MODES)[number];

/** How tags are changed. */
export type TagTerms = Omit<ChangeTerms, 'cancelBookings'>;

/** Sticks tags on devices and takes them off. */
export class TagDevices {
  readonly #work: InventoryWork;
  readonly #clock: Clock;

  constructor(work: InventoryWork, clock: Clock) {
    this.#work = work;
    this.#clock = clock;
  }

  /**
   * Adds tags to those that the device has, and answers all of them.
   * @throws DomainError `device.not-found`, `device.stale`, `catalogue.not-found` naming every unknown tag.
   */
  add(actor: Actor, deviceId: number, tagIds: readonly number[], terms: TagTerms = {}): Promise<Dated<Tag>[]> {
    assertMay(actor, 'devices:write');
    return this.#work.run(async (stores) => {
      const device = await this.#claim(deviceId, terms, stores);
      const unknown: number[] = [];
      for (const id of new Set(tagIds)) if (!(await stores.tags.claim(id))) unknown.push(id);
      if (unknown.length > 0) {
        throw notFound('catalogue.not-found', `Tag(s) with ID(s) ${inWords(unknown.map(String))} not found`, {
          tag_ids: unknown,
        });
      }
      const before = await stores.deviceTags.of(deviceId);
      return this.#set(actor, device, before, [...before.map(({ id }) => id), ...tagIds], terms, stores);
    });
  }

  /** @throws DomainError `device.not-found`, `device.stale`, `device.not-tagged`. */
  async remove(actor: Actor, deviceId: number, tagId: number, terms: TagTerms = {}): Promise<void> {
    assertMay(actor, 'devices:write');
    await this.#work.run(async (stores) => {
      const device = await this.#claim(deviceId, terms, stores);
      const before = await stores.deviceTags.of(deviceId);
      const left = before.map(({ id }) => id).filter((id) => id !== tagId);
      if (left.length === before.length) {
        throw notFound('device.not-tagged', `Tag ${tagId} is not assigned to device ${deviceId}`);
      }
      await this.#set(actor, device, before, left, terms, stores);
    });
  }

  /**
   * Changes the tags of many devices, each by itself: one that fails does not keep the others. Tags that are not known
   * yet are made, unless they are to be removed.
   */
  async changeMany(
    actor: Actor,
    deviceIds: readonly number[],
    names: readonly string[],
    mode: TagMode,
    terms: Omit<TagTerms, 'seen'> = {},
  ): Promise<BulkOutcome> {
    assertMay(actor, 'devices:write');
    return eachByItself(deviceIds, (id) =>
      this.#work.run(async (stores) => {
        const device = await this.#claim(id, terms, stores);
        const before = await stores.deviceTags.of(id);
        const had = before.map((tag) => tag.id);
        const named = await this.#idsOf(names, mode, stores);
        const changed = {
          set: named,
          add: [...had, ...named],
          remove: had.filter((tagId) => !named.includes(tagId)),
        };
        await this.#set(actor, device, before, changed[mode], terms, stores);
      }),
    );
  }

  async #idsOf(names: readonly string[], mode: TagMode, { tags }: InventoryStores): Promise<number[]> {
    const ids: number[] = [];
    for (const name of names) {
      const tag = mode === 'remove' ? await tags.named(name) : await namedOrMade(tags, { name }, this.#clock.now());
      if (tag) ids.push(tag.id);
    }
    return ids;
  }

  async #claim(deviceId: number, { seen = null }: TagTerms, { devices }: InventoryStores): Promise<Device> {
    const found = await devices.find(deviceId);
    const device = found && (await claimRow(found, null, devices));
    if (!device) throw unknownDevice(deviceId);
    assertSeen(device, seen);
    return device;
  }

  async #set(
    actor: Actor,
    device: Device,
    before: readonly Dated<Tag>[],
    tagIds: readonly number[],
    { notes = null }: TagTerms,
    stores: InventoryStores,
  ): Promise<Dated<Tag>[]> {
    if (hasExactly(before, tagIds)) return [...before];
    const now = this.#clock.now();
    await stores.deviceTags.set(device.id, tagIds);
    await stores.devices.touch(device.id, now, actor.id);
    const after = await stores.deviceTags.of(device.id);
    const fields = [{ field: 'tags', before: namesOf(before), after: namesOf(after) }];
    await recordChange(stores, actor, device, { action: 'tags_changed', fields, notes }, now);
    await stores.audit.append({
      ...auditOfDevice(actor, 'device.tagged', device, `${actor.username} changed the tags of ${device.name}`, now),
      metadata: { before: namesOf(before), after: namesOf(after) },
    });
    return after;
  }
}

/** Whether a device that has these tags has exactly those. */
const hasExactly = (before: readonly Pick<Tag, 'id'>[], tagIds: readonly number[]): boolean => {
  const wanted = new Set(tagIds);
  return before.length === wanted.size && before.every(({ id }) => wanted.has(id));
};

const namesOf = (tags: readonly Pick<Tag, 'name'>[]): string | null =>
  tags.length === 0 ? null : tags.map(({ name }) => name).join(';');
