import { eventually } from '../support/eventually.js';
import { Program, type Environment } from '../support/server-process.js';

/** ERROR in pino's numbers. */
const ERROR = 50;

/** One place of the fleet: the server process that is in it now, or the next one once that is ready. */
interface Berth {
  program: Program;
  url: Promise<string>;
}

export interface FleetPlan {
  readonly processes: number;
  /** What runs, as seen from `composition/`. */
  readonly program: string;
  readonly folder: string;
  readonly environment: Environment;
}

/** Something that went wrong in a server, and whether an error of its surroundings explains it. */
interface Mishap {
  readonly text: string;
  readonly isLogged: boolean;
}

/** Server processes on one database, of which any may be killed and comes back. */
export class Fleet {
  readonly #plan: FleetPlan;
  readonly #berths: Berth[] = [];
  #mishaps: Mishap[] = [];
  readonly #expectedToEnd = new WeakSet<Program>();

  /** Starts every process and waits until all are ready. */
  static async start(plan: FleetPlan): Promise<Fleet> {
    const fleet = new Fleet(plan);
    for (let place = 0; place < plan.processes; place += 1) fleet.#berths.push(fleet.#launch());
    await Promise.all(fleet.#berths.map(({ url }) => url));
    return fleet;
  }

  private constructor(plan: FleetPlan) {
    this.#plan = plan;
  }

  get size(): number {
    return this.#berths.length;
  }

  /** Where the server at this place is reached, once it is ready. */
  url(place: number): Promise<string> {
    return this.#at(place).url;
  }

  /** `kill -9`, and another start. Resolves when the new process is ready. */
  async killAndRestart(place: number): Promise<void> {
    const berth = this.#at(place);
    const killed = this.#kill(berth.program);
    // At once, so that nobody waits for the address of the one that is being killed.
    const next = killed.then(() => {
      const { program, url } = this.#launch();
      berth.program = program;
      return url;
    });
    berth.url = next;
    await next;
  }

  /** `kill -9` for all of them, for good. */
  async end(): Promise<void> {
    await Promise.allSettled(this.#berths.map(({ url }) => url));
    await Promise.all(this.#berths.map(({ program }) => this.#kill(program)));
  }

  /** Processes that ended by themselves, and everything that they logged as a bug, since this was last asked. */
  takeMishaps(): string[] {
    for (const { program } of this.#berths) this.#noteBugs(program);
    const taken = this.#mishaps.map(({ text }) => text);
    this.#mishaps = [];
    return taken;
  }

  /** Forgets what servers logged since they were last asked, while what they need was taken away from them. */
  forgiveLogs(): void {
    for (const { program } of this.#berths) this.#noteBugs(program);
    this.#mishaps = this.#mishaps.filter(({ isLogged }) => !isLogged);
  }

  /** Waits until all that run can serve. */
  async allReady(): Promise<void> {
    await Promise.all(this.#berths.map(async ({ url }) => this.#isReady(await url)));
  }

  #at(place: number): Berth {
    const berth = this.#berths[place];
    if (!berth) throw new RangeError(`there is no server ${place}`);
    return berth;
  }

  #launch(): Berth {
    const { program: name, folder, environment } = this.#plan;
    const program = new Program(name, folder, { HOST: '127.0.0.1', PORT: '0', ...environment });
    void program.ended.then((code) => {
      if (this.#expectedToEnd.has(program)) return;
      const text = `a server ended by itself (${code ?? 'a signal'}): ${program.stderr.slice(-500)}`;
      this.#mishaps.push({ text, isLogged: false });
    });
    return { program, url: this.#ready(program) };
  }

  async #ready(program: Program): Promise<string> {
    const [, url = ''] = await program.hasSaid(/is at (http:\/\/\S+)/);
    await this.#isReady(url);
    return url;
  }

  async #isReady(url: string): Promise<void> {
    await eventually('the server to be ready', async () => (await fetch(`${url}/ready`)).ok);
  }

  async #kill(program: Program): Promise<void> {
    this.#expectedToEnd.add(program);
    await program.kill();
    this.#noteBugs(program);
  }

  readonly #read = new WeakMap<Program, number>();

  /** Reads on where the log was left; the last line of a killed process may be half a line. */
  #noteBugs(program: Program): void {
    const from = this.#read.get(program) ?? 0;
    const end = program.stdout.lastIndexOf('\n') + 1;
    this.#read.set(program, end);
    for (const line of program.stdout.slice(from, end).split('\n')) {
      if (line === '') continue;
      const { level, err } = JSON.parse(line) as { level: number; err?: { message: string } };
      if (level < ERROR) continue;
      this.#mishaps.push({ text: `a server logged: ${err?.message ?? line.slice(0, 500)}`, isLogged: true });
    }
  }
}
