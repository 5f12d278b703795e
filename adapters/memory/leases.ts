import type { Leases } from '../../application/shared/ports.js';
import type { Instant } from '../../domain/index.js';
import type { LabState } from './tables.js';

export class MemoryLeases implements Leases {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  acquire(name: string, holder: string, until: Instant, now: Instant): Promise<boolean> {
    return this.#lab.transaction(async ({ leases }) => {
      const lease = leases.get(name);
      if (lease && lease.holder !== holder && lease.until > now) return false;
      leases.set(name, { holder, until });
      return true;
    });
  }
}
