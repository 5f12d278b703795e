import { ContainerModule } from 'inversify';
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
  AddDevice,
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
  InviteFirstAdmin,
  ListDevices,
  OverseeBookings,
  OverseeDevices,
  type OversightTerms,
  RegisterAdmin,
  RegisterUser,
  RemoveBooking,
  RemoveDevice,
  ReportHealth,
  RequestBooking,
  SearchLab,
  SignIn,
  ViewBookings,
  ViewDashboard,
  WhoIs,
  KeepPapers,
  TagDevices,
  ViewAssets,
  type BookingTerms,
  type PaperLimits,
  DecideBookings,
  EditCollaborators,
  ExpireBookings,
  ExtendBookings,
  FindFreeTime,
  ForecastAvailability,
  KeepFavourites,
  PlanMaintenance,
  Rebook,
  DeliverNotifications,
  FanOutEvents,
  KeepTokens,
  LiveFeed,
  LookAtNotifications,
  ReadFeeds,
  RemindOfEnds,
  SendDigest,
  type CalendarFormat,
} from '../application/index.js';
import { MoveIn } from '../application/move-in/index.js';
import type { LabSettings, LabZone, TellingPolicy } from '../domain/index.js';
import { ports } from './tokens.js';

export const identity = (adminSecret: string | null) =>
  new ContainerModule(({ bind }) => {
    bind(RegisterUser)
      .toResolvedValue(
        (work, hasher, clock) => new RegisterUser(work, hasher, clock),
        [ports.work, ports.hasher, ports.clock],
      )
      .inSingletonScope();
    bind(RegisterAdmin)
      .toResolvedValue(
        (work, hasher, clock, digest) => new RegisterAdmin(work, hasher, clock, digest, adminSecret),
        [ports.work, ports.hasher, ports.clock, ports.digest],
      )
      .inSingletonScope();
    bind(AcceptInvitation)
      .toResolvedValue(
        (work, hasher, clock, digest) => new AcceptInvitation(work, hasher, clock, digest),
        [ports.work, ports.hasher, ports.clock, ports.digest],
      )
      .inSingletonScope();
    bind(InviteFirstAdmin)
      .toResolvedValue(
        (work, clock, ids, digest) => new InviteFirstAdmin(work, clock, ids, digest),
        [ports.work, ports.clock, ports.ids, ports.digest],
      )
      .inSingletonScope();
    bind(SignIn)
      .toResolvedValue(
        (users, hasher, refusals) => new SignIn(users, hasher, refusals),
        [ports.users, ports.hasher, NoteRefusal],
      )
      .inSingletonScope();
    bind(FindUsers)
      .toResolvedValue((users) => new FindUsers(users), [ports.users])
      .inSingletonScope();
    bind(ManageUsers)
      .toResolvedValue(
        (work, listings, sessions, clock, ids, digest) => new ManageUsers(work, listings, sessions, clock, ids, digest),
        [ports.work, ports.userListings, ports.sessions, ports.clock, ports.ids, ports.digest],
      )
      .inSingletonScope();
    bind(NoteActivity)
      .toResolvedValue((listings, clock) => new NoteActivity(listings, clock), [ports.userListings, ports.clock])
      .inSingletonScope();
    bind(WhoIs)
      .toResolvedValue((users) => new WhoIs(users), [ports.users])
      .inSingletonScope();
  });

export const audit = new ContainerModule(({ bind }) => {
  bind(NoteRefusal)
    .toResolvedValue((work, clock) => new NoteRefusal(work, clock), [ports.work, ports.clock])
    .inSingletonScope();
  bind(SealAudit)
    .toResolvedValue((work, digest) => new SealAudit(work, digest), [ports.work, ports.digest])
    .inSingletonScope();
  bind(VerifyAudit)
    .toResolvedValue((chain, digest) => new VerifyAudit(chain, digest), [ports.auditChain, ports.digest])
    .inSingletonScope();
  bind(ViewAudit)
    .toResolvedValue((records) => new ViewAudit(records), [ports.auditRecords])
    .inSingletonScope();
});

export const settings = (configured: LabSettings) =>
  new ContainerModule(({ bind }) => {
    bind(LiveSettings)
      .toResolvedValue((reader) => new LiveSettings(configured, reader), [ports.settings])
      .inSingletonScope();
    bind(ChangeSettings)
      .toResolvedValue(
        (work, live, clock) => new ChangeSettings(work, live, clock),
        [ports.work, LiveSettings, ports.clock],
      )
      .inSingletonScope();
  });

export const inventory = (zone: LabZone, papers: PaperLimits) =>
  new ContainerModule(({ bind }) => {
    bind(ListDevices)
      .toResolvedValue((devices, clock) => new ListDevices(devices, clock, zone), [ports.devices, ports.clock])
      .inSingletonScope();
    bind(AddDevice)
      .toResolvedValue((work, clock) => new AddDevice(work, clock, zone), [ports.work, ports.clock])
      .inSingletonScope();
    bind(ChangeDevice)
      .toResolvedValue((work, clock) => new ChangeDevice(work, clock, zone), [ports.work, ports.clock])
      .inSingletonScope();
    bind(RemoveDevice)
      .toResolvedValue(
        (work, vault, clock) => new RemoveDevice(work, vault, clock),
        [ports.work, ports.vault, ports.clock],
      )
      .inSingletonScope();
    bind(ViewAssets)
      .toResolvedValue((assets, history) => new ViewAssets(assets, history), [ports.assets, ports.history])
      .inSingletonScope();
    bind(EditAssets)
      .toResolvedValue((work, clock) => new EditAssets(work, clock, zone), [ports.work, ports.clock])
      .inSingletonScope();
    bind(TagDevices)
      .toResolvedValue((work, clock) => new TagDevices(work, clock), [ports.work, ports.clock])
      .inSingletonScope();
    bind(EditCatalogues)
      .toResolvedValue((work, clock) => new EditCatalogues(work, clock), [ports.work, ports.clock])
      .inSingletonScope();
    bind(KeepPapers)
      .toResolvedValue(
        (work, assets, attachments, vault, sniffer, clock, ids) =>
          new KeepPapers(work, assets, attachments, vault, sniffer, clock, ids, papers),
        [ports.work, ports.assets, ports.attachments, ports.vault, ports.sniffer, ports.clock, ports.ids],
      )
      .inSingletonScope();
    bind(ExportInventory)
      .toResolvedValue((assets) => new ExportInventory(assets), [ports.assets])
      .inSingletonScope();
    bind(ImportInventory)
      .toResolvedValue((work, clock) => new ImportInventory(work, clock), [ports.work, ports.clock])
      .inSingletonScope();
  });

export const booking = (terms: BookingTerms & Pick<LabSettings, 'selfApproval'>) =>
  new ContainerModule(({ bind }) => {
    bind(RequestBooking)
      .toResolvedValue(
        (work, calendars, listings, users, clock, ids) =>
          new RequestBooking(work, calendars, listings, users, clock, ids, terms),
        [ports.work, ports.calendars, ports.bookings, ports.users, ports.clock, ports.ids],
      )
      .inSingletonScope();
    bind(CancelBooking)
      .toResolvedValue(
        (work, users, clock) => new CancelBooking(work, users, clock),
        [ports.work, ports.users, ports.clock],
      )
      .inSingletonScope();
    bind(RemoveBooking)
      .toResolvedValue((work, clock) => new RemoveBooking(work, clock), [ports.work, ports.clock])
      .inSingletonScope();
    bind(CheckConflicts)
      .toResolvedValue(
        (calendars, clock) => new CheckConflicts(calendars, clock, terms.zone),
        [ports.calendars, ports.clock],
      )
      .inSingletonScope();
    bind(ExtendBookings)
      .toResolvedValue(
        (work, calendars, users, clock) => new ExtendBookings(work, calendars, users, clock, terms),
        [ports.work, ports.calendars, ports.users, ports.clock],
      )
      .inSingletonScope();
    bind(Rebook)
      .toResolvedValue(
        (work, calendars, users, clock, ids) => new Rebook(work, calendars, users, clock, ids, terms),
        [ports.work, ports.calendars, ports.users, ports.clock, ports.ids],
      )
      .inSingletonScope();
    bind(EditCollaborators)
      .toResolvedValue(
        (work, users, clock) => new EditCollaborators(work, users, clock),
        [ports.work, ports.users, ports.clock],
      )
      .inSingletonScope();
    bind(KeepFavourites)
      .toResolvedValue(
        (work, lists, users, clock) => new KeepFavourites(work, lists, users, clock, terms.zone),
        [ports.work, ports.favourites, ports.users, ports.clock],
      )
      .inSingletonScope();
    bind(DecideBookings)
      .toResolvedValue((work, clock) => new DecideBookings(work, clock, terms), [ports.work, ports.clock])
      .inSingletonScope();
    bind(PlanMaintenance)
      .toResolvedValue(
        (work, calendars, clock) => new PlanMaintenance(work, calendars, clock),
        [ports.work, ports.calendars, ports.clock],
      )
      .inSingletonScope();
    bind(FindFreeTime)
      .toResolvedValue(
        (calendars, listings, clock) => new FindFreeTime(calendars, listings, clock, terms),
        [ports.calendars, ports.bookings, ports.clock],
      )
      .inSingletonScope();
    bind(ForecastAvailability)
      .toResolvedValue(
        (calendars, history, clock) => new ForecastAvailability(calendars, history, clock, terms),
        [ports.calendars, ports.bookingHistory, ports.clock],
      )
      .inSingletonScope();
    bind(ExpireBookings)
      .toResolvedValue((work, clock) => new ExpireBookings(work, clock), [ports.work, ports.clock])
      .inSingletonScope();
    bind(MoveIn)
      .toResolvedValue(
        (home, hasher, vault, digest, clock) => new MoveIn(home, hasher, vault, digest, clock, terms),
        [ports.newHome, ports.hasher, ports.credentialVault, ports.digest, ports.clock],
      )
      .inSingletonScope();
    bind(CheckInvariants)
      .toResolvedValue((census) => new CheckInvariants(census, terms.policy), [ports.census])
      .inSingletonScope();
    bind(ViewBookings)
      .toResolvedValue(
        (bookings, users, clock) => new ViewBookings(bookings, users, clock, terms.zone),
        [ports.bookings, ports.users, ports.clock],
      )
      .inSingletonScope();
  });

/** The lab as those see it who run it. */
export const oversight = (zone: LabZone, terms: OversightTerms) =>
  new ContainerModule(({ bind }) => {
    bind(OverseeBookings)
      .toResolvedValue(
        (bookings, calendars, health, clock) => new OverseeBookings(bookings, calendars, health, clock, zone, terms),
        [ports.bookingOverview, ports.calendars, ports.deviceHealth, ports.clock],
      )
      .inSingletonScope();
    bind(OverseeDevices)
      .toResolvedValue((devices, assets) => new OverseeDevices(devices, assets), [ports.deviceOverview, ports.assets])
      .inSingletonScope();
    bind(CareForDevices)
      .toResolvedValue(
        (assets, tags, users) => new CareForDevices(assets, tags, users),
        [EditAssets, TagDevices, ports.users],
      )
      .inSingletonScope();
    bind(ReportHealth)
      .toResolvedValue((work, clock) => new ReportHealth(work, clock), [ports.work, ports.clock])
      .inSingletonScope();
    bind(ViewDashboard)
      .toResolvedValue(
        (figures, records, topologies, clock) => new ViewDashboard(figures, records, topologies, clock, zone),
        [ports.figures, ports.auditRecords, ports.topologies, ports.clock],
      )
      .inSingletonScope();
    bind(SearchLab)
      .toResolvedValue(
        (bookings, assets, users, topologies, clock) => new SearchLab(bookings, assets, users, topologies, clock),
        [ports.bookingOverview, ports.assets, ports.users, ports.topologies, ports.clock],
      )
      .inSingletonScope();
  });

/** How a lab tells people. */
export interface Telling {
  readonly policy: TellingPolicy;
  readonly digestHour: number;
  readonly remindMinutes: number;
}

export const notification = (zone: LabZone, { policy, digestHour, remindMinutes }: Telling) =>
  new ContainerModule(({ bind }) => {
    bind(FanOutEvents)
      .toResolvedValue(
        (work, clock, notifiers) =>
          new FanOutEvents(work, clock, zone, policy, new Set(['in-app', ...notifiers.keys()])),
        [ports.work, ports.clock, ports.notifiers],
      )
      .inSingletonScope();
    bind(DeliverNotifications)
      .toResolvedValue(
        (work, notifiers, clock, chance, leases, ids) =>
          new DeliverNotifications(work, notifiers, clock, chance, zone, leases, ids.next()),
        [ports.work, ports.notifiers, ports.clock, ports.chance, ports.leases, ports.ids],
      )
      .inSingletonScope();
    bind(LookAtNotifications)
      .toResolvedValue(
        (work, listings, clock) => new LookAtNotifications(work, listings, clock),
        [ports.work, ports.notifications, ports.clock],
      )
      .inSingletonScope();
    bind(SendDigest)
      .toResolvedValue(
        (work, listings, clock) => new SendDigest(work, listings, clock, zone, digestHour),
        [ports.work, ports.bookings, ports.clock],
      )
      .inSingletonScope();
    bind(RemindOfEnds)
      .toResolvedValue(
        (work, listings, clock) => new RemindOfEnds(work, listings, clock, remindMinutes),
        [ports.work, ports.bookings, ports.clock],
      )
      .inSingletonScope();
  });

export const feeds = (zone: LabZone, labName: string, format: CalendarFormat) =>
  new ContainerModule(({ bind }) => {
    bind(ports.calendarFormat).toConstantValue(format);
    bind(KeepTokens)
      .toResolvedValue(
        (work, directory, source, clock, ids, digest) => new KeepTokens(work, directory, source, clock, ids, digest),
        [ports.work, ports.accessTokens, ports.feedSource, ports.clock, ports.ids, ports.digest],
      )
      .inSingletonScope();
    bind(ReadFeeds)
      .toResolvedValue(
        (tokens, users, source, events, calendars, digest, clock) =>
          new ReadFeeds(tokens, users, source, events, calendars, digest, clock, { zone, name: labName }),
        [
          ...([ports.accessTokens, ports.users, ports.feedSource, ports.events] as const),
          ...([ports.calendarFormat, ports.digest, ports.clock] as const),
        ],
      )
      .inSingletonScope();
    bind(LiveFeed)
      .toResolvedValue((events) => new LiveFeed(events), [ports.events])
      .inSingletonScope();
  });
