import type { Instant, TimeSlot } from '../shared/index.js';

/** One line of a message. Both parts are plain text of any content: a channel writes them so that they are only read. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** A booking for somebody's calendar: to be put in, changed, or taken out. */
export interface Invitation {
  readonly bookingId: number;
  readonly method: 'REQUEST' | 'CANCEL';
  readonly status: 'TENTATIVE' | 'CONFIRMED' | 'CANCELLED';
  /** Rising with every change of the booking. */
  readonly sequence: number;
  readonly changedAt: Instant;
  readonly slot: TimeSlot;
  readonly summary: string;
}

/** What is told, before a channel gives it a form. */
export interface Message {
  /** One line that says what happened. */
  readonly title: string;
  readonly facts: readonly Fact[];
  /** Whom it is about first of all; null when it is about nobody. */
  readonly about: number | null;
  /** Where on the lab's pages to see more. */
  readonly link: string;
  readonly invitations: readonly Invitation[];
}
