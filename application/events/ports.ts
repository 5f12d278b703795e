import type { LabEvent } from '../../domain/index.js';

/** What happened, written in the transaction in which it happens: it is told only if that is committed. */
export interface EventLog {
  /**
   * Gets its id here; its place only when people are told of it.
   * @param event as it is told for ever: names are those of now.
   */
  append(event: LabEvent): Promise<void>;
}

/** An event with its place among all others. */
export interface RecordedEvent {
  /** Rising, though events of transactions that ran at the same time may become visible out of order. */
  readonly id: number;
  readonly event: LabEvent;
}

/** An event with its place in the one order in which everybody is told of events. */
export interface PlacedEvent extends RecordedEvent {
  /** Rising from 1 without gaps; nothing ever appears before a place that was seen. */
  readonly place: number;
}

/** What happened, as it was committed. */
export interface EventHistory {
  /** Events with a higher id, in order; at most `limit`. */
  after(id: number, limit: number): Promise<RecordedEvent[]>;
  /** Events behind a place, in order; at most `limit`. Those that have no place yet are not among them. */
  placedAfter(place: number, limit: number): Promise<PlacedEvent[]>;
  /** The last place that was given; 0 while there is none. */
  lastPlace(): Promise<number>;
  /** Another text whenever something may have happened: as long as it stays the same, so does what the lab shows. */
  version(): Promise<string>;
}
