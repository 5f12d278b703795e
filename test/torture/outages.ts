/** Times, by `performance.now()`, in which something was taken away, so that requests may fail. */
export class Outages {
  readonly #spans: { readonly from: number; until: number }[] = [];

  /** @returns what to call once everything is there again. */
  begin(): () => void {
    const span = { from: performance.now(), until: Infinity };
    this.#spans.push(span);
    return () => {
      span.until = performance.now();
    };
  }

  /** Whether any of it was in an outage. */
  touch(from: number, until: number): boolean {
    return this.#spans.some((span) => span.from <= until && span.until >= from);
  }

  get count(): number {
    return this.#spans.length;
  }

  /** Seconds in which something was away. */
  get lasted(): number {
    const ends = [...this.#spans].sort((a, b) => a.from - b.from);
    let [total, covered] = [0, -Infinity];
    for (const { from, until } of ends) {
      total += Math.max(0, until - Math.max(from, covered));
      covered = Math.max(covered, until);
    }
    return total / 1000;
  }
}
