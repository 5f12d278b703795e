import type { ServiceIdentifier } from 'inversify';
import type { Logger } from 'pino';
import type { Readiness } from '../adapters/http/system/routes.js';
import type {
  BookingListings,
  CalendarReader,
  CensusTaker,
  Clock,
  CredentialVault,
  DeviceHealth,
  DeviceListings,
  EventHistory,
  FavouriteLists,
  IdSource,
  Leases,
  ManualGear,
  PasswordHasher,
  Pauses,
  PduLinks,
  PowerHistory,
  PowerView,
  SessionRecords,
  Stores,
  TokenDigest,
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
  favourites: port<FavouriteLists>('FavouriteLists'),
  power: port<PowerView>('PowerView'),
  pduLinks: port<PduLinks>('PduLinks'),
  vault: port<CredentialVault>('CredentialVault'),
  manualGear: port<ManualGear>('ManualGear'),
  health: port<DeviceHealth>('DeviceHealth'),
  powerHistory: port<PowerHistory>('PowerHistory'),
  pauses: port<Pauses>('Pauses'),
  readiness: port<Readiness>('Readiness'),
  log: port<Logger>('Logger'),
};
