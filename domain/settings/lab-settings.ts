import type { BookingPolicy } from '../booking/index.js';
import { invalid } from '../shared/index.js';

/** Who may decide about their own bookings. */
export type SelfApproval = 'nobody' | 'admins' | 'everybody';

/** What administrators may change while the lab runs. */
export interface LabSettings {
  readonly policy: BookingPolicy;
  readonly approvalMode: 'manual' | 'automatic';
  readonly selfApproval: SelfApproval;
}

/** Null is no limit, where a setting can have none. */
export type SettingValue = string | number | null;

interface Kind {
  /** What a value must be, for people. */
  readonly says: string;
  accepts(value: unknown): boolean;
}

const whole = (min: number, max: number, orNone = false): Kind => ({
  says: `a whole number from ${min} to ${max}${orNone ? ', or null for no limit' : ''}`,
  accepts: (value) =>
    (orNone && value === null) || (Number.isInteger(value) && (value as number) >= min && (value as number) <= max),
});

const oneOf = (...words: string[]): Kind => ({
  says: `one of ${words.join(', ')}`,
  accepts: (value) => typeof value === 'string' && words.includes(value),
});

/**
 * How many may contend for a device is not among them: lowering it would make bookings break a rule that were made
 * within it.
 */
const KINDS = {
  'booking.minMinutes': whole(1, 1_000_000, true),
  'booking.maxDays': whole(1, 3660),
  'booking.horizonDays': whole(1, 3660),
  'booking.maxDeviceHours': whole(0, 10_000_000, true),
  'booking.maxGroups': whole(0, 1_000_000, true),
  'booking.turnaroundMinutes': whole(0, 100_000),
  'approval.mode': oneOf('manual', 'automatic'),
  'approval.allowSelf': oneOf('nobody', 'admins', 'everybody'),
} as const satisfies Record<string, Kind>;

/** The name of a setting as in config.yaml, such as `booking.maxDays`. */
export type SettingKey = keyof typeof KINDS;

/** All settings that there are. */
export const SETTING_KEYS = Object.keys(KINDS) as SettingKey[];

const isKey = (key: string): key is SettingKey => Object.hasOwn(KINDS, key);

/**
 * What is wrong with each of these values; nothing where all can be kept. `undefined` is always fine: it takes a change
 * back.
 */
export const mistakesIn = (values: Readonly<Record<string, unknown>>): { path: string; message: string }[] =>
  Object.entries(values).flatMap(([key, value]) => {
    if (!isKey(key)) return [{ path: key, message: `is not a setting; there are ${SETTING_KEYS.join(', ')}` }];
    return value === undefined || KINDS[key].accepts(value)
      ? []
      : [{ path: key, message: `must be ${KINDS[key].says}` }];
  });

/** @throws DomainError `settings.invalid` naming every mistake. */
export const assertSettings = (values: Readonly<Record<string, unknown>>): void => {
  const errors = mistakesIn(values);
  if (errors.length === 0) return;
  const detail = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw invalid('settings.invalid', `${detail}.`, { errors });
};

/** Every setting with its value. */
export const valuesOf = ({ policy, approvalMode, selfApproval }: LabSettings): Record<SettingKey, SettingValue> => ({
  'booking.minMinutes': policy.minMinutes ?? null,
  'booking.maxDays': policy.maxDays,
  'booking.horizonDays': policy.horizonDays,
  'booking.maxDeviceHours': policy.maxDeviceHours ?? null,
  'booking.maxGroups': policy.maxGroups ?? null,
  'booking.turnaroundMinutes': policy.turnaroundMinutes ?? 0,
  'approval.mode': approvalMode,
  'approval.allowSelf': selfApproval,
});

/** The settings of the configuration with what was changed since; values that make no sense any more are passed over. */
export const changedSettings = (configured: LabSettings, changes: ReadonlyMap<string, unknown>): LabSettings => {
  const valid = [...changes].filter(([key, value]) => mistakesIn({ [key]: value }).length === 0);
  const values = {
    ...valuesOf(configured),
    ...(Object.fromEntries(valid) as Partial<Record<SettingKey, SettingValue>>),
  };
  const number = (key: SettingKey) => (values[key] === null ? undefined : Number(values[key]));
  return {
    policy: {
      ...configured.policy,
      minMinutes: number('booking.minMinutes'),
      maxDays: Number(values['booking.maxDays']),
      horizonDays: Number(values['booking.horizonDays']),
      maxDeviceHours: number('booking.maxDeviceHours'),
      maxGroups: number('booking.maxGroups'),
      turnaroundMinutes: number('booking.turnaroundMinutes'),
    },
    approvalMode: values['approval.mode'] as LabSettings['approvalMode'],
    selfApproval: values['approval.allowSelf'] as SelfApproval,
  };
};
