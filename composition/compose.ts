import 'reflect-metadata';
import type { Express } from 'express';
import { Container, type ContainerModule } from 'inversify';
import { csvLine } from '../adapters/csv/csv-line.js';
import { readInventoryCsv } from '../adapters/csv/read-inventory-csv.js';
import { IcalCalendarFormat } from '../adapters/ical/ical-calendar-format.js';
import { PrometheusMeters } from '../adapters/prometheus/prometheus-meters.js';
import { httpServer, type HttpParts, type HttpSettings } from '../adapters/http/server.js';
import {
  AcceptInvitation,
  ChangeSettings,
  LiveSettings,
  ManageUsers,
  NoteActivity,
  NoteRefusal,
  SealAudit,
  VerifyAudit,
  ViewAudit,
  type BookingTerms,
  type RateCounters,
  AddDevice,
  BookTopology,
  CancelBooking,
  CareForDevices,
  ChangeDevice,
  CheckConflicts,
  CheckInvariants,
  EditAssets,
  EditCatalogues,
  ExportInventory,
  FindUsers,
  ImportInventory,
  ImportLinks,
  InviteFirstAdmin,
  KeepLinks,
  KeepTopologies,
  ListDevices,
  OverseeBookings,
  OverseeDevices,
  RegisterAdmin,
  RegisterUser,
  RemoveBooking,
  RemoveDevice,
  ReportHealth,
  RequestBooking,
  ResolveTopology,
  ReviewTopologies,
  SignIn,
  ViewBookings,
  ViewPlant,
  SearchLab,
  ViewDashboard,
  WhoIs,
  type BookingHistoryReader,
  type Bell,
  type Clock,
  KeepPdus,
  OrderPower,
  PowerDesk,
  ViewPower,
  type DeviceListings,
  type EventHistory,
  type FileVault,
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
  ForecastAvailability,
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
import { MoveIn } from '../application/move-in/index.js';
import { LabZone } from '../domain/index.js';
import { cryptography, files, hardware, logging, solving, system } from './adapters.js';
import { automaticApproval, tellingPolicy, type Config } from './config.js';
import { noNotifiers } from './notifiers.js';
import { plant } from './plant-use-cases.js';
import { packageVersion } from './package-root.js';
import { ports } from './tokens.js';
import { powerModule } from './power-use-cases.js';
import { topology } from './topology-use-cases.js';
import { audit, booking, feeds, identity, inventory, notification, oversight, settings } from './use-cases.js';

/** Which adapters to use. Only persistence has no default: it owns a connection. */
export interface AdapterChoice {
  readonly persistence: ContainerModule;
  readonly system?: ContainerModule;
  readonly hardware?: ContainerModule;
  readonly cryptography?: ContainerModule;
  readonly logging?: ContainerModule;
  /** Forgotten with the process unless given. */
  readonly files?: ContainerModule;
  readonly solving?: ContainerModule;
  /** Nobody outside is told unless given. */
  readonly notifiers?: ContainerModule;
}

/** The composed lab: what start-up, the command line and tests use. */
export interface Lab {
  readonly liveSettings: LiveSettings;
  readonly sealAudit: SealAudit;
  readonly verifyAudit: VerifyAudit;
  readonly noteActivity: NoteActivity;
  readonly rateCounters: RateCounters;
  readonly work: UnitOfWork<Stores>;
  readonly clock: Clock;
  readonly sessions: SessionRecords;
  readonly devices: DeviceListings;
  readonly events: EventHistory;
  readonly checkInvariants: CheckInvariants;
  readonly moveIn: MoveIn;
  readonly vault: FileVault;
  readonly bookingHistory: BookingHistoryReader;
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
  readonly importLinks: ImportLinks;
  readonly reviewTopologies: ReviewTopologies;
  readonly inviteFirstAdmin: InviteFirstAdmin;
  readonly powerDesk: PowerDesk;
  readonly keepPdus: KeepPdus;
  /** Counts of this process. */
  readonly meters: PrometheusMeters;
  readonly httpParts: Omit<HttpParts, 'settings'>;
  http(settings: HttpSettings): Express;
}

const MEGABYTE = 1024 * 1024;

const papersOf = ({ inventory: { attachments } }: Pick<Config, 'inventory'>): PaperLimits => ({
  maxBytes: Math.floor(attachments.maxMegabytes * MEGABYTE),
  types: attachments.types,
});

/** The terms of the configuration, as far as nobody changed them since. */
const liveTerms = (
  zone: LabZone,
  approval: Config['approval'],
  live: LiveSettings,
): BookingTerms & Pick<LiveSettings, 'selfApproval'> => ({
  zone,
  get policy() {
    return live.policy;
  },
  get selfApproval() {
    return live.selfApproval;
  },
  automatic: (thing, role) => automaticApproval({ ...approval, mode: live.approvalMode })(thing, role),
});

const metersOf = (container: Container): PrometheusMeters => {
  const [notifications, power] = [container.get(ports.notifications), container.get(ports.power)];
  const [clock, liveFeed] = [container.get(ports.clock), container.get(LiveFeed)];
  const looks = {
    backlog: () => notifications.backlog(),
    pdus: () => power.pdus(),
    readings: () => power.readings(),
    connections: container.get(ports.connections),
    streams: () => liveFeed.size,
    now: () => clock.now(),
  };
  const meters = new PrometheusMeters(looks, packageVersion);
  container.get(ports.bell).listen((events) => meters.happened(events));
  return meters;
};

/** The whole application. Tests pass other adapters; nothing is rebound afterwards. */
export const compose = (
  config: Pick<Config, 'lab' | 'booking' | 'approval' | 'inventory' | 'power' | 'notifications' | 'env'>,
  adapters: AdapterChoice,
): Lab => {
  const zone = new LabZone(config.lab.timezone);
  const container = new Container();
  container.load(
    adapters.persistence,
    adapters.system ?? system(),
    adapters.hardware ?? hardware(config.env.POWER_KEY ?? null, config.power.credentials),
    adapters.cryptography ?? cryptography(),
    adapters.logging ?? logging(config.env.LOG_LEVEL),
    identity(config.env.ADMIN_SECRET ?? null),
    adapters.files ?? files(),
    adapters.notifiers ?? noNotifiers,
    notification(zone, { ...config.notifications, policy: tellingPolicy(config.notifications) }),
    feeds(zone, config.lab.name, new IcalCalendarFormat(config.lab.name)),
    inventory(zone, papersOf(config)),
    audit,
    settings({
      policy: config.booking,
      approvalMode: config.approval.mode,
      selfApproval: config.approval.allowSelf,
    }),
    powerModule(config.power),
    plant(),
    adapters.solving ?? solving(),
  );
  const live = container.get(LiveSettings);
  const terms = liveTerms(zone, config.approval, live);
  container.load(booking(terms), topology(terms), oversight(zone, terms));
  const meters = metersOf(container);
  const httpParts: Omit<HttpParts, 'settings'> = {
    meters,
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
      manageUsers: container.get(ManageUsers),
      viewAudit: container.get(ViewAudit),
      verifyAudit: container.get(VerifyAudit),
      changeSettings: container.get(ChangeSettings),
      forecastAvailability: container.get(ForecastAvailability),
      viewPower: container.get(ViewPower),
      orderPower: container.get(OrderPower),
      keepPdus: container.get(KeepPdus),
      keepLinks: container.get(KeepLinks),
      importLinks: container.get(ImportLinks),
      viewPlant: container.get(ViewPlant),
      resolveTopology: container.get(ResolveTopology),
      bookTopology: container.get(BookTopology),
      keepTopologies: container.get(KeepTopologies),
      reviewTopologies: container.get(ReviewTopologies),
      overseeBookings: container.get(OverseeBookings),
      overseeDevices: container.get(OverseeDevices),
      careForDevices: container.get(CareForDevices),
      reportHealth: container.get(ReportHealth),
      viewDashboard: container.get(ViewDashboard),
      searchLab: container.get(SearchLab),
      lookAtNotifications: container.get(LookAtNotifications),
      keepTokens: container.get(KeepTokens),
      readFeeds: container.get(ReadFeeds),
      liveFeed: container.get(LiveFeed),
    },
    refreshSettings: () => live.refresh(),
    noteActivity: container.get(NoteActivity),
    noteRefusal: container.get(NoteRefusal),
    rateCounters: container.get(ports.rateCounters),
    csvLine,
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
    liveSettings: live,
    sealAudit: container.get(SealAudit),
    verifyAudit: container.get(VerifyAudit),
    noteActivity: container.get(NoteActivity),
    rateCounters: container.get(ports.rateCounters),
    clock: container.get(ports.clock),
    sessions: container.get(ports.sessions),
    devices: container.get(ports.devices),
    events: container.get(ports.events),
    checkInvariants: container.get(CheckInvariants),
    moveIn: container.get(MoveIn),
    vault: container.get(ports.vault),
    bookingHistory: container.get(ports.bookingHistory),
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
    importLinks: container.get(ImportLinks),
    reviewTopologies: container.get(ReviewTopologies),
    inviteFirstAdmin: container.get(InviteFirstAdmin),
    powerDesk: container.get(PowerDesk),
    keepPdus: container.get(KeepPdus),
    meters,
    httpParts,
    http: (settings) => httpServer({ ...httpParts, settings }),
  };
};
