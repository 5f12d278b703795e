import type { Instant } from '../../domain/index.js';

/**
 * Whether a lease that ends at `until` keeps others out who ask for one of that length, in milliseconds. It does not when
 * it is over, nor when it ends later than any right clock could have written: see `Leases.acquire`.
 */
export const leaseHolds = (until: Instant, length: number, now: Instant): boolean =>
  until > now && until <= now + 2 * length;
