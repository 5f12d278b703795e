import type { Client, HttpCall } from './client.js';
import type { MeasuredProcess } from './measured-process.js';

/** Whom to ask, and what; `next` makes each call, since a slot can be booked once only. */
export interface Target {
  readonly process: MeasuredProcess;
  readonly client: Client;
  readonly next: () => HttpCall;
}

/** What a number of requests took. Times are milliseconds. */
export interface Sample {
  readonly cpuEach: number;
  readonly latencies: readonly number[];
  readonly elapsed: number;
}

/** Too few requests would measure chance; this many, however long they take. */
const FEWEST = 10;

/** Keeps `lanes` requests under way for `milliseconds`. @throws Error when a reply is not a success. */
export const load = async ({ process, client, next }: Target, lanes: number, milliseconds: number): Promise<Sample> => {
  const latencies: number[] = [];
  const before = await process.cpu();
  const began = performance.now();
  const lane = async (): Promise<void> => {
    while (performance.now() - began < milliseconds || latencies.length < FEWEST) {
      const call = next();
      const sent = performance.now();
      const { status, body } = await client.send(call);
      if (status !== 200) throw new Error(`${call.method} ${call.path} was answered ${status}: ${body.toString()}`);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const elapsed = performance.now() - began;
  return { cpuEach: ((await process.cpu()) - before) / latencies.length, latencies, elapsed };
};
