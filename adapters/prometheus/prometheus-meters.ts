import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Backlog, LastReading } from '../../application/index.js';
import type { BookingEvent, LabEvent } from '../../domain/index.js';

/** Connections to the database at one moment. */
export interface Connections {
  readonly open: number;
  readonly busy: number;
  /** Pieces of work that wait for a connection. */
  readonly waiting: number;
}

/** What is looked up whenever somebody reads the meters. */
export interface Looks {
  backlog(): Promise<Backlog>;
  pdus(): Promise<readonly { readonly id: number }[]>;
  readings(): Promise<readonly Pick<LastReading, 'pduId' | 'problem'>[]>;
  connections(): Connections;
  /** Live streams that are open. */
  streams(): number;
  now(): number;
}

/** A look that takes longer than this is left out, in milliseconds: whoever scrapes must not wait for a database. */
const PATIENCE = 2000;

const LATENCIES = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10];

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Requests that found no route are one series, whatever address they tried. */
const NO_ROUTE = 'none';

const isAboutBookings = (event: LabEvent): event is BookingEvent => event.type.startsWith('booking.');

/** Rejects with `look` when it does, and when it takes too long. */
const inTime = <Result>(look: Promise<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    const impatience = setTimeout(() => {
      reject(new Error('no answer'));
    }, PATIENCE);
    look.then(resolve, reject).finally(() => {
      clearTimeout(impatience);
    });
  });

/**
 * Counts for Prometheus, in a registry of its own. Nothing that somebody outside the lab wrote becomes a label: routes
 * are patterns, refusals are codes of the program, jobs and states are words of the program.
 */
export class PrometheusMeters {
  readonly #registry = new Registry();
  readonly #looks: Looks;
  readonly #requests: Histogram<'method' | 'route' | 'status'>;
  readonly #refusals: Counter<'code'>;
  readonly #bookings: Counter<'deed' | 'status'>;
  readonly #jobs: Counter<'job' | 'outcome'>;
  readonly #streams: Gauge;
  readonly #outbox: Gauge<'state'>;
  readonly #outboxAge: Gauge;
  readonly #pdus: Gauge<'state'>;
  readonly #connections: Gauge<'state'>;
  readonly #databaseUp: Gauge;
  #looking: Promise<void> | null = null;

  constructor(looks: Looks, version: string) {
    this.#looks = looks;
    const registers = [this.#registry];
    this.#requests = new Histogram({
      ...{ name: 'openlab_http_request_duration_seconds', help: 'Requests by route pattern and status.', registers },
      ...{ labelNames: ['method', 'route', 'status'] as const, buckets: LATENCIES },
    });
    this.#refusals = new Counter({
      ...{ name: 'openlab_refusals_total', help: 'Requests that were refused, by the code of the problem.', registers },
      labelNames: ['code'] as const,
    });
    this.#bookings = new Counter({
      ...{ name: 'openlab_bookings_total', help: 'What became of bookings in this process.', registers },
      labelNames: ['deed', 'status'] as const,
    });
    this.#jobs = new Counter({
      ...{ name: 'openlab_jobs_total', help: 'Runs of background jobs in this process.', registers },
      labelNames: ['job', 'outcome'] as const,
    });
    this.#streams = new Gauge({
      ...{ name: 'openlab_open_streams', help: 'Live event streams that are open in this process.', registers },
    });
    this.#outbox = new Gauge({
      ...{ name: 'openlab_outbox', help: 'What is still to be told, of the whole lab.', registers },
      labelNames: ['state'] as const,
    });
    this.#outboxAge = new Gauge({
      name: 'openlab_outbox_oldest_seconds',
      ...{ help: 'Age of the oldest event or notification that is still to be told; 0 when there is none.', registers },
    });
    this.#pdus = new Gauge({
      ...{ name: 'openlab_pdus', help: 'PDUs by how their last poll went.', registers },
      labelNames: ['state'] as const,
    });
    this.#connections = new Gauge({
      ...{ name: 'openlab_database_connections', help: 'Connections of this process, and who waits.', registers },
      labelNames: ['state'] as const,
    });
    this.#databaseUp = new Gauge({
      ...{ name: 'openlab_database_up', help: '1 when the database answered just now, else 0.', registers },
    });
    new Gauge({
      ...{ name: 'openlab_info', help: 'The version that runs.', registers, labelNames: ['version'] as const },
    }).set({ version }, 1);
  }

  /** Adds memory, CPU, event loop lag and garbage collection. Once for a process: they watch all of it. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** @param route its pattern, `/bookings/:id`; null for an address that has none. */
  request(method: string, route: string | null, status: number, seconds: number): void {
    this.#requests.labels(METHODS.has(method) ? method : 'other', route ?? NO_ROUTE, String(status)).observe(seconds);
  }

  /** @param code of the problem document. */
  refusal(code: string): void {
    this.#refusals.inc({ code });
  }

  /** What was committed in one transaction. */
  happened(events: readonly LabEvent[]): void {
    for (const event of events.filter(isAboutBookings)) {
      const deed = event.type.slice('booking.'.length);
      for (const { status } of event.bookings) this.#bookings.inc({ deed, status });
    }
  }

  job(job: string, outcome: 'done' | 'failed'): void {
    // Both outcomes show from the first run on: the increase of a series that was not there is not seen.
    for (const each of ['done', 'failed'] as const) this.#jobs.inc({ job, outcome: each }, each === outcome ? 1 : 0);
  }

  /** Everything, in the text format of Prometheus. Answers also when the database does not. */
  async page(): Promise<{ readonly contentType: string; readonly text: string }> {
    // Those who scrape at once share one look.
    await (this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    }));
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  async #look(): Promise<void> {
    this.#streams.set(this.#looks.streams());
    const { open, busy, waiting } = this.#looks.connections();
    this.#connections.set({ state: 'open' }, open);
    this.#connections.set({ state: 'busy' }, busy);
    this.#connections.set({ state: 'waiting' }, waiting);
    try {
      const looks = [this.#looks.backlog(), this.#looks.pdus(), this.#looks.readings()] as const;
      const [backlog, pdus, readings] = await inTime(Promise.all(looks));
      this.#databaseUp.set(1);
      this.#showBacklog(backlog);
      this.#showPdus(pdus, readings);
    } catch {
      // Old figures would look like new ones.
      this.#databaseUp.set(0);
      for (const gauge of [this.#outbox, this.#pdus]) gauge.reset();
      // One without labels is set to 0 by a reset, which would mean that everything is told.
      this.#outboxAge.remove();
    }
  }

  #showBacklog({ untold, waiting, dead, since }: Backlog): void {
    this.#outbox.set({ state: 'untold' }, untold);
    this.#outbox.set({ state: 'waiting' }, waiting);
    this.#outbox.set({ state: 'dead' }, dead);
    this.#outboxAge.set(since === null ? 0 : Math.max(0, this.#looks.now() - since) / 1000);
  }

  #showPdus(
    pdus: readonly { readonly id: number }[],
    readings: readonly Pick<LastReading, 'pduId' | 'problem'>[],
  ): void {
    const problems = new Map(readings.map(({ pduId, problem }) => [pduId, problem]));
    const counts = { answering: 0, failing: 0, unknown: 0 };
    for (const { id } of pdus) {
      const problem = problems.get(id);
      counts[problem === undefined ? 'unknown' : problem === null ? 'answering' : 'failing'] += 1;
    }
    for (const [state, number] of Object.entries(counts)) this.#pdus.set({ state }, number);
  }
}
