import type {
  AuditChainReader,
  AuditRecords,
  SettingsReader,
  UserListings,
  AccessTokenDirectory,
  AssetListings,
  AttachmentListings,
  BookingHistoryReader,
  BookingListings,
  BookingOverview,
  CalendarReader,
  CatalogueListings,
  CensusTaker,
  CrossConnectReader,
  DeviceHealthReader,
  DeviceListings,
  DeviceOverview,
  EventHistory,
  FavouriteLists,
  FeedSource,
  HistoryListings,
  LabFigures,
  Leases,
  PowerView,
  PlantReader,
  NotificationListings,
  SessionRecords,
  Stores,
  TopologyLists,
  UnitOfWork,
  UserDirectory,
} from '../../application/index.js';
import type { NewHome } from '../../application/move-in/index.js';

/** Adapters to be held against the contracts: all of them look at one lab. A contract asks for its part only. */
export interface LabSubject {
  readonly work: UnitOfWork<Stores>;
  readonly users: UserDirectory;
  readonly sessions: SessionRecords;
  readonly devices: DeviceListings;
  readonly assets: AssetListings;
  readonly catalogues: CatalogueListings;
  readonly history: HistoryListings;
  readonly attachments: AttachmentListings;
  readonly calendars: CalendarReader;
  readonly bookings: BookingListings;
  readonly favourites: FavouriteLists;
  readonly plant: PlantReader;
  readonly crossConnects: CrossConnectReader;
  readonly topologies: TopologyLists;
  readonly leases: Leases;
  readonly census: CensusTaker;
  readonly bookingHistory: BookingHistoryReader;
  readonly events: EventHistory;
  readonly auditChain: AuditChainReader;
  readonly auditRecords: AuditRecords;
  readonly settings: SettingsReader;
  readonly userListings: UserListings;
  readonly power: PowerView;
  readonly bookingOverview: BookingOverview;
  readonly deviceOverview: DeviceOverview;
  readonly deviceHealth: DeviceHealthReader;
  readonly figures: LabFigures;
  readonly notifications: NotificationListings;
  readonly accessTokens: AccessTokenDirectory;
  readonly feedSource: FeedSource;
  readonly newHome: NewHome;
  /** How many entries the audit trail has; no port reads them yet. */
  auditEntries(): Promise<number>;
}

/** What ends with a test. */
export interface Closing {
  close(): Promise<void>;
}

/** Gives a subject that holds nothing yet and shares nothing with those given before. */
export type OpenSubject<Part extends keyof LabSubject> = () => Promise<Pick<LabSubject, Part> & Closing>;

/** One new subject for each test of the suite that calls this; it is closed after the test. */
export const forEachTest = <Subject extends Closing>(open: () => Promise<Subject>): (() => Subject) => {
  let current: Subject | null = null;
  beforeEach(async () => {
    current = await open();
  });
  afterEach(async () => {
    await current?.close();
    current = null;
  });
  return () => {
    if (!current) throw new Error('there is a subject only while a test runs');
    return current;
  };
};
