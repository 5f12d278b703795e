import type { SolverCase, TopologySolver } from '../../application/topology/ports.js';
import type { LabPart, Turnarounds } from '../../domain/index.js';
import { AskedThread } from './asked-thread.js';
import { caseInProcess } from './in-process-solver.js';
import { LaidOutLab } from './laid-out-lab.js';

/** Up to both of these a question takes no longer than handing it over, even when the answer is why there is none. */
const FEW_ROWS = 100;
const FEW_NODES = 3;

/** Longer than any question should take; the search itself is bounded by effort, not by time. */
const PATIENCE = 20_000;

/**
 * Solves in a thread of its own, so that others are answered meanwhile; small labs at once. The thread begins with the
 * first large question, keeps no process alive, and is replaced when it dies.
 */
export class ThreadedSolver implements TopologySolver {
  #thread: AskedThread | null = null;
  #lastLab = 0;
  readonly #limits: { readonly fewRows: number; readonly fewNodes: number; readonly patience: number };

  constructor(limits: { readonly fewRows?: number; readonly fewNodes?: number; readonly patience?: number } = {}) {
    this.#limits = { fewRows: FEW_ROWS, fewNodes: FEW_NODES, patience: PATIENCE, ...limits };
  }

  async open(
    parts: AsyncIterable<LabPart>,
    turnarounds: Turnarounds,
    { nodes }: { readonly nodes: number },
  ): Promise<SolverCase> {
    const { fewRows, fewNodes } = this.#limits;
    const lab = (this.#lastLab += 1);
    const held: LabPart[] = [];
    let rows = 0;
    let thread: AskedThread | null = null;
    try {
      for await (const part of parts) {
        rows += part.rows?.length ?? 0;
        if (thread) thread.tell({ lab, tell: 'part', part });
        else held.push(part);
        if (thread || (rows <= fewRows && nodes <= fewNodes)) continue;
        thread = this.#living();
        thread.tell({ lab, tell: 'open', turnarounds });
        for (const early of held.splice(0)) thread.tell({ lab, tell: 'part', part: early });
      }
    } catch (error) {
      thread?.tell({ lab, tell: 'close' });
      throw error;
    }
    if (!thread) {
      const small = new LaidOutLab(turnarounds);
      for (const part of held) small.add(part);
      return caseInProcess(small);
    }
    const asked = thread;
    return {
      resolve: (...about) => asked.ask(lab, 'resolve', about),
      earliest: (...about) => asked.ask(lab, 'earliest', about),
      advise: (...about) => asked.ask(lab, 'advise', about),
      close: () => asked.tell({ lab, tell: 'close' }),
    };
  }

  /** Ends the thread, if there is one. */
  async stop(): Promise<void> {
    await this.#thread?.end();
  }

  #living(): AskedThread {
    if (!this.#thread || this.#thread.isOver) this.#thread = new AskedThread(this.#limits.patience);
    return this.#thread;
  }
}
