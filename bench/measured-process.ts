import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Preloaded into a measured process, which is asked rather than watched: exact everywhere. It ends with its parent. */
const METER = `data:text/javascript,${encodeURIComponent(
  `process.on('message', (message) => { if (message === 'cpu') process.send(process.cpuUsage());
   if (message === 'memory') process.send({ now: process.memoryUsage.rss(), peak: process.resourceUsage().maxRSS * 1024 }); });
   process.on('disconnect', () => process.exit());
   process.channel.unref();`,
)}`;

/** A Node process that can say how much processor time it has used, all its threads together. */
export class MeasuredProcess {
  readonly child: ChildProcess;

  /** @param args what follows `node`. Standard output goes nowhere, standard error can be read. */
  constructor(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [`--import=${METER}`, ...args], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { PATH: process.env.PATH, ...environment },
    });
  }

  /** Milliseconds of processor time since it began, user and system. */
  async cpu(): Promise<number> {
    const answer = this.next();
    this.child.send('cpu');
    const { user, system } = (await answer) as NodeJS.CpuUsage;
    return (user + system) / 1000;
  }

  /** Bytes of memory that the machine keeps for it, and the most that it ever kept. */
  async memory(): Promise<{ readonly now: number; readonly peak: number }> {
    const answer = this.next();
    this.child.send('memory');
    return (await answer) as { now: number; peak: number };
  }

  /** The next thing that it says to its parent. @throws Error with its last words when it ends instead. */
  next(): Promise<unknown> {
    return this.#orItsEnd(once(this.child, 'message').then(([message]) => message as unknown));
  }

  /** Waits for a piece of standard error. */
  async hasSaid(pattern: RegExp): Promise<RegExpExecArray> {
    let said = '';
    const found = new Promise<RegExpExecArray>((resolve) => {
      this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const match = pattern.exec(said);
        if (match) resolve(match);
      });
    });
    return this.#orItsEnd(found, () => said);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }

  async #orItsEnd<T>(wanted: Promise<T>, lastWords = () => ''): Promise<T> {
    const patience = new AbortController();
    const ended = once(this.child, 'exit', { signal: patience.signal }).then(([code]) => {
      throw new Error(`a measured process ended early (${String(code)})\n${lastWords()}`);
    });
    try {
      return await Promise.race([wanted, ended]);
    } finally {
      ended.catch(() => undefined);
      patience.abort();
    }
  }
}
