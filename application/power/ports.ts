import type { Instant, OutletState } from '../../domain/index.js';

/** One outlet as its PDU tells it. What the PDU does not measure or does not say is null, never a number. */
export interface OutletReading {
  /** As printed on the front, from 1; on a daisy chain counted on from one unit to the next. */
  readonly number: number;
  /** The name that people gave it, or else the label on the front. */
  readonly name: string | null;
  readonly state: OutletState;
  readonly watts: number | null;
  /** Whether the PDU can switch it at all. */
  readonly switchable: boolean;
  /** What is sent for an order, in the words of the PDU's protocol; left out where nothing is sent. */
  readonly orders?: OutletOrders;
}

/** For example `1.3.6.1.4.1.13742.6.4.1.2.1.2.1.7 = INTEGER 1`. */
export interface OutletOrders {
  readonly on: string;
  readonly off: string;
}

/** Which PDU answers, so that a stranger at the same address is noticed. */
export interface PduIdentity {
  /** The driver that speaks with it, never `auto`. */
  readonly driver: string;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly serialNumber: string | null;
  readonly firmware: string | null;
}

/** Everything that a PDU tells, in units that people read. */
export interface PduReading {
  readonly identity: PduIdentity;
  /** By number, rising. */
  readonly outlets: readonly OutletReading[];
  readonly watts: number | null;
  readonly kilowattHours: number | null;
  readonly amperes: number | null;
  readonly celsius: number | null;
  readonly relativeHumidity: number | null;
}

/** How SNMPv3 tells who asks. */
export type SnmpAuthProtocol = 'MD5' | 'SHA' | 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512';

/** AES-256 derives its key as most devices and net-snmp do (Blumenthal), AES-256-C as Cisco does (Reeder). */
export type SnmpPrivProtocol = 'AES' | 'AES-256' | 'AES-256-C';

/** What SNMPv3 asks with, by how much of it is protected. */
export type SnmpSecurity =
  | { readonly level: 'noAuthNoPriv' }
  | { readonly level: 'authNoPriv'; readonly authProtocol: SnmpAuthProtocol; readonly authKey: string }
  | {
      readonly level: 'authPriv';
      readonly authProtocol: SnmpAuthProtocol;
      readonly authKey: string;
      readonly privProtocol: SnmpPrivProtocol;
      readonly privKey: string;
    };

/** Secrets: they appear in no error, no log and no reply. */
export type PduCredentials =
  | {
      readonly version: '1' | '2c';
      readonly readCommunity: string;
      /** Null where nothing may be switched. */
      readonly writeCommunity: string | null;
    }
  | ({ readonly version: '3'; readonly user: string } & SnmpSecurity)
  /** Simulated and manual PDUs. */
  | { readonly version: 'none' };

/** Where a PDU is, which family it is of, and what opens it. */
export interface PduAddress {
  /** The name of a family, `auto`, `simulated` or `manual`. */
  readonly driver: string;
  readonly host: string;
  readonly port: number;
  readonly credentials: PduCredentials;
}

/**
 * One conversation with one PDU. Every call ends within a deadline, and fails with a DomainError of kind `unavailable`
 * whose message says what to check: `pdu.unreachable` (silence), `pdu.refused` (wrong user or key, or read-only access),
 * `pdu.not-a-pdu` (it answers, and is none of the family asked for), `pdu.no-such-outlet`, `pdu.not-switchable`,
 * `pdu.malformed-reply`, `pdu.failed` (it says that it could not do it), `pdu.closed`.
 */
export interface PduLink {
  /** Asks every time, so that a PDU which was exchanged is noticed. */
  identify(): Promise<PduIdentity>;
  /** All outlets at once, with what the PDU measures as a whole. */
  read(): Promise<PduReading>;
  /** As the PDU tells it now. @param number as printed on the front, from 1. */
  outlet(number: number): Promise<OutletReading>;
  /**
   * Sends exactly one SET, never repeated. An error reply or silence does not prove that nothing happened, and a good
   * reply does not prove that something did: the caller reads back.
   */
  set(number: number, to: 'on' | 'off'): Promise<void>;
  /** What is still being asked fails with `pdu.closed`. */
  close(): void;
}

/** Opens the way to a PDU. Nothing is asked of it by that. */
export interface PduLinks {
  /** Sends nothing yet. @throws DomainError `pdu.unknown-driver` or `pdu.bad-address` (kind `invalid`). */
  open(address: PduAddress): PduLink;
}

/** How a device is, as far as its power tells. */
export interface PowerSnapshot {
  readonly status: 'ok' | 'degraded' | 'unknown';
  readonly heartbeatAt: Instant;
  readonly metrics: Readonly<Record<string, string | number | null>>;
}

/** Who wants to know how devices are. */
export interface HealthListener {
  /** A later call takes the place of an earlier one. @param deviceId of the inventory row. */
  report(deviceId: number, snapshot: PowerSnapshot): Promise<void>;
}
