import { assertMay, parseDeviceStatus, type Actor } from '../../domain/index.js';
import type { AssetListings, InventorySummary, Page } from '../inventory/ports.js';
import type { DeviceFilter, DeviceOverview, OverseenDevice } from './ports.js';

/** What somebody asks for; what is left out is any. */
export type DeviceQuestion = Partial<Omit<DeviceFilter, 'statuses'>> & {
  /** In either vocabulary. */
  readonly statuses?: readonly string[];
};

/** Devices as those look at them who run the lab. */
export class OverseeDevices {
  readonly #devices: DeviceOverview;
  readonly #assets: Pick<AssetListings, 'summary'>;

  constructor(devices: DeviceOverview, assets: Pick<AssetListings, 'summary'>) {
    this.#devices = devices;
    this.#assets = assets;
  }

  /** @throws DomainError `device.unknown-status`. */
  page(
    actor: Actor,
    { statuses = [], type = null, owner = null, tag = null }: DeviceQuestion,
    page: Page,
  ): Promise<{ readonly devices: OverseenDevice[]; readonly total: number }> {
    assertMay(actor, 'devices:read');
    return this.#devices.page({ statuses: statuses.map(parseDeviceStatus), type, owner, tag }, page);
  }

  /** How many devices there are, for those who may change them. */
  summary(actor: Actor): Promise<InventorySummary> {
    assertMay(actor, 'devices:write');
    return this.#assets.summary();
  }
}
