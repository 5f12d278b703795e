import type { PlannedRoute } from './routes.js';
import type { Allowance, Problem } from './problem.js';
import type { Wiring } from './wiring.js';

/** What a partial option has taken: devices, ports, trunks, and how many more devices the quota allows. */
export class Occupancy {
  readonly usedDevice: Uint8Array;
  readonly usedPort: Uint8Array;
  readonly #usedTrunk: readonly Uint8Array[];
  readonly #free: readonly (readonly number[])[];
  readonly #typeOf: Int32Array;
  readonly #wayDevice: Int32Array;
  readonly #ofType: Map<number, number>;
  #allowed: number;

  constructor({ lab, allowance }: { lab: Problem['lab']; allowance: Allowance }, wiring: Wiring) {
    const { index } = lab;
    this.usedDevice = new Uint8Array(index.devices.length);
    this.usedPort = lab.heldPorts.slice();
    this.#free = wiring.freeTrunks;
    this.#usedTrunk = index.bundles.map(({ trunks }) => new Uint8Array(trunks.length));
    this.#typeOf = index.typeOf;
    this.#wayDevice = index.ways.device;
    this.#allowed = allowance.total;
    this.#ofType = new Map(allowance.ofType);
  }

  /** Whether the quota has room for a link's next inline element, after so many of its others, and so many of its type. */
  allows(device: number, others: number, ofItsType: number): boolean {
    const ofType = this.#ofType.get(this.#typeOf[device]!);
    return this.#allowed > others && (ofType === undefined || ofType > ofItsType);
  }

  /** Places of the trunks that are left in a bundle. */
  trunksLeft(bundle: number): number[] {
    return this.#free[bundle]!.filter((at) => this.#usedTrunk[bundle]![at] === 0);
  }

  /** The first trunk that is left in a bundle; -1 when there is none. */
  firstTrunk(bundle: number): number {
    for (const at of this.#free[bundle]!) if (this.#usedTrunk[bundle]![at] === 0) return at;
    return -1;
  }

  take(route: PlannedRoute): void {
    this.#change(route, 1);
  }

  release(route: PlannedRoute): void {
    this.#change(route, 0);
  }

  #change({ ports, trunks, ways }: PlannedRoute, used: 0 | 1): void {
    for (const port of ports) this.usedPort[port] = used;
    for (const { bundle, at } of trunks) this.#usedTrunk[bundle]![at] = used;
    for (const way of ways) {
      const device = this.#wayDevice[way >> 1]!;
      const type = this.#typeOf[device]!;
      this.usedDevice[device] = used;
      this.#allowed += used === 1 ? -1 : 1;
      const ofType = this.#ofType.get(type);
      if (ofType !== undefined) this.#ofType.set(type, ofType + (used === 1 ? -1 : 1));
    }
  }
}
