import { randomUUID } from 'node:crypto';
import { ContainerModule } from 'inversify';
import { pino } from 'pino';
import { BcryptPasswordHasher } from '../adapters/crypto/bcrypt-password-hasher.js';
import { sha256Digest } from '../adapters/crypto/sha256-digest.js';
import {
  MemoryBookingListings,
  MemoryCalendars,
  MemoryCensusTaker,
  MemoryFavouriteLists,
} from '../adapters/memory/booking.js';
import { MemoryEventHistory } from '../adapters/memory/events.js';
import { MemorySessionRecords, MemoryUserDirectory } from '../adapters/memory/identity.js';
import { MemoryDeviceListings } from '../adapters/memory/inventory.js';
import { MemoryLeases } from '../adapters/memory/leases.js';
import { MemoryLab } from '../adapters/memory/memory-lab.js';
import { MemoryCrossConnects, MemoryPlantReader } from '../adapters/memory/plant.js';
import { MemoryTopologyLists } from '../adapters/memory/topology.js';
import { ThreadedSolver } from '../adapters/solver/threaded-solver.js';
import { TypeormBookingListings } from '../adapters/typeorm/booking/typeorm-booking-listings.js';
import { TypeormCalendarReader } from '../adapters/typeorm/booking/typeorm-calendars.js';
import { TypeormFavouriteLists } from '../adapters/typeorm/booking/typeorm-favourites.js';
import { TypeormCensusTaker } from '../adapters/typeorm/booking/typeorm-census.js';
import type { Database } from '../adapters/typeorm/database.js';
import { TypeormEventHistory } from '../adapters/typeorm/events/typeorm-event-log.js';
import { TypeormSessionRecords } from '../adapters/typeorm/identity/typeorm-sessions.js';
import { TypeormUserDirectory } from '../adapters/typeorm/identity/typeorm-users.js';
import { TypeormDeviceListings } from '../adapters/typeorm/inventory/typeorm-device-listings.js';
import { TypeormLeases } from '../adapters/typeorm/jobs/typeorm-leases.js';
import { TypeormCrossConnectReader } from '../adapters/typeorm/plant/typeorm-cross-connects.js';
import { TypeormPlantReader } from '../adapters/typeorm/plant/typeorm-plant-reader.js';
import { TypeormTopologyLists } from '../adapters/typeorm/topology/typeorm-topologies.js';
import { TypeormUnitOfWork } from '../adapters/typeorm/typeorm-unit-of-work.js';
import type { Clock, IdSource, TopologySolver } from '../application/index.js';
import { ports } from './tokens.js';

export const systemClock: Clock = { now: () => Date.now() };
export const randomIds: IdSource = { next: () => randomUUID() };

/** Time and chance, as the machine has them. */
export const system = (clock: Clock = systemClock, ids: IdSource = randomIds) =>
  new ContainerModule(({ bind }) => {
    bind(ports.clock).toConstantValue(clock);
    bind(ports.ids).toConstantValue(ids);
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
    bind(ports.work).toConstantValue(lab);
    bind(ports.users).toConstantValue(new MemoryUserDirectory(lab));
    bind(ports.sessions).toConstantValue(new MemorySessionRecords(lab));
    bind(ports.devices).toConstantValue(new MemoryDeviceListings(lab));
    bind(ports.calendars).toConstantValue(new MemoryCalendars(() => lab.tables));
    bind(ports.bookings).toConstantValue(new MemoryBookingListings(lab));
    bind(ports.census).toConstantValue(new MemoryCensusTaker(lab));
    bind(ports.events).toConstantValue(new MemoryEventHistory(lab));
    bind(ports.favourites).toConstantValue(new MemoryFavouriteLists(lab));
    bind(ports.plant).toConstantValue(new MemoryPlantReader(lab));
    bind(ports.crossConnects).toConstantValue(new MemoryCrossConnects(() => lab.tables));
    bind(ports.topologies).toConstantValue(new MemoryTopologyLists(lab));
    bind(ports.leases).toConstantValue(new MemoryLeases(lab));
    bind(ports.readiness).toConstantValue({ check: () => Promise.resolve() });
  });

/** A lab in a database that is open already. */
export const typeormPersistence = (database: Database) =>
  new ContainerModule(({ bind }) => {
    bind(ports.work).toConstantValue(new TypeormUnitOfWork(database));
    bind(ports.users).toConstantValue(new TypeormUserDirectory(database));
    bind(ports.sessions).toConstantValue(new TypeormSessionRecords(database));
    bind(ports.devices).toConstantValue(new TypeormDeviceListings(database));
    bind(ports.calendars).toConstantValue(new TypeormCalendarReader(database));
    bind(ports.bookings).toConstantValue(new TypeormBookingListings(database));
    bind(ports.census).toConstantValue(new TypeormCensusTaker(database));
    bind(ports.events).toConstantValue(new TypeormEventHistory(database));
    bind(ports.favourites).toConstantValue(new TypeormFavouriteLists(database));
    bind(ports.plant).toConstantValue(new TypeormPlantReader(database));
    bind(ports.crossConnects).toConstantValue(new TypeormCrossConnectReader(database));
    bind(ports.topologies).toConstantValue(new TypeormTopologyLists(database));
    bind(ports.leases).toConstantValue(new TypeormLeases(database));
    bind(ports.readiness).toConstantValue({ check: () => database.ping() });
  });
