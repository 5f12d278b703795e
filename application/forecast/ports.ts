import type { BookingHistory, Instant, KnownSchedule, Thing, TimeSlot } from '../../domain/index.js';

/** What forecasts learn from and look at, outside of any transaction. */
export interface BookingHistoryReader {
  /**
   * Everything that was or is booked, or under maintenance, for times that end after `from`, with every schedulable
   * thing that is installed. The number of queries does not depend on how many there are.
   */
  read(from: Instant): Promise<BookingHistory>;
  /** What holds these things, and when they are under maintenance, at any time during `window`, by thing id. */
  ahead(things: readonly Thing[], window: TimeSlot): Promise<Map<number, KnownSchedule>>;
}
