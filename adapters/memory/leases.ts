import { leaseHolds } from '../../application/shared/lease-holds.js';
import type { Leases } from '../../application/shared/ports.js';
import type { Instant } from '../../domain/index.js';
import type { LabState } from './tables.js';

export class MemoryLeases implements Leases {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  acquire(name: string, holder: string, length: number, now: Instant): Promise<boolean> {
    return this.#lab.transaction(async ({ leases }) => {
      const lease = leases.get(name);
      if (lease && lease.holder !== holder && leaseHolds(lease.until, length, now)) return false;
      leases.set(name, { holder, until: now + length });
      return true;
    });
  }

  release(name: string, holder: string): Promise<void> {
    return this.#lab.transaction(async ({ leases }) => {
      if (leases.get(name)?.holder === holder) leases.delete(name);
    });
  }
}
