import type { ServiceIdentifier } from 'inversify';
import type { Logger } from 'pino';
import type { Readiness } from '../adapters/http/system/routes.js';
import type {
  BookingListings,
  CalendarReader,
  CensusTaker,
  Clock,
  CrossConnectReader,
  DeviceListings,
  DeviceOutlook,
  EventHistory,
  FavouriteLists,
  IdSource,
  Leases,
  PasswordHasher,
  PlantReader,
  SessionRecords,
  Stores,
  TokenDigest,
  TopologyLists,
  TopologySolver,
  UnitOfWork,
  UserDirectory,
} from '../application/index.js';

const port = <T>(name: string) => Symbol(name) as ServiceIdentifier<T>;

/** What the use cases need from outside; every one of them is bound by exactly one adapter module. */
export const ports = {
  clock: port<Clock>('Clock'),
  ids: port<IdSource>('IdSource'),
  hasher: port<PasswordHasher>('PasswordHasher'),
  digest: port<TokenDigest>('TokenDigest'),
  work: port<UnitOfWork<Stores>>('UnitOfWork'),
  users: port<UserDirectory>('UserDirectory'),
  sessions: port<SessionRecords>('SessionRecords'),
  devices: port<DeviceListings>('DeviceListings'),
  calendars: port<CalendarReader>('CalendarReader'),
  bookings: port<BookingListings>('BookingListings'),
  census: port<CensusTaker>('CensusTaker'),
  events: port<EventHistory>('EventHistory'),
  leases: port<Leases>('Leases'),
  plant: port<PlantReader>('PlantReader'),
  crossConnects: port<CrossConnectReader>('CrossConnectReader'),
  solver: port<TopologySolver>('TopologySolver'),
  outlook: port<DeviceOutlook>('DeviceOutlook'),
  topologies: port<TopologyLists>('TopologyLists'),
  favourites: port<FavouriteLists>('FavouriteLists'),
  readiness: port<Readiness>('Readiness'),
  log: port<Logger>('Logger'),
};
