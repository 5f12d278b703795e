import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { SolverCase } from '../../application/topology/ports.js';
import { DomainError } from '../../domain/index.js';
import type { Answered, Question, SentError, Told } from './messages.js';

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
  /** Null while it waits for questions before it. */
  impatience: NodeJS.Timeout | null;
}

const received = ({ kind, code, message, facts }: SentError): Error =>
  kind === null ? new Error(message) : new DomainError(kind, code, message, facts);

const tooLong = () =>
  new DomainError(
    'unavailable',
    'topology.too-long',
    'This topology takes too long to resolve. Please make it smaller.',
  );

const busy = () =>
  new DomainError('unavailable', 'topology.busy', 'The resolver is busy with other topologies. Please ask again.');

const ranOutOfMemory = (error: Error): boolean => 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

/**
 * One thread, which answers one question after the other. It keeps no process alive, and ends with the first question
 * that takes too long; whoever waits behind that one is asked to come again.
 */
export class AskedThread {
  readonly #worker: Worker;
  readonly #patience: number;
  readonly #pending = new Map<number, Pending>();
  #lastCall = 0;
  #isOver = false;

  /** @param patience how many milliseconds a question may take, from when the thread begins with it. */
  constructor(patience: number) {
    this.#patience = patience;
    this.#worker = startThread();
    this.#worker.unref();
    this.#worker.on('message', (answered: Answered) => this.#hear(answered));
    this.#worker.on('error', (error) => this.#giveUp(ranOutOfMemory(error) ? tooLong() : busy()));
    this.#worker.on('exit', () => this.#giveUp(busy()));
  }

  /** Whether nothing is answered any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  tell(told: Told): void {
    if (!this.#isOver) this.#worker.postMessage(told);
  }

  /** @throws DomainError `topology.too-long`; `topology.busy` when the thread ended for another reason. */
  async ask<Asked extends Question>(
    lab: number,
    question: Asked,
    about: Parameters<SolverCase[Asked]>,
  ): Promise<Awaited<ReturnType<SolverCase[Asked]>>> {
    if (this.#isOver) throw busy();
    const call = (this.#lastCall += 1);
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#pending.set(call, { resolve, reject, impatience: null });
    });
    this.tell({ lab, tell: 'ask', call, question, about });
    this.#worker.ref();
    try {
      return (await answer) as Awaited<ReturnType<SolverCase[Asked]>>;
    } finally {
      if (this.#pending.size === 0) this.#worker.unref();
    }
  }

  async end(): Promise<void> {
    this.#giveUp(busy());
    await this.#worker.terminate();
  }

  #hear(answered: Answered): void {
    const pending = this.#pending.get(answered.call);
    if (!pending) return;
    if ('begins' in answered) {
      pending.impatience = setTimeout(() => {
        this.#giveUp(tooLong());
        void this.#worker.terminate();
      }, this.#patience);
      return;
    }
    this.#pending.delete(answered.call);
    clearTimeout(pending.impatience ?? undefined);
    if ('error' in answered) pending.reject(received(answered.error));
    else pending.resolve(answered.answer);
  }

  /** @param why for the question that the thread is at. */
  #giveUp(why: DomainError): void {
    this.#isOver = true;
    const given = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of given) {
      clearTimeout(pending.impatience ?? undefined);
      pending.reject(pending.impatience === null ? busy() : why);
    }
  }
}
