import { OLD_TABLES, type OldLab, type OldTable } from './old-lab.js';

/** What became of something: `noted` is taken as it was, and yet somebody should know. */
export type Verdict = 'changed' | 'merged' | 'refused' | 'noted';

export interface MoveLine {
  /** A table of the old database, or the file of the PDUs. */
  readonly source: OldTable | 'pdus.yaml';
  /** The identifier of the row there. */
  readonly row: string;
  readonly verdict: Verdict;
  /** Stable, for programs: for example `booking.end-before-start`. */
  readonly rule: string;
  /** What was done and why, for people. Never holds a secret. */
  readonly detail: string;
}

/** For one table; `read` is the sum of the others. */
export interface MoveTotals {
  readonly read: number;
  readonly taken: number;
  readonly merged: number;
  readonly refused: number;
}

type Fate = 'taken' | 'merged' | 'refused';

/** Collects what becomes of every row. Each has one fate, so that the totals must add up. */
export class MoveLog {
  readonly #lines: MoveLine[] = [];
  readonly #fates = new Map<string, Map<string, Fate>>();

  get lines(): readonly MoveLine[] {
    return this.#lines;
  }

  /** The row is in the new lab. */
  take(source: MoveLine['source'], row: number | string): void {
    this.#settle(source, String(row), 'taken');
  }

  /** What the row said is in the new lab, with another row. */
  merge(source: MoveLine['source'], row: number | string, rule: string, detail: string): void {
    this.#settle(source, String(row), 'merged');
    this.#add(source, row, 'merged', rule, detail);
  }

  /** The row stays behind. */
  refuse(source: MoveLine['source'], row: number | string, rule: string, detail: string): void {
    this.#settle(source, String(row), 'refused');
    this.#add(source, row, 'refused', rule, detail);
  }

  /** Something of the row is not what it was. */
  change(source: MoveLine['source'], row: number | string, rule: string, detail: string): void {
    this.#add(source, row, 'changed', rule, detail);
  }

  note(source: MoveLine['source'], row: number | string, rule: string, detail: string): void {
    this.#add(source, row, 'noted', rule, detail);
  }

  /** @throws RangeError when a row was forgotten. */
  totals(old: OldLab): Record<OldTable, MoveTotals> {
    return Object.fromEntries(OLD_TABLES.map((table) => [table, this.totalsOf(table, old[table].length)])) as Record<
      OldTable,
      MoveTotals
    >;
  }

  /** @throws RangeError when a row was forgotten. */
  totalsOf(source: MoveLine['source'], read: number): MoveTotals {
    const fates = [...(this.#fates.get(source)?.values() ?? [])];
    const count = (fate: Fate) => fates.filter((known) => known === fate).length;
    if (fates.length !== read) throw new RangeError(`${source}: ${read} rows, and ${fates.length} with a fate`);
    return { read, taken: count('taken'), merged: count('merged'), refused: count('refused') };
  }

  #settle(source: string, row: string, fate: Fate): void {
    const fates = this.#fates.get(source) ?? new Map<string, Fate>();
    this.#fates.set(source, fates);
    if (fates.has(row)) throw new RangeError(`${source} ${row} has two fates`);
    fates.set(row, fate);
  }

  #add(source: MoveLine['source'], row: number | string, verdict: Verdict, rule: string, detail: string): void {
    this.#lines.push({ source, row: String(row), verdict, rule, detail });
  }
}
