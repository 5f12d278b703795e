import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { packageRoot } from '../../composition/package-root.js';
import { atTheEnd } from './at-the-end.js';
import { builtProgram } from './built-program.js';
import { eventually } from './eventually.js';

export type Environment = Readonly<Record<string, string>>;

const children = new Set<ChildProcess>();
atTheEnd(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** A program as seen from `composition/`, run from its sources, or as it was built, as a process of its own. */
export class Program {
  readonly #child: ChildProcess;
  readonly #said = { stdout: '', stderr: '' };
  readonly #ended: Promise<number | null>;

  /** @param folder where it runs; nothing of this process's environment but PATH and HOME reaches it. */
  constructor(program: string, folder: string, environment: Environment, args: readonly string[] = []) {
    const { PATH = '', HOME = '' } = process.env;
    const script = path.join(packageRoot, 'composition', program);
    this.#child = spawn(process.execPath, [script.endsWith('.js') ? script : builtProgram(script), ...args], {
      cwd: folder,
      env: { PATH, HOME, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(this.#child);
    for (const stream of ['stdout', 'stderr'] as const) {
      this.#child[stream]?.setEncoding('utf8').on('data', (text: string) => (this.#said[stream] += text));
    }
    this.#ended = once(this.#child, 'close').then(() => {
      children.delete(this.#child);
      return this.#child.exitCode;
    });
  }

  /** Standard output: log lines. */
  get stdout(): string {
    return this.#said.stdout;
  }

  /** Standard error: what it says to people. */
  get stderr(): string {
    return this.#said.stderr;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Its exit code, once everything it said has arrived; null when a signal ended it. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends it without warning, as `kill -9` does. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#ended;
  }

  /** Asks it to leave, and answers its exit code. */
  stop(): Promise<number | null> {
    this.signal('SIGTERM');
    return this.#ended;
  }

  /** Waits until standard error has that. @throws Error with what it did say when it ends first. */
  async hasSaid(pattern: RegExp): Promise<RegExpExecArray> {
    return eventually(`${String(pattern)} on standard error`, () => {
      const match = pattern.exec(this.stderr);
      if (!match && this.hasEnded) throw new Error(`the program ended first; it said: ${this.stderr}`);
      return match;
    });
  }
}

/** A server that accepts requests at `url`. */
export interface RunningServer extends Program {
  readonly url: string;
  readonly port: string;
}

/** Starts the server on a free port unless `environment` names one, and waits until it accepts requests. */
export const startServer = async (folder: string, environment: Environment = {}): Promise<RunningServer> => {
  const program = new Program('main.ts', folder, { PORT: '0', ...environment });
  const [, url = '', port = ''] = await program.hasSaid(/is at (http:\/\/[^\s:]+:(\d+))/);
  return Object.assign(program, { url, port });
};

/** The log lines of standard output, each of which must be JSON. */
export const logLinesOf = ({ stdout }: Program): Readonly<Record<string, unknown>>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
