import type { Instant } from '../../domain/index.js';
import type { OldLab } from './rules/index.js';
import type { MovedLab } from './moved-lab.js';

/** The database of the old lab, which is only read. */
export interface OldLabReader {
  /** Every table as of one moment. @throws DomainError `move-in.not-an-old-lab` when tables or columns are missing. */
  read(): Promise<OldLab>;
}

/** That a lab moved in, when, and which. */
export interface MoveMark {
  readonly at: Instant;
  /** Of everything that was read. */
  readonly fingerprint: string;
}

/** The action of the audit entry that is the mark. */
export const MOVED_IN = 'lab.moved-in';

/** What must not be there, since a moved lab brings ids or names of its own; each with its words. */
export const IN_THE_WAY = {
  ...{ users: 'users', deviceTypes: 'device types', manufacturers: 'manufacturers', sites: 'sites', tags: 'tags' },
  ...{ devices: 'devices', deviceChanges: 'entries in the history of devices', attachments: 'attachments' },
  ...{ bookings: 'bookings', favourites: 'favourites', topologies: 'topologies', pdus: 'PDUs', settings: 'settings' },
} as const;

export type Occupant = keyof typeof IN_THE_WAY;

export const OCCUPANTS = Object.keys(IN_THE_WAY) as Occupant[];

/** The database that a lab moves into. */
export interface NewHome {
  /** The last move; null when none was made. */
  lastMove(): Promise<MoveMark | null>;
  /** What is there that a moved lab would collide with, as words: `3 users`. Empty for a home that is free. */
  inTheWay(): Promise<string[]>;
  /**
   * Writes all of it in one transaction, or nothing.
   * @throws DomainError `move-in.not-empty` when something is in the way by then.
   */
  fill(lab: MovedLab): Promise<void>;
}
