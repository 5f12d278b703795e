import type { Clock } from '../../application/index.js';
import type { Instant } from '../../domain/index.js';

/** A Monday morning in the lab; no clock change is near. */
export const MONDAY_MORNING: Instant = Date.parse('2026-11-23T09:00:00.000Z');

/** A clock that stands still until somebody moves it. */
export class ManualClock implements Clock {
  #now: Instant;

  constructor(now: Instant = MONDAY_MORNING) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  /** @param milliseconds to go forward. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  set(now: Instant): void {
    this.#now = now;
  }
}
