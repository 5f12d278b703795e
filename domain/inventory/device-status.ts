import { invalid } from '../shared/index.js';

/** What a device can be; only an active one can be booked. */
export const DEVICE_STATUSES = ['active', 'in_maintenance', 'unavailable', 'retired', 'spare', 'planned'] as const;

/** Stored once for a row, whatever vocabulary it was written in. */
export type DeviceStatus = (typeof DEVICE_STATUSES)[number];

/** The words of the first scheduler, still written and read by its frontend. */
export type LegacyStatus = 'Available' | 'Maintenance' | 'Unavailable';

const legacyWords: ReadonlyMap<string, DeviceStatus> = new Map([
  ['available', 'active'],
  ['maintenance', 'in_maintenance'],
  ['offline', 'unavailable'],
]);

const allowed = [...DEVICE_STATUSES, 'Available', 'Maintenance', 'Unavailable', 'Offline'];

/**
 * Reads a status in either vocabulary, in any case.
 * @throws DomainError `device.unknown-status` with the allowed words.
 */
export const parseDeviceStatus = (word: string): DeviceStatus => {
  const key = word.trim().toLowerCase();
  const status = DEVICE_STATUSES.find((known) => known === key) ?? legacyWords.get(key);
  if (!status) {
    throw invalid(
      'device.unknown-status',
      `'${word.slice(0, 40)}' is not a device status. Allowed: ${allowed.join(', ')}.`,
      { allowed },
    );
  }
  return status;
};

/** The nearest word of the first scheduler; everything that is neither active nor in maintenance is Unavailable. */
export const legacyStatusOf = (status: DeviceStatus): LegacyStatus => {
  if (status === 'active') return 'Available';
  return status === 'in_maintenance' ? 'Maintenance' : 'Unavailable';
};
