import {
  assertMay,
  notFound,
  timeSlot,
  type Actor,
  type Calendar,
  type Hold,
  type Instant,
  type MaintenanceWindow,
  type TimeSlot,
} from '../../domain/index.js';
import type { MaintenanceRepository } from '../inventory/ports.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { AuditEntry, Clock, UnitOfWork } from '../shared/ports.js';
import { affectedBy, announceMaintenance } from './announce-maintenance.js';
import { ALL_TIME, claimCalendars } from './claim-calendars.js';
import type { BookingStores, CalendarReader } from './ports.js';

/** A transaction about maintenance. */
export type MaintenanceWork = UnitOfWork<BookingStores & { readonly maintenance: MaintenanceRepository }>;

/** Times in which a device may not be booked. */
export class PlanMaintenance {
  readonly #work: MaintenanceWork;
  readonly #calendars: CalendarReader;
  readonly #clock: Clock;

  constructor(work: MaintenanceWork, calendars: CalendarReader, clock: Clock) {
    this.#work = work;
    this.#calendars = calendars;
    this.#clock = clock;
  }

  /** Every window of the device, by start. @throws DomainError `device.not-found`. */
  async list(deviceId: number): Promise<readonly MaintenanceWindow[]> {
    const [thing] = await this.#calendars.things([{ id: deviceId }]);
    if (!thing) throw notFound('device.not-found', 'Device not found');
    return (await this.#calendars.read([thing.id], ALL_TIME)).get(thing.id)?.maintenance ?? [];
  }

  /**
   * Announces a window. Bookings that it hits stay; they are named, so that somebody can talk to their owners.
   * @throws DomainError `device.not-found`, `slot.invalid`.
   */
  add(
    actor: Actor,
    deviceId: number,
    start: Instant,
    end: Instant,
    reason: string,
  ): Promise<{ readonly window: MaintenanceWindow; readonly affected: readonly Hold[] }> {
    assertMay(actor, 'devices:write');
    const slot = timeSlot(start, end);
    return this.#work.run(async (stores) => {
      const { calendar, now } = await this.#claim(deviceId, slot, stores);
      const window = await stores.maintenance.add({
        ...{ deviceId, slot, reason, createdBy: actor.id, createdAt: now, legacy: false },
      });
      const affected = affectedBy(window, calendar, now);
      await announceMaintenance(stores, 'maintenance.announced', actor, window, calendar, now);
      await stores.audit.append({
        ...entry(actor, 'maintenance.announced', deviceId, calendar.thing.name, now),
        message: `${actor.username} announced maintenance of ${calendar.thing.name}`,
        metadata: { after: window, affectedIds: affected.map((hold) => hold.bookingId) },
      });
      return { window, affected };
    });
  }

  /** @throws DomainError `maintenance.not-found`. */
  remove(actor: Actor, deviceId: number, windowId: number): Promise<void> {
    assertMay(actor, 'devices:write');
    return this.#work.run(async (stores) => {
      const { calendar, now } = await this.#claim(deviceId, ALL_TIME, stores);
      const window = calendar.maintenance.find(({ id }) => id === windowId);
      if (!window) throw notFound('maintenance.not-found', 'Maintenance window not found');
      await stores.maintenance.remove(windowId);
      await announceMaintenance(stores, 'maintenance.removed', actor, window, calendar, now);
      await stores.audit.append({
        ...entry(actor, 'maintenance.removed', deviceId, calendar.thing.name, now),
        message: `${actor.username} removed a maintenance window of ${calendar.thing.name}`,
        metadata: { before: window },
      });
    });
  }

  /** The calendar of the thing to which the row belongs; until that is claimed a form may move the row to another one. */
  async #claim(
    deviceId: number,
    slot: TimeSlot,
    stores: BookingStores,
  ): Promise<{ readonly calendar: Calendar; readonly now: Instant }> {
    for (;;) {
      const [thing] = await stores.calendars.things([{ id: deviceId }]);
      if (!thing) throw notFound('device.not-found', 'Device not found');
      const { calendars, now } = await claimCalendars(stores, [thing.id], slot, this.#clock);
      const calendar = calendars.get(thing.id);
      if (calendar?.thing.rowIds.includes(deviceId)) return { calendar, now };
    }
  }
}

const entry = (
  actor: Actor,
  action: string,
  deviceId: number,
  name: string,
  at: Instant,
): Omit<AuditEntry, 'message' | 'metadata'> => ({
  at,
  actor: auditActorOf(actor),
  action,
  entityType: 'device',
  entityId: String(deviceId),
  entityLabel: name,
});
