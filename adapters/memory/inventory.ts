import type {
  AttachmentRepository,
  Catalogue,
  CatalogueFact,
  CatalogueStores,
  Dated,
  DeviceHistory,
  DeviceListing,
  DeviceListings,
  DeviceRepository,
  DeviceTags,
  MaintenanceRepository,
  Named,
  NewAttachment,
  NewMaintenanceWindow,
  NewNamed,
  ThingBookings,
  ThingName,
} from '../../application/inventory/ports.js';
import {
  holds,
  invalid,
  nameKey,
  type Attachment,
  type Device,
  type DeviceChange,
  type DeviceFacts,
  type Instant,
  type MaintenanceWindow,
  type Tag,
} from '../../domain/index.js';
import type { LabState, NextId, Tables } from './tables.js';

export const byId = <Row extends { readonly id: number }>(rows: Iterable<Row>): Row[] =>
  [...rows].sort((a, b) => a.id - b.id);

export const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  nameKey(a.name) < nameKey(b.name) ? -1 : 1;

const memoryCatalogue = <Entry extends Dated<Named>, NewEntry extends NewNamed>(
  entries: Map<number, Entry>,
  title: string,
  nothingSaid: Omit<Entry, keyof Dated<Named>>,
  nextId: NextId,
): Catalogue<Entry, NewEntry> => {
  const named = (name: string) => [...entries.values()].find((entry) => nameKey(entry.name) === nameKey(name)) ?? null;
  const refuseDuplicate = ({ name }: NewNamed, ownId: number | null) => {
    const other = named(name);
    if (other && other.id !== ownId) {
      throw invalid('catalogue.duplicate-name', `${title} with name '${name}' already exists`);
    }
  };
  return {
    all: async () => [...entries.values()].sort(byName),
    named: async (name) => named(name),
    claim: async (id) => entries.get(id) ?? null,
    add: async (entry, at) => {
      refuseDuplicate(entry, null);
      const added = { ...nothingSaid, ...entry, id: nextId(), createdAt: at, updatedAt: at } as unknown as Entry;
      entries.set(added.id, added);
      return added;
    },
    update: async (id, entry, at) => {
      const before = entries.get(id);
      if (!before) return;
      refuseDuplicate(entry, id);
      entries.set(id, { ...before, ...entry, id, updatedAt: at });
    },
    remove: async (id) => {
      entries.delete(id);
    },
  };
};

export const memoryCatalogues = (tables: Tables, nextId: NextId): CatalogueStores => ({
  deviceTypes: memoryCatalogue(
    tables.deviceTypes,
    'Device type',
    { category: 'OPTICAL', description: null, schedulable: true, hasPorts: true },
    nextId,
  ),
  manufacturers: memoryCatalogue(tables.manufacturers, 'Manufacturer', { website: null, notes: null }, nextId),
  sites: memoryCatalogue(tables.sites, 'Site', { address: null, notes: null }, nextId),
  tags: memoryCatalogue(tables.tags, 'Tag', { description: null, color: null }, nextId),
});

export class MemoryDevices implements DeviceRepository {
  readonly #tables: Tables;
  readonly #nextId: NextId;

  constructor(tables: Tables, nextId: NextId) {
    this.#tables = tables;
    this.#nextId = nextId;
  }

  async find(id: number): Promise<Device | null> {
    return this.#tables.devices.get(id) ?? null;
  }

  async all(): Promise<Device[]> {
    return byId(this.#tables.devices.values());
  }

  async referringTo(fact: CatalogueFact, entryId: number): Promise<Device[]> {
    return byId(this.#tables.devices.values()).filter((device) => device[fact] === entryId);
  }

  async add(facts: DeviceFacts, at: Instant, by: number | null = null): Promise<Device> {
    this.#refuseDuplicates(facts, null);
    const written = { version: 1, createdAt: at, updatedAt: at, createdBy: by, updatedBy: by };
    const device: Device = { ...facts, id: this.#nextId(), ...written };
    this.#tables.devices.set(device.id, device);
    return device;
  }

  async update(id: number, facts: DeviceFacts, at: Instant, by: number | null = null): Promise<void> {
    const before = this.#tables.devices.get(id);
    if (!before) return;
    this.#refuseDuplicates(facts, id);
    const { version, createdAt, createdBy } = before;
    const written = { version: version + 1, createdAt, createdBy, updatedAt: at, updatedBy: by };
    this.#tables.devices.set(id, { ...facts, id, ...written });
  }

  async touch(id: number, at: Instant, by: number | null): Promise<void> {
    const device = this.#tables.devices.get(id);
    if (!device) return;
    this.#tables.devices.set(id, { ...device, version: device.version + 1, updatedAt: at, updatedBy: by });
  }

  async remove(id: number): Promise<void> {
    this.#tables.devices.delete(id);
    this.#tables.deviceTags.delete(id);
    for (const window of this.#tables.maintenance.values()) {
      if (window.deviceId === id) this.#tables.maintenance.delete(window.id);
    }
    for (const attachment of this.#tables.attachments.values()) {
      if (attachment.deviceId === id) this.#tables.attachments.delete(attachment.id);
    }
    for (const link of this.#tables.links.values()) {
      if (link.a.deviceId === id || link.b.deviceId === id) this.#tables.links.delete(link.id);
    }
    this.#tables.deviceHealth.delete(id);
  }

  async claimThings(names: readonly ThingName[]): Promise<Device[]> {
    const keys = new Set(names.map(({ typeId, name }) => `${typeId}/${nameKey(name)}`));
    return byId(this.#tables.devices.values()).filter((device) => keys.has(`${device.typeId}/${nameKey(device.name)}`));
  }

  async withManagementIp(ip: string): Promise<Device[]> {
    return byId(this.#tables.devices.values()).filter((device) => device.managementIp === ip);
  }

  #refuseDuplicates(facts: DeviceFacts, ownId: number | null): void {
    for (const other of this.#tables.devices.values()) {
      if (other.id === ownId) continue;
      if (facts.oiId !== null && other.oiId === facts.oiId) {
        throw invalid('device.duplicate', `Device with oi_id '${facts.oiId}' already exists`);
      }
      if (facts.serialNumber !== null && other.serialNumber === facts.serialNumber) {
        throw invalid('device.duplicate', `Device with serial number '${facts.serialNumber}' already exists`);
      }
    }
  }
}

export class MemoryDeviceTags implements DeviceTags {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async all(): Promise<Map<number, string[]>> {
    const names = new Map<number, string[]>();
    for (const [deviceId, tagIds] of this.#tables.deviceTags) {
      const tags = tagIds.flatMap((id) => this.#tables.tags.get(id)?.name ?? []);
      if (tags.length > 0)
        names.set(
          deviceId,
          tags.sort((a, b) => (nameKey(a) < nameKey(b) ? -1 : 1)),
        );
    }
    return names;
  }

  async of(deviceId: number): Promise<Dated<Tag>[]> {
    return tagsOf(this.#tables, deviceId);
  }

  async having(tagId: number): Promise<number[]> {
    return [...this.#tables.deviceTags].filter(([, tagIds]) => tagIds.includes(tagId)).map(([id]) => id);
  }

  async set(deviceId: number, tagIds: readonly number[]): Promise<void> {
    this.#tables.deviceTags.set(deviceId, [...new Set(tagIds)]);
  }
}

export const tagsOf = ({ tags, deviceTags }: Tables, deviceId: number): Dated<Tag>[] =>
  (deviceTags.get(deviceId) ?? []).flatMap((id) => tags.get(id) ?? []).sort(byName);

export class MemoryDeviceHistory implements DeviceHistory {
  readonly #tables: Tables;
  readonly #nextId: NextId;

  constructor(tables: Tables, nextId: NextId) {
    this.#tables = tables;
    this.#nextId = nextId;
  }

  async add(change: DeviceChange): Promise<void> {
    this.#tables.deviceChanges.set(this.#nextId(), change);
  }
}

export class MemoryAttachments implements AttachmentRepository {
  readonly #tables: Tables;
  readonly #nextId: NextId;

  constructor(tables: Tables, nextId: NextId) {
    this.#tables = tables;
    this.#nextId = nextId;
  }

  async find(id: number): Promise<Attachment | null> {
    return this.#tables.attachments.get(id) ?? null;
  }

  async ofDevice(deviceId: number): Promise<Attachment[]> {
    return attachmentsOf(this.#tables, deviceId);
  }

  async add(attachment: NewAttachment): Promise<Attachment> {
    const added = { id: this.#nextId(), ...attachment };
    this.#tables.attachments.set(added.id, added);
    return added;
  }

  async remove(id: number): Promise<void> {
    this.#tables.attachments.delete(id);
  }
}

export const attachmentsOf = (tables: Tables, deviceId: number): Attachment[] =>
  byId(tables.attachments.values()).filter((attachment) => attachment.deviceId === deviceId);

export class MemoryMaintenance implements MaintenanceRepository {
  readonly #tables: Tables;
  readonly #nextId: NextId;

  constructor(tables: Tables, nextId: NextId) {
    this.#tables = tables;
    this.#nextId = nextId;
  }

  async ofDevice(deviceId: number): Promise<MaintenanceWindow[]> {
    return windowsOf(this.#tables, deviceId);
  }

  async add(window: NewMaintenanceWindow): Promise<MaintenanceWindow> {
    const added = { id: this.#nextId(), ...window };
    this.#tables.maintenance.set(added.id, added);
    return added;
  }

  async remove(id: number): Promise<void> {
    this.#tables.maintenance.delete(id);
  }
}

export const windowsOf = (tables: Tables, deviceId: number): MaintenanceWindow[] =>
  [...tables.maintenance.values()]
    .filter((window) => window.deviceId === deviceId)
    .sort((a, b) => a.slot.start - b.slot.start || a.id - b.id);

export class MemoryThingBookings implements ThingBookings {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async countHolding(thingId: number, after: Instant): Promise<number> {
    return [...this.#tables.bookings.values()].filter(
      (booking) => booking.deviceId === thingId && holds(booking.status) && booking.slot.end > after,
    ).length;
  }

  async move(fromThingId: number, toThingId: number): Promise<void> {
    for (const booking of this.#tables.bookings.values()) {
      if (booking.deviceId === fromThingId) this.#tables.bookings.set(booking.id, { ...booking, deviceId: toThingId });
    }
    const moved = (thingId: number) => (thingId === fromThingId ? toThingId : thingId);
    for (const [id, connect] of this.#tables.crossConnects) {
      this.#tables.crossConnects.set(id, {
        ...connect,
        switchId: moved(connect.switchId),
        fromThingId: moved(connect.fromThingId),
        toThingId: moved(connect.toThingId),
      });
    }
  }

  async rememberName(thingId: number, type: string, name: string): Promise<void> {
    this.#tables.goneNames.set(thingId, { type, name });
  }
}

export class MemoryDeviceListings implements DeviceListings {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async list({ schedulableOnly }: { readonly schedulableOnly: boolean }): Promise<DeviceListing[]> {
    const { devices, deviceTypes } = this.#lab.tables;
    return byId(devices.values())
      .filter((device) => !schedulableOnly || deviceTypes.get(device.typeId)?.schedulable)
      .map((device) => this.#listing(device));
  }

  async find(id: number): Promise<DeviceListing | null> {
    const device = this.#lab.tables.devices.get(id);
    return device ? this.#listing(device) : null;
  }

  #listing({ id, typeId, name, managementIp, polatisName, status, inPort, outPort }: Device): DeviceListing {
    const { tables } = this.#lab;
    const type = tables.deviceTypes.get(typeId)?.name ?? '';
    return { id, type, name, managementIp, polatisName, status, inPort, outPort, maintenance: windowsOf(tables, id) };
  }
}
