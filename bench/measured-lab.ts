import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { packageRoot } from '../composition/package-root.js';
import { Client, type HttpCall } from './client.js';
import type { Floor, FloorPlan, Statement } from './floor-plan.js';
import type { Target } from './load.js';
import { MeasuredProcess } from './measured-process.js';
import { recordCalls, type RecordedCall } from './recorded-calls.js';
import type { Row } from './rows.js';
import { ASKER, seedLab, type LabSize } from './seeded-lab.js';

export const MOST_LANES = 8;

const WHO_AM_I: HttpCall = { method: 'GET', path: '/api/auth/me' };

/** A row with the built server and the floor to ask for it. */
export interface MeasuredRow {
  readonly row: Row;
  readonly server: Target;
  readonly floor: Target;
}

export interface MeasuredLab {
  readonly rows: readonly MeasuredRow[];
  /** Rows that the server has no route for. */
  readonly missing: readonly Row[];
  close(): Promise<void>;
}

export const environmentOf = (databaseUrl: string) => ({
  DATABASE_URL: databaseUrl,
  HOST: '127.0.0.1',
  PORT: '0',
  RATE_LIMIT: 'off',
  SEED: 'none',
  SESSION_SECRET: 'only for the benchmark',
});

/** @returns the cookie of whoever asks in every row. */
export const signIn = async (client: Client): Promise<string> => {
  const { username, password } = ASKER;
  const { headers } = await client.send({ method: 'POST', path: '/login', body: { username, password } });
  const [cookie = ''] = headers['set-cookie'] ?? [];
  return cookie.split(';')[0] ?? '';
};

/** The row's own SQL: without finding out who asks, unless that is all it does; for one that writes, what it writes. */
const floorOf = (row: Row, { statements, reply }: RecordedCall, whoAmI: readonly Statement[]): Floor => {
  const [session, ...user] = whoAmI;
  const asking = new Set([session, ...user].map((statement) => statement?.sql));
  const own = statements.filter(({ sql }) => !asking.has(sql));
  const { name, signedIn, writes } = row;
  if (writes)
    return { name, signedIn, writes, reply, statements: own.filter(({ sql }) => /^\s*(INSERT|UPDATE)/i.test(sql)) };
  return { name, signedIn, writes, reply, statements: own.length > 0 || !signedIn ? own : user };
};

/** What `npm start` gives to Node before the program; the floor gets the same. */
export const usualArguments = (): string[] => {
  const { scripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  const [, given = ''] = /node (.*)dist\/composition\/main\.js/.exec(scripts.start) ?? [];
  return given.split(' ').filter((argument) => argument !== '');
};

/** Seeds an empty database and starts both servers on it. @param profiling further arguments of the lab's server. */
export const openMeasuredLab = async (
  databaseUrl: string,
  size: LabSize,
  rows: readonly Row[],
  profiling: readonly string[],
): Promise<MeasuredLab> => {
  const seeded = await seedLab(databaseUrl, size);
  const environment = environmentOf(databaseUrl);
  const main = join(packageRoot, 'dist/composition/main.js');
  const server = new MeasuredProcess([...usualArguments(), ...profiling, main], environment);
  const [, serverUrl = ''] = await server.hasSaid(/ is at (http\S+)/);
  const client = new Client(serverUrl, MOST_LANES);
  const cookie = await signIn(client);

  const callOf = (row: Row, nth: number): HttpCall => ({
    ...row.call(seeded, nth),
    ...(row.signedIn && { cookie }),
  });
  const [whoAmI, ...recorded] = await recordCalls(environment, [
    { ...WHO_AM_I, cookie },
    ...rows.map((row) => callOf(row, 0)),
  ]);
  const [session] = whoAmI?.statements ?? [];
  if (!whoAmI || !session) throw new Error('nobody is signed in');
  const [key, ...parameters] = session.parameters;
  const served = rows.flatMap((row, index) => {
    const call = recorded[index];
    return call && call.status !== 404 ? [{ row, call }] : [];
  });

  const plan: FloorPlan = {
    databaseUrl,
    session: { sql: session.sql, parameters },
    floors: served.map(({ row, call }) => floorOf(row, call, whoAmI.statements)),
  };
  const folder = mkdtempSync(join(tmpdir(), 'openlab-floor-'));
  const planFile = join(folder, 'plan.json');
  writeFileSync(planFile, JSON.stringify(plan));
  const floor = new MeasuredProcess([
    ...usualArguments(),
    '--import=tsx',
    fileURLToPath(new URL('floor-server.ts', import.meta.url)),
    planFile,
  ]);
  const [, floorUrl = ''] = await floor.hasSaid(/ is at (http\S+)/);
  const floorClient = new Client(floorUrl, MOST_LANES);
  const floorCallOf = (row: Row, place: number): HttpCall => ({
    ...row.call(seeded, 0),
    path: `/${place}`,
    cookie: String(key),
  });
  for (const [place, { row, call }] of served.entries()) {
    if (row.writes) continue;
    const { body } = await floorClient.send(floorCallOf(row, place));
    if (!isDeepStrictEqual(JSON.parse(body.toString()), call.reply)) {
      throw new Error(`the floor of ${row.name} answers something else than the server`);
    }
  }

  // The first of each kind was recorded.
  let calls = 1;
  return {
    rows: served.map(({ row }, place) => ({
      row,
      server: { process: server, client, next: () => callOf(row, calls++) },
      floor: {
        process: floor,
        client: floorClient,
        next: () => floorCallOf(row, place),
      },
    })),
    missing: rows.filter((row) => !served.some((other) => other.row === row)),
    close: async () => {
      client.close();
      floorClient.close();
      await Promise.all([server.stop(), floor.stop()]);
      rmSync(folder, { recursive: true });
    },
  };
};
