import {
  assertMay,
  legacyMaintenanceOf,
  notFound,
  shownMaintenance,
  type Actor,
  type LabZone,
} from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import type { DeviceListing, DeviceListings } from './ports.js';

/** A device listing with the one maintenance that the first scheduler can show, as its two texts. */
export interface LegacyDevice extends Omit<DeviceListing, 'maintenance'> {
  readonly maintenanceStart: string | null;
  readonly maintenanceEnd: string | null;
}

/** The devices as the first scheduler sees them: projections of the one inventory. */
export class ListDevices {
  readonly #listings: DeviceListings;
  readonly #clock: Clock;
  readonly #zone: LabZone;

  constructor(listings: DeviceListings, clock: Clock, zone: LabZone) {
    this.#listings = listings;
    this.#clock = clock;
    this.#zone = zone;
  }

  /** Every row that can be booked in principle, whatever its status, by id. */
  async schedulable(): Promise<LegacyDevice[]> {
    return this.#present(await this.#listings.list({ schedulableOnly: true }));
  }

  /** Every row of the inventory, by id. */
  async all(actor: Actor): Promise<LegacyDevice[]> {
    assertMay(actor, 'devices:read');
    return this.#present(await this.#listings.list({ schedulableOnly: false }));
  }

  /** @throws DomainError `device.not-found`. */
  async one(actor: Actor, id: number): Promise<LegacyDevice> {
    assertMay(actor, 'devices:read');
    const listing = await this.#listings.find(id);
    const [device] = listing ? this.#present([listing]) : [];
    if (!device) throw notFound('device.not-found', 'Device not found');
    return device;
  }

  #present(listings: readonly DeviceListing[]): LegacyDevice[] {
    const now = this.#clock.now();
    return listings.map((listing) => {
      const window = listing.maintenance.length > 0 ? shownMaintenance(listing.maintenance, now) : null;
      const texts = window ? legacyMaintenanceOf(window.slot, this.#zone) : null;
      // Written out: spread into a longer object, thousands of them take longer than the query that found them.
      return {
        id: listing.id,
        type: listing.type,
        name: listing.name,
        managementIp: listing.managementIp,
        polatisName: listing.polatisName,
        status: listing.status,
        inPort: listing.inPort,
        outPort: listing.outPort,
        maintenanceStart: texts?.start ?? null,
        maintenanceEnd: texts?.end ?? null,
      };
    });
  }
}
