/** A moment: whole milliseconds since 1970-01-01T00:00:00Z. Always UTC; no zone is attached to it. */
export type Instant = number;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** `2026-11-23T07:00:00.000Z`: how every instant leaves the system. */
export const isoOf = (instant: Instant): string => new Date(instant).toISOString();
