import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { SolverCase, TopologySolver } from '../../application/topology/ports.js';
import { DomainError, type LabPart, type Turnarounds } from '../../domain/index.js';
import { caseInProcess } from './in-process-solver.js';
import { LaidOutLab } from './laid-out-lab.js';
import type { Answered, Question, SentError, Told } from './messages.js';

/** Up to both of these a question takes no longer than handing it over, even when the answer is why there is none. */
const FEW_ROWS = 100;
const FEW_NODES = 3;

/** Longer than any question should take; the search itself is bounded by effort, not by time. */
const PATIENCE = 20_000;
const MOST_MEMORY_MB = 1024;

const startThread = (): Worker => {
  // What Node was told to load before the server is not for its threads.
  const options = { resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB }, execArgv: [] };
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./solver-thread.js', import.meta.url), options);
  // Run from its sources: a thread does not inherit what makes Node understand them.
  const source = new URL('./solver-thread.ts', import.meta.url).href;
  const loader = pathToFileURL(
    createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/\.cjs$/, '.mjs'),
  ).href;
  const begin = `import('${loader}').then(({ register }) => { register(); return import('${source}'); });`;
  return new Worker(begin, { ...options, eval: true });
};

interface Pending {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

const received = ({ kind, code, message, facts }: SentError): Error =>
  kind === null ? new Error(message) : new DomainError(kind, code, message, facts);

const tooLong = () =>
  new DomainError(
    'unavailable',
    'topology.too-long',
    'This topology takes too long to resolve. Please make it smaller.',
  );

/**
 * Solves in a thread of its own, so that others are answered meanwhile; small labs at once. The thread begins with the
 * first large question, keeps no process alive, and is replaced when it dies.
 */
export class ThreadedSolver implements TopologySolver {
  #worker: Worker | null = null;
  #lastId = 0;
  readonly #pending = new Map<number, Pending>();
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
    const lab = (this.#lastId += 1);
    const held: LabPart[] = [];
    let rows = 0;
    let isSent = false;
    try {
      for await (const part of parts) {
        rows += part.rows?.length ?? 0;
        if (isSent) this.#tell({ lab, tell: 'part', part });
        else held.push(part);
        if (isSent || (rows <= fewRows && nodes <= fewNodes)) continue;
        isSent = true;
        this.#tell({ lab, tell: 'open', turnarounds });
        for (const early of held.splice(0)) this.#tell({ lab, tell: 'part', part: early });
      }
    } catch (error) {
      if (isSent) this.#tell({ lab, tell: 'close' });
      throw error;
    }
    if (!isSent) {
      const small = new LaidOutLab(turnarounds);
      for (const part of held) small.add(part);
      return caseInProcess(small);
    }
    return {
      resolve: (...about) => this.#ask(lab, 'resolve', about),
      earliest: (...about) => this.#ask(lab, 'earliest', about),
      advise: (...about) => this.#ask(lab, 'advise', about),
      close: () => this.#tell({ lab, tell: 'close' }),
    };
  }

  /** Ends the thread, if there is one. */
  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #ask<Asked extends Question>(
    lab: number,
    question: Asked,
    about: Parameters<SolverCase[Asked]>,
  ): Promise<Awaited<ReturnType<SolverCase[Asked]>>> {
    const call = (this.#lastId += 1);
    const answer = new Promise<unknown>((resolve, reject) => this.#pending.set(call, { resolve, reject }));
    this.#tell({ lab, tell: 'ask', call, question, about });
    this.#worker?.ref();
    const impatience = setTimeout(() => {
      this.#pending.get(call)?.reject(tooLong());
      this.#pending.delete(call);
      void this.stop();
    }, this.#limits.patience);
    try {
      return (await answer) as Awaited<ReturnType<SolverCase[Asked]>>;
    } finally {
      clearTimeout(impatience);
      if (this.#pending.size === 0) this.#worker?.unref();
    }
  }

  #tell(told: Told): void {
    this.#worker ??= this.#begin();
    this.#worker.postMessage(told);
  }

  #begin(): Worker {
    const worker = startThread();
    worker.unref();
    worker.on('message', (answered: Answered) => {
      const pending = this.#pending.get(answered.call);
      this.#pending.delete(answered.call);
      if ('error' in answered) pending?.reject(received(answered.error));
      else pending?.resolve(answered.answer);
    });
    const died = (error: Error) => {
      if (this.#worker === worker) this.#worker = null;
      for (const pending of this.#pending.values()) pending.reject(error);
      this.#pending.clear();
    };
    worker.on('error', died);
    worker.on('exit', () => died(tooLong()));
    return worker;
  }
}
