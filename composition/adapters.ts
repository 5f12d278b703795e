import { randomUUID } from 'node:crypto';
import { ContainerModule } from 'inversify';
import { pino } from 'pino';
import { BcryptPasswordHasher } from '../adapters/crypto/bcrypt-password-hasher.js';
import { sha256Digest } from '../adapters/crypto/sha256-digest.js';
import { readInventoryCsv } from '../adapters/csv/read-inventory-csv.js';
import { writeInventoryCsv } from '../adapters/csv/write-inventory-csv.js';
import { contentSniffer } from '../adapters/files/content-sniffer.js';
import { DiskFileVault } from '../adapters/files/disk-file-vault.js';
import {
  MemoryBookingListings,
  MemoryCalendars,
  MemoryCensusTaker,
  MemoryFavouriteLists,
} from '../adapters/memory/booking.js';
import { MemoryAccessTokenDirectory, MemoryFeedSource } from '../adapters/memory/feeds.js';
import { MemoryEventHistory } from '../adapters/memory/events.js';
import { MemorySessionRecords, MemoryUserDirectory } from '../adapters/memory/identity.js';
import { MemoryDeviceListings } from '../adapters/memory/inventory.js';
import {
  MemoryAssetListings,
  MemoryAttachmentListings,
  MemoryCatalogueListings,
  MemoryHistoryListings,
} from '../adapters/memory/inventory-listings.js';
import { MemoryFileVault } from '../adapters/memory/memory-file-vault.js';
import { MemoryLeases } from '../adapters/memory/leases.js';
import { MemoryLab } from '../adapters/memory/memory-lab.js';
import { MemoryNotificationListings } from '../adapters/memory/notification.js';
import { TypeormBookingListings } from '../adapters/typeorm/booking/typeorm-booking-listings.js';
import { TypeormCalendarReader } from '../adapters/typeorm/booking/typeorm-calendars.js';
import { TypeormFavouriteLists } from '../adapters/typeorm/booking/typeorm-favourites.js';
import { TypeormCensusTaker } from '../adapters/typeorm/booking/typeorm-census.js';
import type { Database } from '../adapters/typeorm/database.js';
import { TypeormEventHistory } from '../adapters/typeorm/events/typeorm-event-log.js';
import { TypeormAccessTokenDirectory } from '../adapters/typeorm/feeds/typeorm-access-tokens.js';
import { TypeormFeedSource } from '../adapters/typeorm/feeds/typeorm-feed-source.js';
import { TypeormSessionRecords } from '../adapters/typeorm/identity/typeorm-sessions.js';
import { TypeormUserDirectory } from '../adapters/typeorm/identity/typeorm-users.js';
import { TypeormAssetListings } from '../adapters/typeorm/inventory/typeorm-asset-listings.js';
import { TypeormAttachmentListings } from '../adapters/typeorm/inventory/typeorm-attachments.js';
import { TypeormCatalogueListings } from '../adapters/typeorm/inventory/typeorm-catalogues.js';
import { TypeormHistoryListings } from '../adapters/typeorm/inventory/typeorm-device-history.js';
import { TypeormDeviceListings } from '../adapters/typeorm/inventory/typeorm-device-listings.js';
import { TypeormLeases } from '../adapters/typeorm/jobs/typeorm-leases.js';
import { TypeormNotificationListings } from '../adapters/typeorm/notification/typeorm-notification-listings.js';
import { TypeormUnitOfWork } from '../adapters/typeorm/typeorm-unit-of-work.js';
import { Bell, RingingWork, type Chance, type Clock, type IdSource } from '../application/index.js';
import { ports } from './tokens.js';

export const systemClock: Clock = { now: () => Date.now() };
export const randomIds: IdSource = { next: () => randomUUID() };
export const dice: Chance = { next: () => Math.random() };

/** Time and chance, as the machine has them. */
export const system = (clock: Clock = systemClock, ids: IdSource = randomIds) =>
  new ContainerModule(({ bind }) => {
    bind(ports.clock).toConstantValue(clock);
    bind(ports.ids).toConstantValue(ids);
    bind(ports.chance).toConstantValue(dice);
  });

/** bcrypt's recommended work factor for interactive sign-in. */
export const USUAL_BCRYPT_COST = 10;

export const cryptography = (bcryptCost: number = USUAL_BCRYPT_COST) =>
  new ContainerModule(({ bind }) => {
    bind(ports.hasher).toConstantValue(new BcryptPasswordHasher(bcryptCost));
    bind(ports.digest).toConstantValue(sha256Digest);
  });

/** What the log says of an error. Not its other properties: those of a failed statement hold the values it carried. */
const errorLine = (error: unknown): object => {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  return { type: name, code, message, stack, ...(cause !== undefined && { cause: errorLine(cause) }) };
};

export const logging = (level: string) =>
  new ContainerModule(({ bind }) => {
    bind(ports.log).toConstantValue(pino({ level, serializers: { err: errorLine } }));
  });

/** Where files are kept, and how they are read. @param folder null for a lab that forgets them. */
export const files = (folder: string | null = null) =>
  new ContainerModule(({ bind }) => {
    bind(ports.vault)
      .toResolvedValue(
        (clock) => (folder === null ? new MemoryFileVault(clock) : new DiskFileVault(folder, clock)),
        [ports.clock],
      )
      .inSingletonScope();
    bind(ports.sniffer).toConstantValue(contentSniffer);
    bind(ports.inventoryFile).toConstantValue({ read: readInventoryCsv, write: writeInventoryCsv });
  });

/** A lab that forgets everything when the process ends. */
export const memoryPersistence = (lab: MemoryLab = new MemoryLab()) =>
  new ContainerModule(({ bind }) => {
    const bell = new Bell();
    bind(ports.bell).toConstantValue(bell);
    bind(ports.work).toConstantValue(new RingingWork(lab, bell));
    bind(ports.notifications).toConstantValue(new MemoryNotificationListings(lab));
    bind(ports.accessTokens).toConstantValue(new MemoryAccessTokenDirectory(lab));
    bind(ports.feedSource).toConstantValue(new MemoryFeedSource(lab));
    bind(ports.users).toConstantValue(new MemoryUserDirectory(lab));
    bind(ports.sessions).toConstantValue(new MemorySessionRecords(lab));
    bind(ports.devices).toConstantValue(new MemoryDeviceListings(lab));
    bind(ports.assets).toConstantValue(new MemoryAssetListings(lab));
    bind(ports.catalogues).toConstantValue(new MemoryCatalogueListings(lab));
    bind(ports.history).toConstantValue(new MemoryHistoryListings(lab));
    bind(ports.attachments).toConstantValue(new MemoryAttachmentListings(lab));
    bind(ports.calendars).toConstantValue(new MemoryCalendars(() => lab.tables));
    bind(ports.bookings).toConstantValue(new MemoryBookingListings(lab));
    bind(ports.census).toConstantValue(new MemoryCensusTaker(lab));
    bind(ports.events).toConstantValue(new MemoryEventHistory(lab));
    bind(ports.favourites).toConstantValue(new MemoryFavouriteLists(lab));
    bind(ports.leases).toConstantValue(new MemoryLeases(lab));
    bind(ports.readiness).toConstantValue({ check: () => Promise.resolve() });
  });

/** A lab in a database that is open already. */
export const typeormPersistence = (database: Database) =>
  new ContainerModule(({ bind }) => {
    const bell = new Bell();
    bind(ports.bell).toConstantValue(bell);
    bind(ports.work).toConstantValue(new RingingWork(new TypeormUnitOfWork(database), bell));
    bind(ports.notifications).toConstantValue(new TypeormNotificationListings(database));
    bind(ports.accessTokens).toConstantValue(new TypeormAccessTokenDirectory(database));
    bind(ports.feedSource).toConstantValue(new TypeormFeedSource(database));
    bind(ports.users).toConstantValue(new TypeormUserDirectory(database));
    bind(ports.sessions).toConstantValue(new TypeormSessionRecords(database));
    bind(ports.devices).toConstantValue(new TypeormDeviceListings(database));
    bind(ports.assets).toConstantValue(new TypeormAssetListings(database));
    bind(ports.catalogues).toConstantValue(new TypeormCatalogueListings(database));
    bind(ports.history).toConstantValue(new TypeormHistoryListings(database));
    bind(ports.attachments).toConstantValue(new TypeormAttachmentListings(database));
    bind(ports.calendars).toConstantValue(new TypeormCalendarReader(database));
    bind(ports.bookings).toConstantValue(new TypeormBookingListings(database));
    bind(ports.census).toConstantValue(new TypeormCensusTaker(database));
    bind(ports.events).toConstantValue(new TypeormEventHistory(database));
    bind(ports.favourites).toConstantValue(new TypeormFavouriteLists(database));
    bind(ports.leases).toConstantValue(new TypeormLeases(database));
    bind(ports.readiness).toConstantValue({ check: () => database.ping() });
  });
