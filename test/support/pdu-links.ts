import type { PduAddress } from '../../application/index.js';
import { SnmpLinks } from '../../adapters/snmp/snmp-links.js';
import { READ_COMMUNITY, WRITE_COMMUNITY } from './fixture-pdu.js';

/** Of those who have to wait for nothing but a process on the same machine. */
export const IMPATIENCE = { timeout: 150, tries: 3, backoff: 1.5, deadline: 5_000 };

export const impatientLinks = (): SnmpLinks => new SnmpLinks(IMPATIENCE);

/** Where a fixture is reached, as one may write to it. */
export const addressOf = (port: number, more: Partial<PduAddress> = {}): PduAddress => ({
  driver: 'auto',
  host: '127.0.0.1',
  port,
  credentials: { version: '2c', readCommunity: READ_COMMUNITY, writeCommunity: WRITE_COMMUNITY },
  ...more,
});

/** A port at which nothing listens. */
export const DEAD_PORT = 9;
