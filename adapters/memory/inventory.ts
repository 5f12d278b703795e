import type {
  Catalogue,
  DeviceListing,
  DeviceListings,
  DeviceRepository,
  DeviceTags,
  MaintenanceRepository,
  Named,
  NewMaintenanceWindow,
  NewNamed,
  ThingBookings,
  ThingName,
} from '../../application/inventory/ports.js';
import {
  holds,
  invalid,
  nameKey,
  type Device,
  type DeviceFacts,
  type Instant,
  type MaintenanceWindow,
} from '../../domain/index.js';
import type { LabState, NextId, Tables } from './tables.js';

const byId = <Row extends { readonly id: number }>(rows: Iterable<Row>): Row[] => [...rows].sort((a, b) => a.id - b.id);

export const memoryCatalogue = <Entry extends Named, NewEntry extends NewNamed>(
  entries: Map<number, Entry>,
  title: string,
  nextId: NextId,
): Catalogue<Entry, NewEntry> => {
  const named = (name: string) => [...entries.values()].find((entry) => nameKey(entry.name) === nameKey(name)) ?? null;
  return {
    all: async () => [...entries.values()].sort((a, b) => (nameKey(a.name) < nameKey(b.name) ? -1 : 1)),
    named: async (name) => named(name),
    add: async (entry) => {
      if (named(entry.name)) {
        throw invalid('catalogue.duplicate-name', `${title} with name '${entry.name}' already exists`);
      }
      const added = { id: nextId(), ...entry } as unknown as Entry;
      entries.set(added.id, added);
      return added;
    },
  };
};

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

  async add(facts: DeviceFacts, at: Instant): Promise<Device> {
    this.#refuseDuplicates(facts, null);
    const device: Device = { ...facts, id: this.#nextId(), createdAt: at, updatedAt: at };
    this.#tables.devices.set(device.id, device);
    return device;
  }

  async update(id: number, facts: DeviceFacts, at: Instant): Promise<void> {
    const before = this.#tables.devices.get(id);
    if (!before) return;
    this.#refuseDuplicates(facts, id);
    this.#tables.devices.set(id, { ...facts, id, createdAt: before.createdAt, updatedAt: at });
  }

  async remove(id: number): Promise<void> {
    this.#tables.devices.delete(id);
    this.#tables.deviceTags.delete(id);
    for (const window of this.#tables.maintenance.values()) {
      if (window.deviceId === id) this.#tables.maintenance.delete(window.id);
    }
    for (const link of this.#tables.links.values()) {
      if (link.a.deviceId === id || link.b.deviceId === id) this.#tables.links.delete(link.id);
    }
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

  async set(deviceId: number, tagIds: readonly number[]): Promise<void> {
    this.#tables.deviceTags.set(deviceId, [...new Set(tagIds)]);
  }
}

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

const windowsOf = (tables: Tables, deviceId: number): MaintenanceWindow[] =>
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
