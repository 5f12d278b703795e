import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { ContainerModule } from 'inversify';
import { pino } from 'pino';
import { DomainError } from '../domain/index.js';
import { BcryptPasswordHasher } from '../adapters/crypto/bcrypt-password-hasher.js';
import { AesCredentialVault } from '../adapters/crypto/aes-credential-vault.js';
import { ManualLinks, type ManualRequest } from '../adapters/manual/manual-links.js';
import type { SimulatedPdu } from '../adapters/snmp/simulated/simulated-pdu.js';
import { SimulatedLinks } from '../adapters/snmp/simulated/simulated-links.js';
import { SnmpLinks } from '../adapters/snmp/snmp-links.js';
import { sha256Digest } from '../adapters/crypto/sha256-digest.js';
import { readInventoryCsv } from '../adapters/csv/read-inventory-csv.js';
import { writeInventoryCsv } from '../adapters/csv/write-inventory-csv.js';
import { contentSniffer } from '../adapters/files/content-sniffer.js';
import { DiskFileVault } from '../adapters/files/disk-file-vault.js';
import {
  MemoryBookingOverview,
  MemoryDeviceHealth,
  MemoryDeviceOverview,
  MemoryLabFigures,
} from '../adapters/memory/administration.js';
import {
  MemoryBookingListings,
  MemoryCalendars,
  MemoryCensusTaker,
  MemoryFavouriteLists,
} from '../adapters/memory/booking.js';
import { MemoryAuditChainReader, MemoryAuditRecords } from '../adapters/memory/audit.js';
import { MemoryAccessTokenDirectory, MemoryFeedSource } from '../adapters/memory/feeds.js';
import { MemoryEventHistory } from '../adapters/memory/events.js';
import { MemorySessionRecords, MemoryUserDirectory, MemoryUserListings } from '../adapters/memory/identity.js';
import { MemoryBookingHistory } from '../adapters/memory/forecast.js';
import { MemoryDeviceListings } from '../adapters/memory/inventory.js';
import {
  MemoryAssetListings,
  MemoryAttachmentListings,
  MemoryCatalogueListings,
  MemoryHistoryListings,
} from '../adapters/memory/inventory-listings.js';
import { MemoryFileVault } from '../adapters/memory/memory-file-vault.js';
import { MemoryLeases } from '../adapters/memory/leases.js';
import { MemoryRateCounters } from '../adapters/memory/rate-counters.js';
import { MemorySettingsReader } from '../adapters/memory/settings.js';
import { MemoryPowerView } from '../adapters/memory/power.js';
import { MemoryNewHome } from '../adapters/memory/new-home.js';
import { MemoryLab } from '../adapters/memory/memory-lab.js';
import { MemoryCrossConnects, MemoryPlantReader } from '../adapters/memory/plant.js';
import { MemoryTopologyLists } from '../adapters/memory/topology.js';
import { ThreadedSolver } from '../adapters/solver/threaded-solver.js';
import { TypeormBookingOverview } from '../adapters/typeorm/administration/typeorm-booking-overview.js';
import { TypeormDeviceHealthReader } from '../adapters/typeorm/administration/typeorm-device-health.js';
import { TypeormDeviceOverview } from '../adapters/typeorm/administration/typeorm-device-overview.js';
import { TypeormLabFigures } from '../adapters/typeorm/administration/typeorm-lab-figures.js';
import { MemoryNotificationListings } from '../adapters/memory/notification.js';
import { TypeormBookingListings } from '../adapters/typeorm/booking/typeorm-booking-listings.js';
import { TypeormCalendarReader } from '../adapters/typeorm/booking/typeorm-calendars.js';
import { TypeormFavouriteLists } from '../adapters/typeorm/booking/typeorm-favourites.js';
import { TypeormCensusTaker } from '../adapters/typeorm/booking/typeorm-census.js';
import type { Database } from '../adapters/typeorm/database.js';
import { TypeormAuditChainReader } from '../adapters/typeorm/audit/typeorm-audit-chain.js';
import { TypeormAuditRecords } from '../adapters/typeorm/audit/typeorm-audit-records.js';
import { TypeormRateCounters } from '../adapters/typeorm/limits/typeorm-rate-counters.js';
import { TypeormSettingsReader } from '../adapters/typeorm/settings/typeorm-settings.js';
import { TypeormEventHistory } from '../adapters/typeorm/events/typeorm-event-log.js';
import { TypeormBookingHistory } from '../adapters/typeorm/forecast/typeorm-booking-history.js';
import { TypeormAccessTokenDirectory } from '../adapters/typeorm/feeds/typeorm-access-tokens.js';
import { TypeormFeedSource } from '../adapters/typeorm/feeds/typeorm-feed-source.js';
import { TypeormSessionRecords } from '../adapters/typeorm/identity/typeorm-sessions.js';
import { TypeormUserDirectory, TypeormUserListings } from '../adapters/typeorm/identity/typeorm-users.js';
import { TypeormAssetListings } from '../adapters/typeorm/inventory/typeorm-asset-listings.js';
import { TypeormAttachmentListings } from '../adapters/typeorm/inventory/typeorm-attachments.js';
import { TypeormCatalogueListings } from '../adapters/typeorm/inventory/typeorm-catalogues.js';
import { TypeormHistoryListings } from '../adapters/typeorm/inventory/typeorm-device-history.js';
import { TypeormDeviceListings } from '../adapters/typeorm/inventory/typeorm-device-listings.js';
import { TypeormLeases } from '../adapters/typeorm/jobs/typeorm-leases.js';
import { TypeormNewHome } from '../adapters/typeorm/move-in/typeorm-new-home.js';
import { TypeormPowerView } from '../adapters/typeorm/power/typeorm-power-view.js';
import { TypeormUnitOfWork } from '../adapters/typeorm/typeorm-unit-of-work.js';
import {
  Bell,
  LinksByDriver,
  RingingWork,
  type Chance,
  type Clock,
  ReportHealth,
  SYSTEM,
  type FileVault,
  type HealthListener,
  type IdSource,
  type Pauses,
  type PduLinks,
  type TopologySolver,
} from '../application/index.js';
import { SimulatedRack } from './simulated-rack.js';
import { TypeormCrossConnectReader } from '../adapters/typeorm/plant/typeorm-cross-connects.js';
import { TypeormPlantReader } from '../adapters/typeorm/plant/typeorm-plant-reader.js';
import { TypeormTopologyLists } from '../adapters/typeorm/topology/typeorm-topologies.js';
import { TypeormNotificationListings } from '../adapters/typeorm/notification/typeorm-notification-listings.js';
import { ports } from './tokens.js';

export const systemClock: Clock = { now: () => Date.now() };
export const randomIds: IdSource = { next: () => randomUUID() };
export const dice: Chance = { next: () => Math.random() };

export const systemPauses: Pauses = { wait: (milliseconds) => setTimeout(milliseconds) };

/** Time and chance, as the machine has them. */
export const system = (clock: Clock = systemClock, ids: IdSource = randomIds, pauses: Pauses = systemPauses) =>
  new ContainerModule(({ bind }) => {
    bind(ports.pauses).toConstantValue(pauses);
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

/** Where files are kept, and how they are read. @param place a folder; null for a lab that forgets them. */
export const files = (place: string | FileVault | null = null) =>
  new ContainerModule(({ bind }) => {
    bind(ports.vault)
      .toResolvedValue(
        (clock) => {
          if (place === null) return new MemoryFileVault(clock);
          return typeof place === 'string' ? new DiskFileVault(place, clock) : place;
        },
        [ports.clock],
      )
      .inSingletonScope();
    bind(ports.sniffer).toConstantValue(contentSniffer);
    bind(ports.inventoryFile).toConstantValue({ read: readInventoryCsv, write: writeInventoryCsv });
  });

/** What power tells of a device, told to the lab; a device that was removed meanwhile is nobody's business. */
const toldToLab = (reports: ReportHealth): HealthListener => ({
  report: async (deviceId, snapshot) => {
    try {
      await reports.execute(SYSTEM, { deviceId, ...snapshot });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  },
});

/** What PDUs are reached with. */
export interface HardwareChoice {
  /** Simulated PDUs by their hosts. */
  readonly rack?: ReadonlyMap<string, SimulatedPdu>;
  /** Real PDUs; over SNMP unless given. */
  readonly links?: PduLinks;
  /** Tells people what to switch where nothing else can. */
  readonly ask?: (request: ManualRequest) => void;
}

/**
 * @param secret what credentials are sealed with; null keeps none.
 * @param usual credentials of PDUs that have none of their own, as `env:NAME`.
 */
export const hardware = (
  secret: string | null,
  usual: string | null,
  { rack = new SimulatedRack(systemClock), links = new SnmpLinks(), ask = () => undefined }: HardwareChoice = {},
) =>
  new ContainerModule(({ bind }) => {
    bind(ports.pduLinks)
      .toResolvedValue(
        (view, work, clock) => {
          const ways = new Map<string, PduLinks>([
            ['simulated', new SimulatedLinks(rack)],
            ['manual', new ManualLinks({ view, work, clock, ask })],
          ]);
          return new LinksByDriver(ways, links);
        },
        [ports.power, ports.work, ports.clock],
      )
      .inSingletonScope();
    bind(ports.credentialVault).toConstantValue(new AesCredentialVault(secret, process.env, usual));
    bind(ports.health).toResolvedValue(toldToLab, [ReportHealth]).inSingletonScope();
  });

/** Its thread begins with the first large question, and serves all labs of the process. */
const solverOfProcess = new ThreadedSolver();

/** Where topologies are resolved. */
export const solving = (solver: TopologySolver = solverOfProcess) =>
  new ContainerModule(({ bind }) => {
    bind(ports.solver).toConstantValue(solver);
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
    bind(ports.bookingHistory).toConstantValue(new MemoryBookingHistory(lab));
    bind(ports.census).toConstantValue(new MemoryCensusTaker(lab));
    bind(ports.newHome).toConstantValue(new MemoryNewHome(lab));
    bind(ports.bookingOverview).toConstantValue(new MemoryBookingOverview(lab));
    bind(ports.deviceOverview).toConstantValue(new MemoryDeviceOverview(lab));
    bind(ports.deviceHealth).toConstantValue(new MemoryDeviceHealth(() => lab.tables));
    bind(ports.figures).toConstantValue(new MemoryLabFigures(lab));
    bind(ports.events).toConstantValue(new MemoryEventHistory(lab));
    bind(ports.auditRecords).toConstantValue(new MemoryAuditRecords(lab));
    bind(ports.auditChain).toConstantValue(new MemoryAuditChainReader(lab));
    bind(ports.settings).toConstantValue(new MemorySettingsReader(lab));
    bind(ports.userListings).toConstantValue(new MemoryUserListings(lab));
    bind(ports.rateCounters).toConstantValue(new MemoryRateCounters());
    bind(ports.favourites).toConstantValue(new MemoryFavouriteLists(lab));
    bind(ports.power).toConstantValue(new MemoryPowerView(lab));
    bind(ports.plant).toConstantValue(new MemoryPlantReader(lab));
    bind(ports.crossConnects).toConstantValue(new MemoryCrossConnects(() => lab.tables));
    bind(ports.topologies).toConstantValue(new MemoryTopologyLists(lab));
    bind(ports.leases).toConstantValue(new MemoryLeases(lab));
    bind(ports.readiness).toConstantValue({ check: () => Promise.resolve() });
    bind(ports.connections).toConstantValue(() => ({ open: 0, busy: 0, waiting: 0 }));
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
    bind(ports.bookingHistory).toConstantValue(new TypeormBookingHistory(database));
    bind(ports.census).toConstantValue(new TypeormCensusTaker(database));
    bind(ports.newHome).toConstantValue(new TypeormNewHome(database));
    bind(ports.bookingOverview).toConstantValue(new TypeormBookingOverview(database));
    bind(ports.deviceOverview).toConstantValue(new TypeormDeviceOverview(database));
    bind(ports.deviceHealth).toConstantValue(new TypeormDeviceHealthReader(database));
    bind(ports.figures).toConstantValue(new TypeormLabFigures(database));
    bind(ports.events).toConstantValue(new TypeormEventHistory(database));
    bind(ports.auditRecords).toConstantValue(new TypeormAuditRecords(database));
    bind(ports.auditChain).toConstantValue(new TypeormAuditChainReader(database));
    bind(ports.settings).toConstantValue(new TypeormSettingsReader(database));
    bind(ports.userListings).toConstantValue(new TypeormUserListings(database));
    // The embedded database serves one process: there each write would wait for the disk a second time, to count it.
    bind(ports.rateCounters).toConstantValue(
      database.isServer ? new TypeormRateCounters(database) : new MemoryRateCounters(),
    );
    bind(ports.favourites).toConstantValue(new TypeormFavouriteLists(database));
    bind(ports.power).toConstantValue(new TypeormPowerView(database));
    bind(ports.plant).toConstantValue(new TypeormPlantReader(database));
    bind(ports.crossConnects).toConstantValue(new TypeormCrossConnectReader(database));
    bind(ports.topologies).toConstantValue(new TypeormTopologyLists(database));
    bind(ports.leases).toConstantValue(new TypeormLeases(database));
    bind(ports.readiness).toConstantValue({ check: () => database.ping() });
    bind(ports.connections).toConstantValue(() => database.load());
  });
