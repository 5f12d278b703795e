/** Times, by `performance.now()`, in which something was taken away, so that requests may fail. */
export class Outages {
  /** Of one server, or of all where there is no place. */
  readonly #spans: { readonly from: number; until: number; readonly place: number | null }[] = [];

  /**
   * @param place of the server that is taken away; null for what all of them need.
   * @returns what to call once everything is there again.
   */
  begin(place: number | null): () => void {
    const span = { from: performance.now(), until: Infinity, place };
    this.#spans.push(span);
    return () => {
      span.until = performance.now();
    };
  }

  /** Whether any of it was in an outage of the server at this place. */
  touch(place: number, from: number, until: number): boolean {
    return this.#spans.some(
      (span) => (span.place === null || span.place === place) && span.from <= until && span.until >= from,
    );
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
