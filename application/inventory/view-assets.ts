import { notFound, type Device } from '../../domain/index.js';
import { unknownDevice } from './legacy-device.js';
import type {
  Asset,
  AssetFilter,
  AssetListings,
  AssetOrder,
  HistoryEntry,
  HistoryListings,
  InventorySummary,
  Page,
} from './ports.js';

/** The inventory as anybody who is signed in reads it. */
export class ViewAssets {
  readonly #assets: AssetListings;
  readonly #history: HistoryListings;

  constructor(assets: AssetListings, history: HistoryListings) {
    this.#assets = assets;
    this.#history = history;
  }

  /** `total` counts every asset that the filter lets through, on all pages. */
  page(
    filter: AssetFilter,
    order: AssetOrder,
    page: Page,
  ): Promise<{ readonly assets: Asset[]; readonly total: number }> {
    return this.#assets.page(filter, order, page);
  }

  /** @throws DomainError `device.not-found`. */
  async one(id: Device['id']): Promise<Asset> {
    const asset = await this.#assets.find(id);
    if (!asset) throw unknownDevice(id);
    return asset;
  }

  /** @throws DomainError `device.not-found`. */
  async withOiId(oiId: string): Promise<Asset> {
    const asset = await this.#assets.withOiId(oiId);
    if (!asset) throw notFound('device.not-found', `Device with oi_id '${oiId}' not found`);
    return asset;
  }

  /** Counted anew each time; rows, also several of one thing. */
  summary(): Promise<InventorySummary> {
    return this.#assets.summary();
  }

  /** What happened to a device, also to one that is gone. @throws DomainError `device.not-found` for one that never was. */
  async history(id: Device['id'], page: Page): Promise<HistoryEntry[]> {
    const entries = await this.#history.ofDevice(id, page);
    if (entries.length > 0 || (await this.#assets.find(id))) return entries;
    const [ever] = await this.#history.ofDevice(id, { limit: 1, offset: 0 });
    if (!ever) throw unknownDevice(id);
    return entries;
  }
}
