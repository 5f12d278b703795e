import 'reflect-metadata';
import type { Express } from 'express';
import { Container, type ContainerModule } from 'inversify';
import { IcalCalendarFormat } from '../adapters/ical/ical-calendar-format.js';
import { httpServer, type HttpParts, type HttpSettings } from '../adapters/http/server.js';
import {
  AcceptInvitation,
  AddDevice,
  CancelBooking,
  ChangeDevice,
  CheckConflicts,
  CheckInvariants,
  EditAssets,
  EditCatalogues,
  ExportInventory,
  FindUsers,
  ImportInventory,
  InviteFirstAdmin,
  ListDevices,
  RegisterAdmin,
  RegisterUser,
  RemoveBooking,
  RemoveDevice,
  RequestBooking,
  SignIn,
  ViewBookings,
  WhoIs,
  type Bell,
  type Clock,
  type DeviceListings,
  type EventHistory,
  type Leases,
  type NotificationListings,
  type PaperLimits,
  type SessionRecords,
  type Stores,
  type UnitOfWork,
  DecideBookings,
  DeliverNotifications,
  EditCollaborators,
  ExpireBookings,
  ExtendBookings,
  FanOutEvents,
  FindFreeTime,
  KeepTokens,
  LiveFeed,
  LookAtNotifications,
  ReadFeeds,
  RemindOfEnds,
  SendDigest,
  KeepFavourites,
  KeepPapers,
  PlanMaintenance,
  Rebook,
  TagDevices,
  ViewAssets,
} from '../application/index.js';
import { LabZone } from '../domain/index.js';
import { cryptography, files, logging, system } from './adapters.js';
import { automaticApproval, tellingPolicy, type Config } from './config.js';
import { noNotifiers } from './notifiers.js';
import { ports } from './tokens.js';
import { booking, feeds, identity, inventory, notification } from './use-cases.js';

/** Which adapters to use. Only persistence has no default: it owns a connection. */
export interface AdapterChoice {
  readonly persistence: ContainerModule;
  readonly system?: ContainerModule;
  readonly cryptography?: ContainerModule;
  readonly logging?: ContainerModule;
  /** Forgotten with the process unless given. */
  readonly files?: ContainerModule;
  /** Nobody outside is told unless given. */
  readonly notifiers?: ContainerModule;
}

/** The composed lab: what start-up, the command line and tests use. */
export interface Lab {
  readonly work: UnitOfWork<Stores>;
  readonly clock: Clock;
  readonly sessions: SessionRecords;
  readonly devices: DeviceListings;
  readonly events: EventHistory;
  readonly checkInvariants: CheckInvariants;
  readonly bell: Bell;
  readonly notifications: NotificationListings;
  readonly fanOutEvents: FanOutEvents;
  readonly deliverNotifications: DeliverNotifications;
  readonly liveFeed: LiveFeed;
  readonly sendDigest: SendDigest;
  readonly remindOfEnds: RemindOfEnds;
  readonly leases: Leases;
  readonly expireBookings: ExpireBookings;
  readonly keepPapers: KeepPapers;
  readonly importInventory: ImportInventory;
  readonly inviteFirstAdmin: InviteFirstAdmin;
  readonly httpParts: Omit<HttpParts, 'settings'>;
  http(settings: HttpSettings): Express;
}

const MEGABYTE = 1024 * 1024;

const papersOf = ({ inventory: { attachments } }: Pick<Config, 'inventory'>): PaperLimits => ({
  maxBytes: Math.floor(attachments.maxMegabytes * MEGABYTE),
  types: attachments.types,
});

/** The whole application. Tests pass other adapters; nothing is rebound afterwards. */
export const compose = (
  config: Pick<Config, 'lab' | 'booking' | 'approval' | 'inventory' | 'notifications' | 'env'>,
  adapters: AdapterChoice,
): Lab => {
  const zone = new LabZone(config.lab.timezone);
  const container = new Container();
  container.load(
    adapters.persistence,
    adapters.system ?? system(),
    adapters.cryptography ?? cryptography(),
    adapters.logging ?? logging(config.env.LOG_LEVEL),
    identity(config.env.ADMIN_SECRET ?? null),
    adapters.files ?? files(),
    adapters.notifiers ?? noNotifiers,
    notification(zone, { ...config.notifications, policy: tellingPolicy(config.notifications) }),
    feeds(zone, config.lab.name, new IcalCalendarFormat(config.lab.name)),
    inventory(zone, papersOf(config)),
    booking({ zone, policy: config.booking, automatic: automaticApproval(config.approval) }, config.approval.allowSelf),
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
      viewAssets: container.get(ViewAssets),
      editAssets: container.get(EditAssets),
      tagDevices: container.get(TagDevices),
      catalogues: container.get(ports.catalogues),
      editCatalogues: container.get(EditCatalogues),
      keepPapers: container.get(KeepPapers),
      importInventory: container.get(ImportInventory),
      exportInventory: container.get(ExportInventory),
      inventoryFile: container.get(ports.inventoryFile),
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
      lookAtNotifications: container.get(LookAtNotifications),
      keepTokens: container.get(KeepTokens),
      readFeeds: container.get(ReadFeeds),
      liveFeed: container.get(LiveFeed),
    },
    whoIs: container.get(WhoIs),
    sessionRecords: container.get(ports.sessions),
    digest: container.get(ports.digest),
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
    events: container.get(ports.events),
    checkInvariants: container.get(CheckInvariants),
    bell: container.get(ports.bell),
    notifications: container.get(ports.notifications),
    fanOutEvents: container.get(FanOutEvents),
    deliverNotifications: container.get(DeliverNotifications),
    liveFeed: container.get(LiveFeed),
    sendDigest: container.get(SendDigest),
    remindOfEnds: container.get(RemindOfEnds),
    leases: container.get(ports.leases),
    expireBookings: container.get(ExpireBookings),
    keepPapers: container.get(KeepPapers),
    importInventory: container.get(ImportInventory),
    inviteFirstAdmin: container.get(InviteFirstAdmin),
    httpParts,
    http: (settings) => httpServer({ ...httpParts, settings }),
  };
};
