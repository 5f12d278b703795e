import { describeDevice, type DeviceDescription, type DeviceFacts } from '../../domain/index.js';
import type { InventoryStores, Named } from './ports.js';

type Stores = Pick<InventoryStores, 'deviceTypes' | 'manufacturers' | 'sites' | 'users'>;

/** Looks up what the identifiers in facts stand for, each once in a unit of work. */
export class DeviceNames {
  readonly #stores: Stores;
  readonly #known = new Map<string, Promise<string | null>>();

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  async describe(facts: DeviceFacts, tags: readonly string[]): Promise<DeviceDescription> {
    return describeDevice(facts, {
      type: await this.type(facts.typeId),
      manufacturer: await this.#nameOf('manufacturers', facts.manufacturerId),
      site: await this.#nameOf('sites', facts.siteId),
      owner: facts.ownerId === null ? null : ((await this.#stores.users.find(facts.ownerId))?.username ?? null),
      tags,
    });
  }

  async type(id: number): Promise<string> {
    return (await this.#nameOf('deviceTypes', id)) ?? '';
  }

  #nameOf(catalogue: 'deviceTypes' | 'manufacturers' | 'sites', id: number | null): Promise<string | null> {
    if (id === null) return Promise.resolve(null);
    const key = `${catalogue} ${id}`;
    const known = this.#known.get(key);
    if (known) return known;
    const entry: Promise<Named | null> = this.#stores[catalogue].claim(id);
    const name = entry.then((found) => found?.name ?? null);
    this.#known.set(key, name);
    return name;
  }
}
