/** What happened to requests of one kind. */
interface Row {
  /** By status, or `cut` and `unsent` where no answer came. */
  readonly outcomes: Map<string, number>;
  /** Milliseconds until the answer. */
  readonly latencies: number[];
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Counts of a run. */
export class Figures {
  readonly #rows = new Map<string, Row>();
  readonly #counts = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #calm: number[] = [];

  /** @param calm whether nothing was taken away meanwhile. */
  note(kind: string, outcome: string, latency: number, calm = true): void {
    const row = this.#rows.get(kind) ?? { outcomes: new Map<string, number>(), latencies: [] };
    this.#rows.set(kind, row);
    row.outcomes.set(outcome, (row.outcomes.get(outcome) ?? 0) + 1);
    const isAnswer = outcome !== 'cut' && outcome !== 'unsent';
    if (isAnswer) row.latencies.push(latency);
    if (isAnswer && calm) this.#calm.push(latency);
  }

  /** A request failed though nothing was taken away: no answer came, or one that it cannot be done now. */
  fail(how: string): void {
    this.#errors.set(how, (this.#errors.get(how) ?? 0) + 1);
  }

  /** Failures, with how often each happened. */
  errors(): string[] {
    return [...this.#errors].map(([error, times]) => `${error} (${times} times)`);
  }

  /** The share of answers within this many milliseconds while nothing was taken away. */
  calmLatency(share: number): number {
    return percentile(
      this.#calm.sort((a, b) => a - b),
      share,
    );
  }

  count(what: string, times = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + times);
  }

  counted(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  /** How many requests ended so, of every kind. */
  ended(isSo: (outcome: string) => boolean): number {
    let total = 0;
    for (const { outcomes } of this.#rows.values()) {
      for (const [outcome, times] of outcomes) if (isSo(outcome)) total += times;
    }
    return total;
  }

  /** How many requests of one kind were answered with success. */
  done(kind: string): number {
    return [...(this.#rows.get(kind)?.outcomes ?? [])].reduce(
      (sum, [outcome, times]) => (outcome.startsWith('2') ? sum + times : sum),
      0,
    );
  }

  /** The share of answers that came within this many milliseconds. */
  latency(share: number): number {
    const all = [...this.#rows.values()].flatMap((row) => row.latencies).sort((a, b) => a - b);
    return percentile(all, share);
  }

  /** A Markdown table, one line for each kind of request. */
  table(): string {
    const lines = [...this.#rows]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, { outcomes, latencies }]) => {
        const sorted = latencies.sort((a, b) => a - b);
        const sent = [...outcomes.values()].reduce((sum, times) => sum + times, 0);
        const ends = [...outcomes]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([outcome, times]) => `${outcome}: ${times}`);
        const [p50, p99] = [percentile(sorted, 0.5), percentile(sorted, 0.99)].map(Math.round);
        return `| ${kind} | ${sent} | ${ends.join(', ')} | ${p50} | ${p99} |`;
      });
    return ['| request | sent | outcomes | p50 ms | p99 ms |', '| --- | ---: | --- | ---: | ---: |', ...lines].join(
      '\n',
    );
  }
}
