import type { BookedTime, DeviceStatus, Instant, TimeSlot } from '../../domain/index.js';
import type { EventLog } from '../events/ports.js';
import type { DeviceHistory, DeviceRepository } from '../inventory/ports.js';
import type { AuditTrail, UnitOfWork } from '../shared/ports.js';
import type { PduCredentials, PduIdentity } from './ports.js';
import type {
  LastReading,
  NewPdu,
  NewPowerCommand,
  OutletRecord,
  OutletWord,
  Pdu,
  PowerCommand,
} from './power-records.js';

/** A device that outlets feed, with what decides about its power. */
export interface FedDevice {
  /** The inventory row. */
  readonly id: number;
  /** The thing that is booked: the lowest row id of its type and name. */
  readonly thingId: number;
  readonly type: string;
  readonly name: string;
  readonly status: DeviceStatus;
  readonly managementIp: string | null;
  readonly maintenance: readonly { readonly slot: TimeSlot; readonly reason: string }[];
  /** Bookings of any status that overlap the window. */
  readonly bookings: readonly BookedTime[];
}

/** Which outlets are meant. */
export type OutletsOf = { readonly pduIds: readonly number[] } | { readonly deviceIds: readonly number[] };

/** Power as it is read, outside of any transaction. */
export interface PowerView {
  /** By id. */
  pdus(): Promise<Pdu[]>;
  /** By PDU and number: those of these PDUs, those that feed these devices, or all. */
  outlets(of?: OutletsOf): Promise<OutletRecord[]>;
  /** The last of each PDU, by PDU; none of one that was never asked. */
  readings(): Promise<LastReading[]>;
  /** The last about each outlet of gear that only people switch, by number; none of one that nobody spoke of. */
  words(pduId: number): Promise<OutletWord[]>;
  /** Those that are not done, the oldest first. */
  openCommands(): Promise<PowerCommand[]>;
  /** Null when there is none, or none any more. */
  command(id: number): Promise<PowerCommand | null>;
  /** Those of these rows that there are, with what concerns them during the window. */
  devices(rowIds: readonly number[], window: TimeSlot): Promise<FedDevice[]>;
}

/** PDUs, outlets and commands, within a unit of work. */
export interface PowerRepository extends Omit<PowerView, 'readings' | 'devices'> {
  /** @throws DomainError `pdu.duplicate` when another PDU has that name, or that host and port. */
  addPdu(pdu: NewPdu): Promise<Pdu>;
  /** Null forgets which unit it was: the next that answers is taken for it. */
  setIdentity(pduId: number, identity: PduIdentity | null): Promise<void>;
  /** With its outlets, readings, words and commands. */
  removePdu(id: number): Promise<void>;
  /** Null when nothing was ever said of it, though the PDU may have it. */
  outlet(pduId: number, number: number): Promise<OutletRecord | null>;
  /** Writes one anew, or over what is there. */
  saveOutlet(outlet: OutletRecord): Promise<void>;
  /** In place of the last of each PDU. What was read of a PDU that is gone is passed over. */
  saveReadings(readings: readonly LastReading[]): Promise<void>;
  /** A person says what an outlet is, whatever was said or asked before. */
  say(word: OutletWord & { readonly by: string }): Promise<void>;
  /**
   * People are to switch an outlet, whatever was said or asked before, unless somebody says that it is so already. Of
   * that and `say` at the same moment one comes first.
   * @returns whether anybody is to be asked. One of a PDU that is gone is passed over.
   */
  askFor(wish: Omit<OutletWord, 'by'>): Promise<boolean>;
  /** The command with its id, waiting; whoever holds the lease works it off once this is committed. */
  addCommand(command: NewPowerCommand): Promise<PowerCommand>;
  /** Writes state and outcome of one that is there; what was asked stays. */
  saveCommand(command: PowerCommand): Promise<void>;
  /** Those that finished before that instant; what is not done stays, however old. */
  removeDoneBefore(instant: Instant): Promise<void>;
}

/** What a deed about power reads and writes. */
export interface PowerStores {
  readonly power: PowerRepository;
  readonly devices: DeviceRepository;
  readonly deviceHistory: DeviceHistory;
  readonly audit: AuditTrail;
  readonly events: EventLog;
}

/** A transaction about power. */
export type PowerWork = UnitOfWork<PowerStores>;

/** Keeps credentials of PDUs so that whoever reads the database does not have them. */
export interface CredentialVault {
  /** @throws DomainError `power.no-key` (kind `invalid`) when the operator gave no key. */
  seal(credentials: PduCredentials): string;
  /**
   * What is kept under a text that `seal` answered, under `env:NAME`, or under `default`.
   * @throws DomainError `power.credentials` (kind `unavailable`) when it cannot be had: no such variable, another key.
   */
  open(kept: string): PduCredentials;
}
