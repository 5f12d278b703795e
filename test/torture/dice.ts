/** Chance that can be had again: the same seed gives the same throws. */
export class Dice {
  #state = 0x9e3779b9;

  constructor(...seed: readonly number[]) {
    for (const part of seed) {
      this.#state = Math.imul(this.#state ^ part, 0x85ebca6b);
      this.#state ^= this.#state >>> 13;
    }
  }

  /** A number from 0 to just below 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 to just below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** Whether something happens that happens `percent` times in a hundred. */
  chance(percent: number): boolean {
    return this.next() * 100 < percent;
  }

  /** One of them. @throws RangeError when there are none. */
  of<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to choose from');
    return item;
  }

  /** One of them, each as often as its weight says. */
  weighted<T extends { readonly weight: number }>(items: readonly T[]): T {
    let left = this.next() * items.reduce((sum, { weight }) => sum + weight, 0);
    for (const item of items) if ((left -= item.weight) < 0) return item;
    return this.of(items);
  }
}
