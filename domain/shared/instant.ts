/** A moment: whole milliseconds since 1970-01-01T00:00:00Z. Always UTC; no zone is attached to it. */
export type Instant = number;

/** Milliseconds. */
export const SECOND = 1000;

/** Milliseconds. */
export const MINUTE = 60 * SECOND;

/** Milliseconds. */
export const HOUR = 60 * MINUTE;

/** Milliseconds of 24 hours; days on which clocks change are longer or shorter. */
export const DAY = 24 * HOUR;

/** `2026-11-23T07:00:00.000Z`: how every instant leaves the system. */
export const isoOf = (instant: Instant): string => new Date(instant).toISOString();
