import { randomUUID } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import swaggerUi from 'swagger-ui-express';
import type { NoteRefusal } from '../../application/audit/index.js';
import type { CsvLine, RateCounters } from '../../application/index.js';
import type { NoteActivity, SessionRecords, TokenDigest, WhoIs } from '../../application/identity/index.js';
import type { Clock } from '../../application/shared/ports.js';
import { DomainError, type LabZone } from '../../domain/index.js';
import { oversightRoutes, type OversightUseCases } from './administration/booking-routes.js';
import { deviceCareRoutes, type DeviceCareUseCases } from './administration/device-routes.js';
import { overviewRoutes, type OverviewUseCases } from './administration/overview-routes.js';
import { decisionRoutes, type DecisionUseCases } from './booking/decision-routes.js';
import { favouriteRoutes, type FavouriteUseCases } from './booking/favourite-routes.js';
import { freeTimeRoutes, type FreeTimeUseCases } from './booking/free-time-routes.js';
import { groupRoutes, type GroupUseCases } from './booking/group-routes.js';
import { maintenanceRoutes, type MaintenanceUseCases } from './booking/maintenance-routes.js';
import { bookingRoutes, type BookingUseCases } from './booking/routes.js';
import { forecastRoutes, type ForecastUseCases } from './forecast/routes.js';
import { identityRoutes, type IdentityUseCases } from './identity/routes.js';
import { feedRoutes, type FeedUseCases } from './feeds/feed-routes.js';
import { SessionRecordStore } from './identity/session-record-store.js';
import { sessions } from './identity/sessions.js';
import { assetRoutes, type AssetUseCases } from './inventory/asset-routes.js';
import { attachmentRoutes, type AttachmentUseCases } from './inventory/attachment-routes.js';
import { catalogueRoutes, type CatalogueUseCases } from './inventory/catalogue-routes.js';
import { inventoryRoutes, type InventoryUseCases } from './inventory/routes.js';
import { transferRoutes, type TransferUseCases } from './inventory/transfer-routes.js';
import { auditRoutes, type AuditUseCases } from './administration/audit-routes.js';
import { settingsRoutes, type SettingsUseCases } from './administration/settings-routes.js';
import { topologyReviewRoutes, type TopologyReviewing } from './administration/topology-routes.js';
import { userRoutes, type UserAdministration } from './administration/user-routes.js';
import { powerRoutes, type PowerUseCases } from './power/routes.js';
import { plantRoutes, type PlantUseCases, type TableReader } from './plant/routes.js';
import { liveRoutes, type LiveUseCases } from './live/live-routes.js';
import { notificationRoutes, type NotificationUseCases } from './notification/notification-routes.js';
import { Api } from './shared/api.js';
import { callerOf } from './shared/caller.js';
import { problemHandler } from './shared/problem-handler.js';
import { noLimits, usualLimits } from './shared/limits.js';
import { Origins } from './shared/origins.js';
import { sendProblem } from './shared/problem.js';
import { topologyRoutes, type TopologyUseCases } from './topology/routes.js';
import { savedTopologyRoutes, type SavedTopologyUseCases } from './topology/saved-routes.js';
import { metricsRoutes, type Meters } from './system/metrics-routes.js';
import { systemRoutes, type Readiness } from './system/routes.js';

export interface HttpSettings {
  readonly sessionSecret: string;
  /** Complete origins; null for the usual frontends at the API's own host name. */
  readonly frontendOrigins: readonly string[] | null;
  readonly limited: boolean;
  /** Express's `trust proxy`: how many proxies stand in front, or which. */
  readonly trustProxy: boolean | number | string;
  readonly version: string;
  /** With it the metrics can be read from other machines; null for this machine only. */
  readonly metricsToken: string | null;
}

export interface HttpParts {
  readonly useCases: IdentityUseCases &
    InventoryUseCases &
    AssetUseCases &
    CatalogueUseCases &
    AttachmentUseCases &
    TransferUseCases &
    BookingUseCases &
    GroupUseCases &
    FavouriteUseCases &
    DecisionUseCases &
    MaintenanceUseCases &
    FreeTimeUseCases &
    UserAdministration &
    AuditUseCases &
    SettingsUseCases &
    ForecastUseCases &
    PowerUseCases &
    PlantUseCases &
    TopologyUseCases &
    SavedTopologyUseCases &
    TopologyReviewing &
    OversightUseCases &
    DeviceCareUseCases &
    OverviewUseCases &
    NotificationUseCases &
    FeedUseCases &
    LiveUseCases;
  readonly whoIs: WhoIs;
  readonly noteActivity: NoteActivity;
  /** Makes this process see every change of settings that anybody was told of before. */
  readonly refreshSettings: () => Promise<void>;
  readonly noteRefusal: NoteRefusal;
  readonly rateCounters: RateCounters;
  readonly csvLine: CsvLine;
  readonly sessionRecords: SessionRecords;
  readonly digest: TokenDigest;
  readonly readTable: TableReader;
  readonly clock: Clock;
  readonly zone: LabZone;
  readonly readiness: Readiness;
  readonly meters: Meters;
  readonly log: Logger;
  readonly settings: HttpSettings;
}

/** What routes are declared with. */
type RouteParts = Omit<
  HttpParts,
  'log' | 'settings' | 'noteActivity' | 'refreshSettings' | 'noteRefusal' | 'rateCounters'
>;

const LARGEST_BODY = '1mb';
const SLOWEST_SILENT = 1000;
const REQUEST_ID = /^[\w.-]{1,64}$/;

const info = (version: string) => ({
  title: 'OpenLab',
  version,
  description: 'Who may use which device of the lab when, and what is in the racks.',
});

/** What is written is judged by the settings that hold now, whichever server was told to change them. */
const rulesOfNow =
  (refresh: () => Promise<void>): RequestHandler =>
  async (request, _response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD' && callerOf(request) !== null) await refresh();
    next();
  };

/** One line and one count for each request: what, how it ended, how long it took. Never a query, a body or a header. */
const noted =
  (log: Logger, meters: Meters): RequestHandler =>
  (request, response, next) => {
    const given = request.get('x-request-id') ?? '';
    const requestId = REQUEST_ID.test(given) ? given : randomUUID();
    response.set('x-request-id', requestId);
    const began = performance.now();
    response.once('close', () => {
      const lasted = performance.now() - began;
      const milliseconds = Math.round(lasted);
      const { route } = request as { route?: { path: string } };
      const line = {
        requestId,
        method: request.method,
        route: route?.path ?? null,
        status: response.statusCode,
        milliseconds,
      };
      // How long somebody looks on says nothing of the server.
      const isStream = String(response.getHeader('content-type')).startsWith('text/event-stream');
      if (!isStream) meters.request(line.method, line.route, line.status, lasted / 1000);
      if (response.statusCode >= 500 || (milliseconds > SLOWEST_SILENT && !isStream)) log.warn(line, 'request');
      else log.info(line, 'request');
    });
    next();
  };

/** Every route of the server, declared without anything behind it yet to be asked: for its OpenAPI document. */
const declareRoutes = (api: Api, parts: RouteParts, limits = noLimits, metricsToken: string | null = null): Api => {
  systemRoutes(api, parts.readiness);
  metricsRoutes(api, parts.meters, parts.digest, metricsToken);
  identityRoutes(api, parts.useCases, limits);
  inventoryRoutes(api, parts.useCases);
  assetRoutes(api, parts.useCases, parts.zone, parts.clock);
  catalogueRoutes(api, parts.useCases);
  attachmentRoutes(api, parts.useCases, parts.zone, parts.clock);
  transferRoutes(api, parts.useCases);
  bookingRoutes(api, parts.useCases, parts.zone, parts.digest);
  groupRoutes(api, parts.useCases, parts.digest);
  favouriteRoutes(api, parts.useCases);
  decisionRoutes(api, parts.useCases);
  maintenanceRoutes(api, parts.useCases, parts.zone);
  freeTimeRoutes(api, parts.useCases, parts.zone);
  userRoutes(api, parts.useCases);
  settingsRoutes(api, parts.useCases);
  auditRoutes(api, parts.useCases, parts.zone, parts.csvLine);
  forecastRoutes(api, parts.useCases, parts.zone);
  powerRoutes(api, parts.useCases, parts.zone, parts.clock);
  plantRoutes(api, parts.useCases, parts.zone, parts.readTable);
  topologyRoutes(api, parts.useCases, parts.zone, parts.digest);
  savedTopologyRoutes(api, parts.useCases);
  topologyReviewRoutes(api, parts.useCases);
  oversightRoutes(api, parts.useCases, parts.csvLine);
  deviceCareRoutes(api, parts.useCases, parts.zone);
  overviewRoutes(api, parts.useCases);
  notificationRoutes(api, parts.useCases);
  feedRoutes(api, parts.useCases);
  const { sessionRecords, digest, clock, whoIs } = parts;
  const sessionIsOpen = async (id: string) => (await sessionRecords.find(digest(id), clock.now())) !== null;
  return liveRoutes(api, parts.useCases, whoIs, sessionIsOpen, clock, limits.streams);
};

export const openApiDocument = (parts: RouteParts, version: string): object =>
  declareRoutes(new Api(), parts).document(info(version));

/** The lab over HTTP. */
export const httpServer = (parts: HttpParts): Express => {
  const { settings, log } = parts;
  const limits = settings.limited ? usualLimits({ counters: parts.rateCounters, clock: parts.clock }) : noLimits;
  const origins = new Origins(settings.frontendOrigins);
  const api = declareRoutes(new Api(), parts, limits, settings.metricsToken);
  api.refuseOtherMethods();
  // It takes as long as all the rest of the start, and most servers are never asked for it.
  let document: object | null = null;
  const documented = () => (document ??= api.document(info(settings.version)));
  const docs: RequestHandler = (request, response, next) => {
    swaggerUi.setup(documented(), { customSiteTitle: 'OpenLab API' })(request, response, next);
  };

  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', settings.trustProxy);
  app.use(noted(log, parts.meters));
  app.use(
    helmet({
      // Transport security belongs to whoever terminates TLS; here it would lock out labs that have none.
      hsts: false,
      contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
      crossOriginResourcePolicy: { policy: 'same-site' },
    }),
  );
  app.use(origins.headers);
  // Whoever asks these has no need of a session, and they must answer when the database that keeps sessions cannot.
  const notReady = (error: unknown) => {
    log.warn({ err: error }, 'not ready');
  };
  const system = systemRoutes(new Api(), parts.readiness, notReady);
  app.use(metricsRoutes(system, parts.meters, parts.digest, settings.metricsToken).router);
  app.get('/openapi.json', (_request, response) => {
    response.json(documented());
  });
  app.use('/docs', swaggerUi.serve, docs);
  app.use(origins.guard);
  app.use(express.json({ limit: LARGEST_BODY }));
  const store = new SessionRecordStore(parts.sessionRecords, parts.digest, parts.clock);
  for (const step of sessions(store, settings.sessionSecret, parts.whoIs, parts.noteActivity)) app.use(step);
  for (const limit of limits.writes) app.use(limit);
  app.use(rulesOfNow(parts.refreshSettings));
  app.use(api.router);
  app.use((request, response) => {
    sendProblem(response, {
      status: 404,
      code: 'request.no-route',
      detail: `There is nothing at ${request.path.slice(0, 100)}.`,
    });
  });
  const counted: ErrorRequestHandler = (error, _request, _response, next) => {
    if (error instanceof DomainError) parts.meters.refusal(error.code);
    next(error);
  };
  app.use(counted);
  app.use(
    problemHandler(
      (bug, requestId) => {
        log.error({ requestId, err: bug }, 'bug');
      },
      (request) => {
        const caller = callerOf(request);
        const { route } = request as { route?: { path: string } };
        if (!caller || !route) return;
        parts.noteRefusal.permission(caller, `${request.method} ${route.path}`).catch((error: unknown) => {
          log.error({ err: error }, 'a refusal could not be audited');
        });
      },
    ),
  );
  return app;
};
