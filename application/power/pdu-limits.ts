import { isIpAddress } from '../../domain/index.js';

/** How much is kept of what people say of a PDU: characters, and numbers of outlets. */
export const PDU_LIMITS = {
  ...{ name: 100, host: 255, user: 100, secret: 200, passphrase: 8, pduPath: 200, externalId: 100 },
  ...{ outlets: 1000, outletNumber: 10_000, deviceName: 200, deviceIp: 45 },
} as const;

/** Whether it can be an address or the name of a host: it becomes part of URLs, and of what is asked of a name server. */
export const isPduHost = (value: string): boolean =>
  isIpAddress(value) || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(value);
