import { assertMay, inWords, notFound, type Actor, type Device, type Tag } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import type { ChangeTerms } from './edit-assets.js';
import { auditOfDevice, unknownDevice } from './legacy-device.js';
import type { Dated, InventoryStores, InventoryWork } from './ports.js';
import { recordChange } from './record-change.js';
import { assertSeen } from './seen-versions.js';
import { claimRow } from './thing-membership.js';

type Terms = Omit<ChangeTerms, 'cancelBookings'>;

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
  add(actor: Actor, deviceId: number, tagIds: readonly number[], terms: Terms = {}): Promise<Dated<Tag>[]> {
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
  async remove(actor: Actor, deviceId: number, tagId: number, terms: Terms = {}): Promise<void> {
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

  async #claim(deviceId: number, { seen = null }: Terms, { devices }: InventoryStores): Promise<Device> {
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
    { notes = null }: Terms,
    stores: InventoryStores,
  ): Promise<Dated<Tag>[]> {
    if (before.length === new Set(tagIds).size) return [...before];
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

const namesOf = (tags: readonly Pick<Tag, 'name'>[]): string | null =>
  tags.length === 0 ? null : tags.map(({ name }) => name).join(';');
