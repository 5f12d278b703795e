import 'reflect-metadata';
import type { Express } from 'express';
import { Container, type ContainerModule } from 'inversify';
import { readInventoryCsv } from '../adapters/csv/read-inventory-csv.js';
import { httpServer, type HttpParts, type HttpSettings } from '../adapters/http/server.js';
import {
  AcceptInvitation,
  AddDevice,
  BookTopology,
  CancelBooking,
  ChangeDevice,
  CheckConflicts,
  CheckInvariants,
  FindUsers,
  ImportInventory,
  ImportLinks,
  InviteFirstAdmin,
  KeepLinks,
  KeepTopologies,
  ListDevices,
  RegisterAdmin,
  RegisterUser,
  RemoveBooking,
  RemoveDevice,
  RequestBooking,
  ResolveTopology,
  ReviewTopologies,
  SignIn,
  ViewBookings,
  ViewPlant,
  WhoIs,
  type Clock,
  type DeviceListings,
  type Leases,
  type SessionRecords,
  type Stores,
  type UnitOfWork,
  DecideBookings,
  EditCollaborators,
  ExpireBookings,
  ExtendBookings,
  FindFreeTime,
  KeepFavourites,
  PlanMaintenance,
  Rebook,
} from '../application/index.js';
import { LabZone } from '../domain/index.js';
import { cryptography, logging, solving, system } from './adapters.js';
import { automaticApproval, type Config } from './config.js';
import { plant } from './plant-use-cases.js';
import { ports } from './tokens.js';
import { topology } from './topology-use-cases.js';
import { booking, identity, inventory } from './use-cases.js';

/** Which adapters to use. Only persistence has no default: it owns a connection. */
export interface AdapterChoice {
  readonly persistence: ContainerModule;
  readonly system?: ContainerModule;
  readonly cryptography?: ContainerModule;
  readonly logging?: ContainerModule;
  readonly solving?: ContainerModule;
}

/** The composed lab: what start-up, the command line and tests use. */
export interface Lab {
  readonly work: UnitOfWork<Stores>;
  readonly clock: Clock;
  readonly sessions: SessionRecords;
  readonly devices: DeviceListings;
  readonly checkInvariants: CheckInvariants;
  readonly leases: Leases;
  readonly expireBookings: ExpireBookings;
  readonly importInventory: ImportInventory;
  readonly importLinks: ImportLinks;
  readonly reviewTopologies: ReviewTopologies;
  readonly inviteFirstAdmin: InviteFirstAdmin;
  readonly httpParts: Omit<HttpParts, 'settings'>;
  http(settings: HttpSettings): Express;
}

/** The whole application. Tests pass other adapters; nothing is rebound afterwards. */
export const compose = (config: Pick<Config, 'lab' | 'booking' | 'approval' | 'env'>, adapters: AdapterChoice): Lab => {
  const zone = new LabZone(config.lab.timezone);
  const terms = { zone, policy: config.booking, automatic: automaticApproval(config.approval) };
  const container = new Container();
  container.load(
    adapters.persistence,
    adapters.system ?? system(),
    adapters.cryptography ?? cryptography(),
    adapters.logging ?? logging(config.env.LOG_LEVEL),
    identity(config.env.ADMIN_SECRET ?? null),
    inventory(zone),
    plant(),
    adapters.solving ?? solving(),
    booking(terms, config.approval.allowSelf),
    topology(terms),
  );
  const httpParts: Omit<HttpParts, 'settings'> = {
    useCases: {
      registerUser: container.get(RegisterUser),
      registerAdmin: container.get(RegisterAdmin),
      acceptInvitation: container.get(AcceptInvitation),
      signIn: container.get(SignIn),
      findUsers: container.get(FindUsers),
      listDevices: container.get(ListDevices),
      addDevice: container.get(AddDevice),
      changeDevice: container.get(ChangeDevice),
      removeDevice: container.get(RemoveDevice),
      requestBooking: container.get(RequestBooking),
      cancelBooking: container.get(CancelBooking),
      viewBookings: container.get(ViewBookings),
      removeBooking: container.get(RemoveBooking),
      checkConflicts: container.get(CheckConflicts),
      extendBookings: container.get(ExtendBookings),
      rebook: container.get(Rebook),
      editCollaborators: container.get(EditCollaborators),
      keepFavourites: container.get(KeepFavourites),
      decideBookings: container.get(DecideBookings),
      planMaintenance: container.get(PlanMaintenance),
      findFreeTime: container.get(FindFreeTime),
      keepLinks: container.get(KeepLinks),
      importLinks: container.get(ImportLinks),
      viewPlant: container.get(ViewPlant),
      resolveTopology: container.get(ResolveTopology),
      bookTopology: container.get(BookTopology),
      keepTopologies: container.get(KeepTopologies),
    },
    whoIs: container.get(WhoIs),
    sessionRecords: container.get(ports.sessions),
    digest: container.get(ports.digest),
    readTable: readInventoryCsv,
    clock: container.get(ports.clock),
    zone,
    readiness: container.get(ports.readiness),
    log: container.get(ports.log),
  };
  return {
    work: container.get(ports.work),
    clock: container.get(ports.clock),
    sessions: container.get(ports.sessions),
    devices: container.get(ports.devices),
    checkInvariants: container.get(CheckInvariants),
    leases: container.get(ports.leases),
    expireBookings: container.get(ExpireBookings),
    importInventory: container.get(ImportInventory),
    importLinks: container.get(ImportLinks),
    reviewTopologies: container.get(ReviewTopologies),
    inviteFirstAdmin: container.get(InviteFirstAdmin),
    httpParts,
    http: (settings) => httpServer({ ...httpParts, settings }),
  };
};
