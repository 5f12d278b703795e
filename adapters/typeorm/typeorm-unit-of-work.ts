import type { EntityManager } from 'typeorm';
import type { UnitOfWork } from '../../application/shared/ports.js';
import type { Stores } from '../../application/stores.js';
import { TypeormAuditChain } from './audit/typeorm-audit-chain.js';
import { TypeormDeviceHealth } from './administration/typeorm-device-health.js';
import { TypeormAuditTrail } from './audit/typeorm-audit-trail.js';
import { TypeormBookingRepository } from './booking/typeorm-bookings.js';
import { TypeormCalendarBook } from './booking/typeorm-calendars.js';
import { TypeormFavourites } from './booking/typeorm-favourites.js';
import { TypeormKeptAnswers } from './booking/typeorm-kept-answers.js';
import { TypeormSettings } from './settings/typeorm-settings.js';
import type { Database } from './database.js';
import { TypeormEventLog } from './events/typeorm-event-log.js';
import { TypeormAccessTokens } from './feeds/typeorm-access-tokens.js';
import { TypeormInvitations } from './identity/typeorm-invitations.js';
import { TypeormUserRepository } from './identity/typeorm-users.js';
import { TypeormAttachments } from './inventory/typeorm-attachments.js';
import { typeormCatalogues } from './inventory/typeorm-catalogues.js';
import { TypeormDeviceHistory } from './inventory/typeorm-device-history.js';
import { TypeormDeviceTags } from './inventory/typeorm-device-tags.js';
import { TypeormDeviceRepository } from './inventory/typeorm-devices.js';
import { TypeormMaintenanceRepository } from './inventory/typeorm-maintenance.js';
import { TypeormThingBookings } from './inventory/typeorm-thing-bookings.js';
import { TypeormPower } from './power/typeorm-power.js';
import { TypeormCrossConnects } from './plant/typeorm-cross-connects.js';
import { TypeormLinks } from './plant/typeorm-links.js';
import { TypeormTopologies } from './topology/typeorm-topologies.js';
import { TypeormOutbox } from './notification/typeorm-outbox.js';
import { TypeormPeople } from './notification/typeorm-people.js';

const storesOf = (manager: EntityManager): Stores => ({
  ...typeormCatalogues(manager),
  users: new TypeormUserRepository(manager),
  invitations: new TypeormInvitations(manager),
  devices: new TypeormDeviceRepository(manager),
  deviceTags: new TypeormDeviceTags(manager),
  deviceHistory: new TypeormDeviceHistory(manager),
  attachments: new TypeormAttachments(manager),
  maintenance: new TypeormMaintenanceRepository(manager),
  thingBookings: new TypeormThingBookings(manager),
  deviceHealth: new TypeormDeviceHealth(manager),
  calendars: new TypeormCalendarBook(manager),
  bookings: new TypeormBookingRepository(manager),
  favourites: new TypeormFavourites(manager),
  keptAnswers: new TypeormKeptAnswers(manager),
  settings: new TypeormSettings(manager),
  links: new TypeormLinks(manager),
  crossConnects: new TypeormCrossConnects(manager),
  topologies: new TypeormTopologies(manager),
  audit: new TypeormAuditTrail(manager),
  auditChain: new TypeormAuditChain(manager),
  events: new TypeormEventLog(manager),
  power: new TypeormPower(manager),
  outbox: new TypeormOutbox(manager),
  people: new TypeormPeople(manager),
  accessTokens: new TypeormAccessTokens(manager),
});

export class TypeormUnitOfWork implements UnitOfWork<Stores> {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  run<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result> {
    return this.#database.transaction((manager) => work(storesOf(manager)));
  }
}
