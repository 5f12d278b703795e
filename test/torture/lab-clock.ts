import { renameSync, writeFileSync } from 'node:fs';
import type { Clock } from '../../application/index.js';

/** Long enough for every server to have heard of a move before it happens, in milliseconds. */
const NOTICE = 1000;

/** The clock of all servers of a run, which can be moved; `moved-clock.mjs` is how they come by it. */
export class LabClock implements Clock {
  readonly file: string;
  readonly #moves: [at: number, ahead: number][] = [];

  constructor(file: string) {
    this.file = file;
  }

  now(): number {
    const real = Date.now();
    return real + (this.#moves.findLast(([at]) => at <= real)?.[1] ?? 0);
  }

  /** From a moment on it is so many milliseconds ahead of the real time. */
  move(ahead: number): void {
    this.#moves.push([Date.now() + NOTICE, ahead]);
    // At once: whoever reads it must not find half.
    writeFileSync(`${this.file}.part`, JSON.stringify(this.#moves));
    renameSync(`${this.file}.part`, this.file);
  }
}
