import type { LabEvent } from '../../domain/index.js';

/** What happened, written in the transaction in which it happens: it is told only if that is committed. */
export interface EventLog {
  append(event: LabEvent): Promise<void>;
}

export interface RecordedEvent {
  /** Rising, though events of transactions that ran at the same time may become visible out of order. */
  readonly id: number;
  readonly event: LabEvent;
}

/** What happened, as it was committed. */
export interface EventHistory {
  /** Events with a higher id, in order; at most `limit`. */
  after(id: number, limit: number): Promise<RecordedEvent[]>;
}
