import type {
  Asset,
  AssetFilter,
  AssetListings,
  AssetOrder,
  AttachmentListings,
  CatalogueListings,
  HistoryEntry,
  HistoryListings,
  InventorySummary,
  Page,
} from '../../application/inventory/ports.js';
import { nameKey, type Attachment, type Device } from '../../domain/index.js';
import { attachmentsOf, byId, byName, tagsOf, windowsOf } from './inventory.js';
import type { LabState, Tables } from './tables.js';

/** What is looked through for a search, in comparable form. */
const searchable = ({ device, type, manufacturer, site }: Asset): string[] =>
  [
    ...[device.name, device.oiId, device.serialNumber, device.model, device.hostname, device.managementIp],
    ...[device.polatisName, device.rack, device.ownerGroup, type.name, manufacturer?.name, site?.name],
  ].map((text) => nameKey(text ?? ''));

/** By what assets are put in order; what is not known comes first. */
const keyOf = ({ device, type, site }: Asset, by: AssetOrder['by']): string | number => {
  const keys: Readonly<Record<AssetOrder['by'], string | number>> = {
    id: device.id,
    oi_id: device.oiId ?? '',
    name: nameKey(device.name),
    status: device.status,
    device_type: nameKey(type.name),
    site: nameKey(site?.name ?? ''),
    rack: device.rack ?? '',
    created_at: device.createdAt,
    updated_at: device.updatedAt,
  };
  return keys[by];
};

const pageOf = <Row>(rows: readonly Row[], { limit, offset }: Page): Row[] => rows.slice(offset, offset + limit);

export class MemoryAssetListings implements AssetListings {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async page(
    filter: AssetFilter,
    { by, descending }: AssetOrder,
    page: Page,
  ): Promise<{ assets: Asset[]; total: number }> {
    const sought = filter.search === null ? '' : nameKey(filter.search);
    const { deviceTags } = this.#lab.tables;
    const wanted = (await this.all()).filter(
      (asset) =>
        (filter.typeId === null || asset.device.typeId === filter.typeId) &&
        (filter.manufacturerId === null || asset.device.manufacturerId === filter.manufacturerId) &&
        (filter.siteId === null || asset.device.siteId === filter.siteId) &&
        (filter.status === null || asset.device.status === filter.status) &&
        (filter.tagIds.length === 0 ||
          (deviceTags.get(asset.device.id) ?? []).some((id) => filter.tagIds.includes(id))) &&
        searchable(asset).some((text) => text.includes(sought)),
    );
    wanted.sort((a, b) => {
      const [first, second] = [keyOf(a, by), keyOf(b, by)];
      if (first !== second) return first < second === descending ? 1 : -1;
      return b.device.id - a.device.id;
    });
    return { assets: pageOf(wanted, page), total: wanted.length };
  }

  async find(id: number): Promise<Asset | null> {
    const device = this.#lab.tables.devices.get(id);
    return device ? assetOf(this.#lab.tables, device) : null;
  }

  async withOiId(oiId: string): Promise<Asset | null> {
    const device = [...this.#lab.tables.devices.values()].find((row) => row.oiId === oiId);
    return device ? assetOf(this.#lab.tables, device) : null;
  }

  async all(): Promise<Asset[]> {
    return byId(this.#lab.tables.devices.values()).map((device) => assetOf(this.#lab.tables, device));
  }

  async summary(): Promise<InventorySummary> {
    const assets = await this.all();
    const countBy = <Key>(key: (asset: Asset) => Key): Map<Key, number> => {
      const counts = new Map<Key, number>();
      for (const asset of assets) counts.set(key(asset), (counts.get(key(asset)) ?? 0) + 1);
      return counts;
    };
    return {
      total: assets.length,
      byStatus: countBy<string>(({ device }) => device.status),
      byType: countBy(({ type }) => type.name),
      bySite: countBy(({ site }) => site?.name ?? null),
    };
  }
}

const assetOf = (tables: Tables, device: Device): Asset => {
  const named = (entry: { readonly id: number; readonly name: string } | undefined) =>
    entry ? { id: entry.id, name: entry.name } : null;
  const { id, name, category, description, schedulable, hasPorts } = tables.deviceTypes.get(device.typeId)!;
  return {
    device,
    type: { id, name, category, description, schedulable, hasPorts },
    manufacturer: named(tables.manufacturers.get(device.manufacturerId ?? 0)),
    site: named(tables.sites.get(device.siteId ?? 0)),
    tags: tagsOf(tables, device.id),
    maintenance: windowsOf(tables, device.id),
  };
};

export class MemoryCatalogueListings implements CatalogueListings {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async deviceTypes() {
    return [...this.#lab.tables.deviceTypes.values()].sort(byName);
  }

  async manufacturers() {
    return [...this.#lab.tables.manufacturers.values()].sort(byName);
  }

  async sites() {
    return [...this.#lab.tables.sites.values()].sort(byName);
  }

  async tags() {
    return [...this.#lab.tables.tags.values()].sort(byName);
  }
}

/** No change has as many fields: an entry's id is that of its change, and which of its fields it is. */
const MOST_FIELDS = 1000;

export class MemoryHistoryListings implements HistoryListings {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async ofDevice(deviceId: number, page: Page): Promise<HistoryEntry[]> {
    const changes = [...this.#lab.tables.deviceChanges].filter(([, change]) => change.deviceId === deviceId);
    const entries = changes
      .sort(([a], [b]) => b - a)
      .flatMap(([changeId, { fields, ...change }]) =>
        (fields.length > 0 ? fields : [{ field: null, before: null, after: null }]).map(
          (field, index): HistoryEntry => ({ id: changeId * MOST_FIELDS + index, changeId, ...change, ...field }),
        ),
      );
    return pageOf(entries, page);
  }
}

export class MemoryAttachmentListings implements AttachmentListings {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async find(id: number): Promise<Attachment | null> {
    return this.#lab.tables.attachments.get(id) ?? null;
  }

  async ofDevice(deviceId: number): Promise<Attachment[]> {
    return attachmentsOf(this.#lab.tables, deviceId);
  }

  async vaultNamesAmong(names: readonly string[]): Promise<string[]> {
    const asked = new Set(names);
    return [...this.#lab.tables.attachments.values()]
      .map(({ vaultName }) => vaultName)
      .filter((name) => asked.has(name));
  }
}
