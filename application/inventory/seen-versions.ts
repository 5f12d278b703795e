import { stale, type Device } from '../../domain/index.js';

/** Versions of a device that the one who changes it has seen; null when they do not say. */
export type SeenVersions = readonly number[] | null;

/** @throws DomainError `device.stale` when the device has become another one since it was read. */
export const assertSeen = ({ name, version }: Pick<Device, 'name' | 'version'>, seen: SeenVersions): void => {
  if (seen === null || seen.includes(version)) return;
  throw stale(
    'device.stale',
    `${name} was changed by somebody else since you read it. Read it again, and make your change to what it is now.`,
    { version },
  );
};
