/** Nodes that have fewer devices between them than they are. */
export interface Shortage {
  readonly nodes: readonly number[];
  readonly places: readonly number[];
}

/** Gives every node a device of its own, and keeps it so while devices are taken. */
export class Matching {
  readonly #domains: readonly Int32Array[];
  readonly #deviceOf: Int32Array;
  readonly #nodeOf: Int32Array;
  readonly #fixed: Uint8Array;
  readonly #seen: Int32Array;
  #round = 0;

  constructor(domains: readonly Int32Array[], devices: number) {
    this.#domains = domains;
    this.#deviceOf = new Int32Array(domains.length).fill(-1);
    this.#nodeOf = new Int32Array(devices).fill(-1);
    this.#fixed = new Uint8Array(devices);
    this.#seen = new Int32Array(devices);
  }

  /** Matches all nodes; null when it succeeds, else a set of nodes that are too many for their devices (Hall). */
  complete(): Shortage | null {
    for (let node = 0; node < this.#domains.length; node += 1) {
      this.#round += 1;
      if (this.#augment(node)) continue;
      const places = [...this.#seen.keys()].filter((place) => this.#seen[place] === this.#round);
      return { nodes: [node, ...places.map((place) => this.#nodeOf[place]!)].sort((a, b) => a - b), places };
    }
    return null;
  }

  /** Matches as many nodes as can be, the earlier ones first; those that are left, with the devices that others need. */
  surplus(): Map<number, readonly number[]> {
    const left = new Map<number, readonly number[]>();
    for (let node = 0; node < this.#domains.length; node += 1) {
      this.#round += 1;
      if (!this.#augment(node))
        left.set(
          node,
          [...this.#seen.keys()].filter((at) => this.#seen[at] === this.#round),
        );
    }
    return left;
  }

  /** Gives the node that device for good, until it is released; false (and nothing changes) when another needs it. */
  fix(node: number, place: number): boolean {
    const [before, holder] = [this.#deviceOf[node]!, this.#nodeOf[place]!];
    this.#fixed[place] = 1;
    if (holder === node) return true;
    if (before >= 0) this.#nodeOf[before] = -1;
    this.#nodeOf[place] = node;
    this.#deviceOf[node] = place;
    if (holder < 0) return true;
    this.#deviceOf[holder] = -1;
    this.#round += 1;
    if (this.#augment(holder)) return true;
    this.#fixed[place] = 0;
    this.#nodeOf[place] = holder;
    this.#deviceOf[holder] = place;
    this.#deviceOf[node] = before;
    if (before >= 0) this.#nodeOf[before] = node;
    return false;
  }

  release(place: number): void {
    this.#fixed[place] = 0;
  }

  #augment(node: number): boolean {
    const domain = this.#domains[node]!;
    for (const place of domain) {
      if (this.#nodeOf[place] === -1 && this.#fixed[place] === 0) {
        this.#nodeOf[place] = node;
        this.#deviceOf[node] = place;
        return true;
      }
    }
    for (const place of domain) {
      if (this.#fixed[place] === 1 || this.#seen[place] === this.#round) continue;
      this.#seen[place] = this.#round;
      if (!this.#augment(this.#nodeOf[place]!)) continue;
      this.#nodeOf[place] = node;
      this.#deviceOf[node] = place;
      return true;
    }
    return false;
  }
}
