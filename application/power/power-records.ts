import type { AuditActor } from '../shared/ports.js';
import type { HandSwitch, Instant, ManualHold, OutletMode, OutletState } from '../../domain/index.js';
import type { PduIdentity, PduReading } from './ports.js';

/** A PDU as the lab knows it. */
export interface Pdu {
  readonly id: number;
  /** Unique in any letter case. */
  readonly name: string;
  /** Of the driver that speaks with it, or `auto`. */
  readonly driver: string;
  readonly host: string;
  readonly port: number;
  /** Where its credentials are, or what they are, sealed: see `CredentialVault`. Leaves the server in no reply. */
  readonly credentials: string;
  /** What the old control panel wrote of it, and shows again. */
  readonly user: string | null;
  readonly pduPath: string | null;
  readonly externalId: string | null;
  /** Which unit it was when it first answered; null until then. */
  readonly identity: PduIdentity | null;
  readonly createdAt: Instant;
}

/** A PDU before the lab gives it an id. */
export type NewPdu = Omit<Pdu, 'id' | 'identity'>;

/** What is known and wished of one outlet, beyond what its PDU tells. */
export interface OutletRecord {
  readonly pduId: number;
  readonly number: number;
  /** The inventory row that it feeds. */
  readonly deviceId: number | null;
  /** What it feeds when that is not in the inventory. */
  readonly label: string | null;
  /** Null where the lab's policy decides. */
  readonly mode: OutletMode | null;
  /** What the PDU called the outlet when the device was assigned: another name since means other cables. */
  readonly boundName: string | null;
  readonly hold: ManualHold | null;
  readonly hand: HandSwitch | null;
  /** How often in a row the lab failed to switch it by itself, and when it tries again. */
  readonly failures: number;
  readonly retryAt: Instant | null;
}

/** As much of a PDU's name for an outlet as is kept. */
const LONGEST_NAME = 255;

/** The name of an outlet as far as it is kept. */
export const boundNameOf = (name: string | null): string | null => name?.slice(0, LONGEST_NAME) ?? null;

/** An outlet of which nothing was said yet. */
export const blankOutlet = (pduId: number, number: number): OutletRecord => ({
  ...{ pduId, number, deviceId: null, label: null, mode: null, boundName: null, hold: null, hand: null },
  failures: 0,
  retryAt: null,
});

/** The last word about an outlet of gear that only people switch. */
export interface OutletWord {
  readonly pduId: number;
  readonly number: number;
  readonly to: 'on' | 'off';
  /** Who said that it is so; null while people are asked to make it so. */
  readonly by: string | null;
  readonly at: Instant;
}

/** What is wrong with a PDU, as people should read it. */
export interface PduProblem {
  readonly code: string;
  readonly detail: string;
}

/** What a PDU told last. */
export interface LastReading {
  readonly pduId: number;
  /** The last that could be read, and when; both null before the first. */
  readonly reading: PduReading | null;
  readonly readAt: Instant | null;
  /** When it was last tried, and why that failed; null when it did not. */
  readonly triedAt: Instant;
  readonly problem: PduProblem | null;
}

/** `refresh` asks the PDU how things are, and switches nothing. */
export type PowerOrder = 'on' | 'off' | 'cycle' | 'refresh';

/**
 * Where a command is. `sent` is written before the SET leaves: after a crash nobody knows whether it arrived, so that it
 * is read back and not sent again. `resting` is a cycle between off and on.
 */
export type CommandState = 'waiting' | 'sent' | 'resting' | 'done';

/**
 * How a command ended: `confirmed` was read back; `unconfirmed` was sent, and the PDU does not say so; `failed` was not
 * done; `dropped` was not needed any more.
 */
export type CommandOutcome = 'confirmed' | 'unconfirmed' | 'failed' | 'dropped';

/** Something that a PDU is to do: kept, so that any process can work it off, also after a crash. */
export interface PowerCommand {
  readonly id: number;
  readonly pduId: number;
  /** 0 for the whole PDU. */
  readonly outlet: number;
  readonly order: PowerOrder;
  readonly state: CommandState;
  /** What was last sent. */
  readonly step: 'on' | 'off' | null;
  /** How often the on of a cycle was sent. */
  readonly attempts: number;
  readonly outcome: CommandOutcome | null;
  readonly actor: AuditActor;
  /** The rule that asked for it; null when a person did. */
  readonly rule: string | null;
  readonly reason: string;
  readonly deviceId: number | null;
  readonly bookingId: number | null;
  readonly before: OutletState | null;
  readonly after: OutletState | null;
  readonly problem: PduProblem | null;
  readonly createdAt: Instant;
  readonly sentAt: Instant | null;
  readonly restUntil: Instant | null;
  readonly finishedAt: Instant | null;
}

/** A command as it is first written, before anything is sent. */
export type NewPowerCommand = Pick<
  PowerCommand,
  'pduId' | 'outlet' | 'order' | 'actor' | 'rule' | 'reason' | 'deviceId' | 'bookingId' | 'createdAt'
>;
