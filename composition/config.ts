import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { defaultLaneSettings, isPduHost, PDU_LIMITS, type LaneSettings, type PduForm } from '../application/index.js';
import {
  CHANNELS,
  defaultBookingPolicy,
  defaultPowerPolicy,
  isComparable,
  isKeepable,
  LabZone,
  MINUTE,
  OUTLET_MODES,
  ROLES,
  usualTelling,
  type BookingPolicy,
  type PowerPolicy,
  type Role,
  type TellingPolicy,
  type Thing,
} from '../domain/index.js';
import { readOldSettings } from './old-settings.js';

const isZone = (name: string): boolean => {
  try {
    return new LabZone(name).name === name;
  } catch {
    return false;
  }
};

const ApprovalMode = z.enum(['manual', 'automatic']);

/** A limit that the file leaves empty is none. */
const unlessEmpty = (limit: z.ZodNumber) => limit.nullish().transform((value) => value ?? undefined);

const limits = {
  maxContenders: z.int().min(1).max(100),
  minMinutes: unlessEmpty(z.int().min(1).max(1_000_000)),
  maxDays: z.int().min(1).max(3660),
  horizonDays: z.int().min(1).max(3660),
  maxDeviceHours: unlessEmpty(z.number().min(0).max(10_000_000)),
  maxGroups: unlessEmpty(z.int().min(0).max(1_000_000)),
  turnaroundMinutes: z.int().min(0).max(100_000).optional(),
};

const MIME_TYPE = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/;

/** What documents a device: texts, pictures, documents, and archives of them. Nothing that runs by itself. */
const USUAL_PAPERS = [
  ...['application/pdf', 'text/plain', 'application/json', 'application/xml'],
  ...['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/tiff', 'image/svg+xml'],
  ...['application/zip', 'application/gzip', 'application/x-7z-compressed', 'application/x-tar', 'application/x-cfb'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  ...['application/vnd.oasis.opendocument.text', 'application/vnd.oasis.opendocument.spreadsheet'],
];
const Automation = z.enum(['off', 'on-demand']);

/** Text that says something and that every store keeps as it is. */
const keptText = (longest: number) =>
  z.string().trim().min(1).max(longest).refine(isKeepable, 'contains characters that are not text');

const minutes = z.number().min(0).max(100_000);

/** Secrets are named in the file, never written there. */
const EnvironmentReference = z.string().regex(/^env:[A-Z][A-Z0-9_]*$/, 'must be env:NAME');

const TOLD_EVENTS = Object.keys(usualTelling) as (keyof typeof usualTelling)[];

const FileSettings = z.strictObject({
  lab: z
    .strictObject({
      name: z.string().min(1).max(100).default('OpenLab'),
      timezone: z.string().refine(isZone, 'is not an IANA time zone').default('Europe/Dublin'),
    })
    .prefault({}),
  booking: z
    .strictObject({
      ...limits,
      maxContenders: limits.maxContenders.default(defaultBookingPolicy.maxContenders),
      maxDays: limits.maxDays.default(defaultBookingPolicy.maxDays),
      horizonDays: limits.horizonDays.default(defaultBookingPolicy.horizonDays),
      turnaroundMinutes: z.int().min(0).max(100_000).default(0),
      deviceTypes: z.record(z.string(), z.strictObject(limits).partial()).default({}),
      roles: z.partialRecord(z.enum(ROLES), z.strictObject(limits).omit({ maxContenders: true }).partial()).default({}),
    })
    .prefault({}),
  approval: z
    .strictObject({
      mode: ApprovalMode.default('manual'),
      allowSelf: z.enum(['nobody', 'admins', 'everybody']).default('admins'),
      deviceTypes: z.record(z.string(), ApprovalMode).default({}),
      roles: z.partialRecord(z.enum(ROLES), ApprovalMode).default({}),
    })
    .prefault({}),
  inventory: z
    .strictObject({
      attachments: z
        .strictObject({
          /** Beside the database unless given. */
          folder: z.string().min(1).optional(),
          maxMegabytes: z.number().positive().max(1024).default(20),
          types: z.array(z.string().regex(MIME_TYPE, 'is not a content type')).default([...USUAL_PAPERS]),
        })
        .prefault({}),
    })
    .prefault({}),
  notifications: z
    .strictObject({
      channels: z.partialRecord(z.enum(TOLD_EVENTS), z.array(z.enum(CHANNELS))).default({}),
      digestHour: z.int().min(0).max(23).default(8),
      remindMinutes: z.int().min(0).max(10_080).default(60),
    })
    .prefault({}),
  power: z
    .strictObject({
      automation: z.enum(['off', 'on-demand', 'suspended']).default(defaultPowerPolicy.automation),
      deviceTypes: z.record(z.string(), Automation).default({}),
      devices: z.record(z.string(), Automation).default({}),
      leadMinutes: minutes.default(defaultPowerPolicy.lead / MINUTE),
      graceMinutes: minutes.default(defaultPowerPolicy.grace / MINUTE),
      byHandMinutes: minutes.default(defaultPowerPolicy.byHand / MINUTE),
      pollSeconds: z
        .number()
        .min(1)
        .max(50)
        .default(defaultLaneSettings.poll / 1000),
      settleSeconds: z
        .number()
        .min(1)
        .max(120)
        .default(defaultLaneSettings.settle / 1000),
      staggerMilliseconds: z.int().min(0).max(60_000).default(defaultLaneSettings.stagger),
      cycleSeconds: z
        .number()
        .min(1)
        .max(300)
        .default(defaultLaneSettings.rest / 1000),
      credentials: EnvironmentReference.optional(),
      pdus: z
        .array(
          z.strictObject({
            name: keptText(PDU_LIMITS.name).refine((name) => isComparable(name, PDU_LIMITS.name), 'is too long'),
            host: keptText(PDU_LIMITS.host).refine(isPduHost, 'is not an address or host name'),
            port: z.int().min(1).max(65_535).default(161),
            driver: z.string().min(1).max(32).default('auto'),
            credentials: EnvironmentReference.optional(),
            outlets: z
              .array(
                z.strictObject({
                  number: z.int().min(1).max(PDU_LIMITS.outletNumber),
                  device: keptText(PDU_LIMITS.deviceName),
                  mode: z.enum(OUTLET_MODES).optional(),
                }),
              )
              .max(PDU_LIMITS.outlets)
              .default([]),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

const webhook = z.url({ protocol: /^https?$/ }).optional();

const isEncoded = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};

const isDatabaseUrl = (text: string): boolean => {
  if (!text.startsWith('mysql://')) return /^sqlite:./.test(text);
  if (!URL.canParse(text)) return false;
  const { hostname, pathname, username, password } = new URL(text);
  return hostname !== '' && pathname.length > 1 && isEncoded(username) && isEncoded(password);
};

const DatabaseUrl = z
  .string()
  .refine(isDatabaseUrl, 'must be sqlite:PATH, sqlite::memory: or mysql://user:password@host:port/database');

const Port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number')
  .transform(Number)
  .pipe(z.int().max(65_535));

const PROXY_NAMES = ['loopback', 'linklocal', 'uniquelocal'];

const isProxy = (text: string): boolean => {
  const [, address = '', bits = '1'] = /^(.*?)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const mostBits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  return PROXY_NAMES.includes(text) || (Number(bits) >= 1 && Number(bits) <= mostBits);
};

/** Express's `trust proxy`: how many proxies stand in front of the server, or where they are. */
const TrustProxy = z
  .string()
  .refine(
    (value) => /^(true|false|\d{1,3})$/.test(value) || value.split(',').every((proxy) => isProxy(proxy.trim())),
    `must be true, false, a number of proxies, or a comma list of addresses, networks, ${PROXY_NAMES.join(', ')}`,
  )
  .transform((value) => {
    if (/^\d+$/.test(value)) return Number(value);
    if (value === 'false') return false;
    // One proxy: with more believed, anybody could invent the address that limits count by.
    return value === 'true' ? 1 : value;
  });

const Environment = z.object({
  PORT: Port.default(25_001),
  HOST: z.string().min(1).optional(),
  DATABASE_URL: DatabaseUrl.default('sqlite:data/openlab.sqlite'),
  SESSION_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  ADMIN_SECRET: z.string().optional(),
  FRONTEND_ORIGINS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim().replace(/\/$/, ''))
        .filter((origin) => origin !== ''),
    )
    .pipe(z.array(z.string().regex(/^https?:\/\/[^/\s]+$/, 'must be origins such as http://lab.example:25002')))
    .optional(),
  RATE_LIMIT: z.enum(['on', 'off']).default('on'),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  BOOKING_WEBHOOK: webhook,
  ADMIN_WEBHOOK: webhook,
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  POWER_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  MAIL_FROM: z.string().min(3).optional(),
  SEED: z.enum(['none', 'example']).default('example'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  TRUST_PROXY: TrustProxy.default(false),
});

/** A server needs more than a command that only looks at the database. */
const ServingEnvironment = Environment.refine(
  ({ DATABASE_URL, SESSION_SECRET }) => !DATABASE_URL.startsWith('mysql:') || SESSION_SECRET !== undefined,
  {
    path: ['SESSION_SECRET'],
    message: 'is required with a server database: all server processes must share it',
    // Also when other variables are wrong: every mistake is named at once.
    when: ({ value }) => typeof (value as { DATABASE_URL?: unknown }).DATABASE_URL === 'string',
  },
);

/** How power is driven. */
export interface PowerSettings {
  readonly policy: PowerPolicy;
  readonly lane: LaneSettings;
  /** What PDUs are asked with that have no credentials of their own, as `env:NAME`. */
  readonly credentials: string | null;
  /** Registered when the lab has no PDU yet. */
  readonly pdus: readonly PduForm[];
}

export interface Config {
  readonly lab: { readonly name: string; readonly timezone: string };
  readonly booking: BookingPolicy;
  readonly approval: z.output<typeof FileSettings>['approval'];
  readonly inventory: z.output<typeof FileSettings>['inventory'];
  readonly power: PowerSettings;
  readonly notifications: z.output<typeof FileSettings>['notifications'];
  readonly env: z.output<typeof Environment>;
  /** What the operator should hear about the settings; nothing is wrong with them. */
  readonly notices: readonly string[];
}

/** A configuration that cannot be used, with every mistake in it. */
export class ConfigMistakes extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(`The configuration cannot be used:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
    this.mistakes = mistakes;
  }
}

const mistakesOf = (error: z.ZodError | undefined, where: string): string[] =>
  (error?.issues ?? []).map(
    ({ path, message }) => `${where}${path.map(String).join('.') || '(top level)'}: ${message}`,
  );

const readFile = (path: string, required: boolean): { settings: unknown; mistakes: string[] } => {
  if (!existsSync(path)) return { settings: {}, mistakes: required ? [`CONFIG_PATH: there is no file ${path}`] : [] };
  try {
    return { settings: parseYaml(readFileSync(path, 'utf8')) ?? {}, mistakes: [] };
  } catch (error) {
    return { settings: {}, mistakes: [`${path}: ${error instanceof Error ? error.message : 'cannot be read'}`] };
  }
};

const powerSettings = (file: z.output<typeof FileSettings>['power']): PowerSettings => {
  const { automation, deviceTypes, devices, leadMinutes, graceMinutes, byHandMinutes, credentials, pdus } = file;
  return {
    policy: {
      ...{ automation, deviceTypes, devices },
      ...{ lead: leadMinutes * MINUTE, grace: graceMinutes * MINUTE, byHand: byHandMinutes * MINUTE },
    },
    lane: {
      ...{ poll: file.pollSeconds * 1000, settle: file.settleSeconds * 1000 },
      ...{ stagger: file.staggerMilliseconds, rest: file.cycleSeconds * 1000 },
    },
    credentials: credentials ?? null,
    pdus: pdus.map(({ outlets, ...pdu }) => ({
      ...{ ...pdu, credentials: pdu.credentials ?? 'default', user: null, pduPath: null, externalId: null },
      outlets: outlets.map(({ number, device, mode }) => ({ number, device: { name: device }, mode: mode ?? null })),
    })),
  };
};

/** What the configuration is for: sessions are a server's matter, and so is the secret that signs them. */
export interface ConfigPurpose {
  readonly serving: boolean;
}

/**
 * The configuration: what the environment says and what the file says, each over its defaults.
 * @throws ConfigMistakes naming everything that is wrong with it at once.
 */
export const loadConfig = (environment: NodeJS.ProcessEnv, { serving }: ConfigPurpose = { serving: true }): Config => {
  // An empty variable is how compose files and shells write "not set".
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { environment: given, notices } = readOldSettings(set);
  const path = given.CONFIG_PATH ?? 'config.yaml';
  const { settings, mistakes } = readFile(path, given.CONFIG_PATH !== undefined);
  const file = FileSettings.safeParse(settings);
  const env = (serving ? ServingEnvironment : Environment).safeParse(given);
  const all = [...mistakes, ...mistakesOf(env.error, ''), ...mistakesOf(file.error, `${path}: `)];
  if (!file.success || !env.success || all.length > 0) throw new ConfigMistakes(all);
  const { lab, booking, approval, inventory, notifications, power } = file.data;
  return { lab, booking, approval, inventory, notifications, power: powerSettings(power), env: env.data, notices };
};

/** Whether a free slot of the device is confirmed at once for a requester of the role. */
export const automaticApproval =
  ({ mode, deviceTypes, roles }: Config['approval']) =>
  (thing: Thing, role: Role): boolean =>
    (deviceTypes[thing.type] ?? roles[role] ?? mode) === 'automatic';

/** Who hears of what by which channel: the usual, with the lab's exceptions. */
export const tellingPolicy = ({ channels }: Config['notifications']): TellingPolicy => ({
  ...usualTelling,
  ...channels,
});
