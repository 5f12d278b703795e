import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunningServer } from './server-process.js';

/** What asking `/health` over and over has shown. */
export interface HealthReading {
  readonly asked: number;
  /** Milliseconds of the slowest answer, without those in which other programs had the processors. */
  readonly worst: number;
}

const THIS_FILE = fileURLToPath(import.meta.url);

const BETWEEN_QUESTIONS = 2;

/** Asks a server for its health, in a process of its own, so that only the server can keep it waiting. */
export class HealthProbe {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when the first answer is there. */
  static async start({ url, pid }: Pick<RunningServer, 'url' | 'pid'>): Promise<HealthProbe> {
    const probe = new HealthProbe(fork(THIS_FILE, [url, String(pid)]));
    await probe.#next();
    return probe;
  }

  /** What was seen since the last reading, the question included that is on its way now. */
  reading(): Promise<HealthReading> {
    this.#child.send('read');
    return this.#next();
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  async #next(): Promise<HealthReading> {
    const patience = new AbortController();
    const ended = once(this.#child, 'exit', { signal: patience.signal }).then(() => {
      throw new Error('the health probe ended: the server did not answer');
    });
    ended.catch(() => undefined);
    try {
      return await Promise.race([once(this.#child, 'message').then(([reading]) => reading as HealthReading), ended]);
    } finally {
      patience.abort();
    }
  }
}

const agent = new Agent({ keepAlive: true });

const ask = (url: string): Promise<void> =>
  new Promise((resolve, reject) => {
    get(`${url}/health`, { agent }, (response) => {
      response.resume().once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`/health answered ${response.statusCode ?? 0}`));
      });
    }).once('error', reject);
  });

/** Milliseconds for which a process was ready to run and had to wait for a processor; 0 where the kernel does not say. */
const queued = (pid: string): number => {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
};

const keepAsking = async (url: string, pid: string): Promise<never> => {
  let [asked, worst, wanted] = [0, 0, true];
  process.on('message', () => (wanted = true));
  process.once('disconnect', () => process.exit());
  for (;;) {
    const taken = (): number => performance.now() - queued(pid) - queued('self');
    const before = taken();
    await ask(url);
    asked += 1;
    worst = Math.max(worst, taken() - before);
    if (wanted) {
      process.send?.({ asked, worst } satisfies HealthReading);
      [asked, worst, wanted] = [0, 0, false];
    }
    await pause(BETWEEN_QUESTIONS);
  }
};

if (process.argv[1] === THIS_FILE) await keepAsking(process.argv[2] ?? '', process.argv[3] ?? '');
