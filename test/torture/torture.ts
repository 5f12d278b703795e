import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../adapters/typeorm/database.js';
import { TypeormEventHistory } from '../../adapters/typeorm/events/typeorm-event-log.js';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { SYSTEM } from '../../application/index.js';
import { cryptography, logging, system, typeormPersistence } from '../../composition/adapters.js';
import { compose, type Lab } from '../../composition/compose.js';
import { loadConfig } from '../../composition/config.js';
import { DAY, HOUR, LabZone, MINUTE } from '../../domain/index.js';
import { DiscordSink } from '../support/discord-sink.js';
import { LightClient } from '../support/light-client.js';
import { accountForm } from '../support/people.js';
import { Dice } from './dice.js';
import { Figures } from './figures.js';
import { Fleet } from './fleet.js';
import { LabClock } from './lab-clock.js';
import { limitsBroken, type Limits } from './limits.js';
import { LiveWitness } from './live-witness.js';
import { MemoryWatch } from './memory-watch.js';
import { takeStep } from './mutation.js';
import { mutations } from './mutations.js';
import { Outages } from './outages.js';
import { reads } from './reads.js';
import { recordsOf } from './records.js';
import { isAllTold, roomReport } from './room.js';
import { AUTOMATIC_TYPE, stockLab, type Person, type World } from './world.js';

export interface TortureOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly processes: number;
  readonly clients: number;
  /** An empty database. */
  readonly databaseUrl: string;
  /** Where the servers run. */
  readonly folder: string;
  /** What the server processes run, as seen from `composition/`. */
  readonly program: string;
  /** Seconds from one kill to the next, on average. */
  readonly betweenKills: number;
  readonly say?: (line: string) => void;
  /** The memory of every server is watched, and none may grow. */
  readonly watchMemory?: boolean;
  /** People also look at things, and think for so long before each step, in milliseconds on average. */
  readonly pause?: number | null;
  /** Limits that the lab has; it has none unless given. */
  readonly limits?: Limits;
  /** Somebody looks on at every server, and a room is told; at the end both must have heard of everything. */
  readonly telling?: boolean;
  /** How the database is restarted, spread over the run; the second is by `kill -9`. */
  readonly restartDatabase?: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
  /** Moves the clock of the servers on, by more each time; never back. */
  readonly moveClock?: boolean;
}

export interface TortureReport {
  readonly figures: Figures;
  readonly kills: number;
  readonly checks: number;
  readonly bookings: number;
  readonly restarts: number;
  readonly clockMoves: number;
  readonly outages: Outages;
  /** Streams that those who look on have read. */
  readonly streams: number;
  /** Messages in the room, and those of them that a kill made to come twice. */
  readonly told: number;
  readonly repeated: number;
  readonly memory: MemoryWatch;
  /** Seconds from the first request to the last. */
  readonly lasted: number;
  /** What must not be: broken invariants, answers that nobody may get, servers that ended or logged a bug. */
  readonly violations: readonly string[];
  /** Where the database does not agree with what people were told. */
  readonly lost: readonly string[];
}

const MOVED_CLOCK = new URL('moved-clock.mjs', import.meta.url).href;

/** One in eight administrates. */
const isAdministrator = (number: number): boolean => number % 8 === 0;

/** Seconds between two looks at the whole database; more when a look takes long. */
const BETWEEN_CHECKS = 5;
const SHARE_OF_CHECKS = 0.2;

/** Kills are their own line of chance, apart from everybody's. */
const KILLER = 1_000_000;

const configurationWith = (limits: Limits | undefined): string =>
  JSON.stringify({ approval: { deviceTypes: { [AUTOMATIC_TYPE]: 'automatic' } }, ...(limits && { booking: limits }) });

/** After what was away is there again, in milliseconds: requests that began before may still fail. */
const AFTERMATH = 1500;

/** Milliseconds by which the servers' clock is ahead, one after the other. */
const CLOCK_MOVES = [MINUTE, 10 * MINUTE, HOUR];

const BETWEEN_MEMORY_LOOKS = 1;

/**
 * Milliseconds in which all must be told once nobody does anything: more than the minute for which a killed server has
 * what it was about to send.
 */
const TELLING_PATIENCE = 100_000;
const BETWEEN_LOOKS_AT_TELLING = 500;

/** How the servers and the torture itself open the lab. */
class Workshop {
  readonly environment: Readonly<Record<string, string>>;

  readonly clock: LabClock;
  #users = 0;
  #closed: Promise<void> | null = null;
  #left: () => void = () => undefined;

  constructor(folder: string, databaseUrl: string, limits: Limits | undefined) {
    const configPath = path.join(folder, 'config.yaml');
    writeFileSync(configPath, configurationWith(limits));
    this.clock = new LabClock(path.join(folder, 'clock'));
    this.environment = {
      CONFIG_PATH: configPath,
      DATABASE_URL: databaseUrl,
      SESSION_SECRET: randomBytes(16).toString('hex'),
      SEED: 'none',
      RATE_LIMIT: 'off',
      LOG_LEVEL: 'warn',
    };
  }

  /** Lets nobody in but the work, once all have left. */
  async closedFor(work: () => Promise<void>): Promise<void> {
    let open: () => void = () => undefined;
    this.#closed = new Promise((resolve) => (open = resolve));
    try {
      while (this.#users > 0) await new Promise<void>((resolve) => (this.#left = resolve));
      await work();
    } finally {
      this.#closed = null;
      open();
    }
  }

  async withLab<Result>(use: (lab: Lab, database: Database) => Promise<Result>): Promise<Result> {
    while (this.#closed) await this.#closed;
    this.#users += 1;
    try {
      return await this.#inside(use);
    } finally {
      this.#users -= 1;
      this.#left();
    }
  }

  async #inside<Result>(use: (lab: Lab, database: Database) => Promise<Result>): Promise<Result> {
    const config = loadConfig(this.environment);
    const database = await openDatabase(config.env.DATABASE_URL);
    try {
      const choice = { system: system(this.clock), cryptography: cryptography(4), logging: logging('silent') };
      return await use(compose(config, { persistence: typeormPersistence(database), ...choice }), database);
    } finally {
      await database.close();
    }
  }
}

const assertEmpty = async (lab: Lab): Promise<void> => {
  const devices = await lab.devices.list({ schedulableOnly: false });
  if (devices.length > 0) {
    throw new Error('The database is not empty, and the torture changes everything it finds: give it one of its own.');
  }
};

/** Makes the people; it costs the servers nothing. */
const makePeople = async (lab: Lab, count: number): Promise<Person[]> => {
  const people: Person[] = [];
  for (let number = 0; number < count; number += 1) {
    const administrator = isAdministrator(number);
    const form = accountForm(`person-${number}`);
    const token = `invitation ${number}`;
    if (administrator) {
      await lab.work.run(({ invitations }) =>
        invitations.add({
          tokenDigest: lab.httpParts.digest(token),
          role: 'Admin',
          expiresAt: lab.clock.now() + DAY,
          invitedBy: 1,
          id: token.slice(0, 36),
          email: null,
        }),
      );
    }
    const { registerUser, acceptInvitation } = lab.httpParts.useCases;
    const { id, username } = await (administrator
      ? acceptInvitation.execute({ ...form, token })
      : registerUser.execute(form));
    const client = new LightClient();
    people.push({
      number,
      id,
      username,
      administrator,
      client,
      groups: new Map(),
      over: [],
      favourites: new Map(),
      steps: 0,
    });
  }
  return people;
};

/** Somebody who does nothing but look on: bookings are everybody's to see. */
const makeOnlooker = async (lab: Lab): Promise<Pick<Person, 'username' | 'client'>> => {
  const { username } = await lab.httpParts.useCases.registerUser.execute(accountForm('onlooker'));
  return { username, client: new LightClient() };
};

/** Lets people do everything to a lab at once, kills its servers meanwhile, and holds what is left against what was said. */
export const torture = async (options: TortureOptions): Promise<TortureReport> => {
  const {
    seconds,
    seed,
    processes,
    clients,
    databaseUrl,
    folder,
    program,
    betweenKills,
    say = () => undefined,
    watchMemory = false,
    telling = false,
    pause: thinking = null,
    limits,
    restartDatabase,
    moveClock = false,
  } = options;
  const workshop = new Workshop(folder, databaseUrl, limits);
  const outages = new Outages();
  const memory = new MemoryWatch();
  const figures = new Figures();
  const violations = new Set<string>();
  const lost = new Set<string>();
  let fleet: Fleet | undefined;
  let leave = (): void => undefined;
  let sink: DiscordSink | undefined;
  const killedAt: number[] = [];
  let [kills, checks, bookings, restarts, clockMoves] = [0, 0, 0, 0, 0];

  const ending = new AbortController();
  const { signal } = ending;
  const accuse = (violation: string): void => {
    violations.add(violation);
    ending.abort();
  };
  const rest = (duration: number): Promise<void> =>
    pause(duration * 1000, undefined, { signal }).catch(() => undefined);

  const check = async (world: World): Promise<void> => {
    await workshop.withLab(async (lab, database) => {
      const report = await lab.checkInvariants.execute();
      bookings = report.bookings;
      for (const { invariant, detail, bookingIds } of report.violations) {
        accuse(`${invariant} ${detail} [bookings ${bookingIds.join(', ')}]`);
      }
      const records = await recordsOf(database, workshop.clock);
      for (const loss of world.ledger.disagreements(records)) lost.add(loss);
      if (limits) limitsBroken(records, limits, world.ledger.bookings.settledDeviceIds).forEach(accuse);
    });
    world.fleet.takeMishaps().forEach(accuse);
    checks += 1;
    if (lost.size > 0) ending.abort();
  };

  const keepChecking = async (world: World): Promise<void> => {
    let wait = BETWEEN_CHECKS;
    for (;;) {
      await rest(wait);
      if (signal.aborted) return;
      const began = performance.now();
      await check(world);
      const took = (performance.now() - began) / 1000;
      wait = Math.max(BETWEEN_CHECKS, took / SHARE_OF_CHECKS);
      say(`${checks} checks, ${kills} kills, ${bookings} bookings, ${figures.ended(() => true)} requests`);
    }
  };

  /** Takes something away for a while; one thing at a time, since a server cannot start without its database. */
  let trouble = Promise.resolve();
  const takeAway = (place: number | null, what: () => Promise<void>): Promise<void> => {
    trouble = trouble.then(async () => {
      if (signal.aborted) return;
      const over = outages.begin(place);
      await what();
      await pause(AFTERMATH);
      over();
    });
    return trouble;
  };

  const keepKilling = async (world: World): Promise<void> => {
    const dice = new Dice(seed, KILLER);
    for (;;) {
      await rest(betweenKills * (0.5 + dice.next()));
      if (signal.aborted) return;
      const place = dice.below(processes);
      await takeAway(place, () => {
        killedAt.push(performance.now());
        kills += 1;
        return world.fleet.killAndRestart(place);
      });
    }
  };

  const restartTwice = async ({ fleet: servers }: World): Promise<void> => {
    if (!restartDatabase) return;
    for (const how of ['SIGTERM', 'SIGKILL'] as const) {
      await rest(seconds / 3);
      if (signal.aborted) return;
      await takeAway(null, () =>
        workshop.closedFor(async () => {
          await restartDatabase(how);
          await servers.allReady();
          await pause(AFTERMATH);
          servers.forgiveLogs();
        }),
      );
      restarts += 1;
      say(`the database was restarted (${how})`);
    }
  };

  const keepMovingClock = async (): Promise<void> => {
    if (!moveClock) return;
    for (const move of CLOCK_MOVES) {
      await rest(seconds / (CLOCK_MOVES.length + 1));
      if (signal.aborted) return;
      workshop.clock.move(move);
      clockMoves += 1;
      say(`the servers' clock is ${move / MINUTE} min ahead`);
    }
  };

  const keepLookingAtMemory = async ({ fleet: servers }: World, place: number): Promise<void> => {
    while (watchMemory && !signal.aborted) {
      await memory.look(place, await servers.url(place));
      await rest(BETWEEN_MEMORY_LOOKS);
    }
  };

  /** Looks again and again until it is so. @returns false when it is not in time. */
  const comesAbout = async (isSo: () => Promise<boolean> | boolean): Promise<boolean> => {
    const deadline = performance.now() + TELLING_PATIENCE;
    while (!(await isSo())) {
      if (performance.now() > deadline) return false;
      await pause(BETWEEN_LOOKS_AT_TELLING);
    }
    return true;
  };

  /** @returns the last place that must have been told. */
  const isTold = async ({ ledger }: World, witnesses: readonly LiveWitness[]): Promise<number> => {
    say('waiting until all is told');
    const done = await comesAbout(() => workshop.withLab((_lab, database) => isAllTold(database)));
    if (!done) accuse(`not all is told ${TELLING_PATIENCE / 1000} s after the last request`);
    const last = await workshop.withLab((_lab, database) => new TypeormEventHistory(database).lastPlace());
    const ids = ledger.bookings.acknowledgedIds;
    if (await comesAbout(() => witnesses.every((witness) => witness.missed(ids).length === 0))) return last;
    for (const [place, witness] of witnesses.entries()) {
      for (const id of witness.missed(ids)) accuse(`a live page at server ${place} was not told of booking ${id}`);
    }
    return last;
  };

  /** One part that fails ends them all; none is left behind. */
  const together = async (parts: readonly Promise<void>[]): Promise<void> => {
    const watched = parts.map((part) =>
      part.catch((error: unknown) => {
        ending.abort();
        throw error;
      }),
    );
    for (const end of await Promise.allSettled(watched)) if (end.status === 'rejected') throw end.reason;
  };

  try {
    const zone = new LabZone(loadConfig(workshop.environment).lab.timezone);
    const beginnings = await workshop.withLab(async (lab) => {
      await assertEmpty(lab);
      return {
        ...(await stockLab(lab, zone)),
        people: await makePeople(lab, clients),
        onlooker: await makeOnlooker(lab),
      };
    });
    const { onlooker, ...lab } = beginnings;
    if (telling) sink = await new DiscordSink().start();
    const moved = moveClock && { NODE_OPTIONS: `--import=${MOVED_CLOCK}`, CLOCK_FILE: workshop.clock.file };
    fleet = await Fleet.start({
      processes,
      program,
      folder,
      environment: { ...workshop.environment, ...moved, ...(sink && { BOOKING_WEBHOOK: sink.url }) },
    });
    const world: World = {
      ...{ ...lab, seed, fleet, figures, outages, zone, accuse, pause: thinking ?? 0 },
      announced: [],
      today: zone.startOfDay(Date.now()),
      withLab: (use) => workshop.withLab(use),
    };
    for (const { number, client, username } of world.people) {
      await client.signIn(await fleet.url(number % processes), username);
    }

    await onlooker.client.signIn(await fleet.url(0), onlooker.username);
    const seen = new AbortController();
    leave = () => {
      seen.abort();
    };
    const witnesses = Array.from(
      { length: telling ? processes : 0 },
      (_, place) => new LiveWitness(place, world.fleet, onlooker.client.cookie, accuse),
    );
    const looking = witnesses.map((witness) => witness.look(seen.signal));
    // A server that does not start any more; it is said below.
    for (const look of looking) {
      look.catch(() => {
        ending.abort();
      });
    }

    const began = performance.now();
    const deeds = thinking === null ? mutations : [...mutations, ...reads];
    const working = async (person: Person): Promise<void> => {
      while (!signal.aborted) await takeStep(world, person, deeds);
    };
    const clock = rest(seconds).then(() => {
      ending.abort();
    });
    const watching = Array.from({ length: processes }, (_, place) => keepLookingAtMemory(world, place));
    const taking = [keepKilling(world), restartTwice(world), keepMovingClock(), ...watching];
    await together([...world.people.map(working), ...taking, keepChecking(world), clock]);
    const lasted = (performance.now() - began) / 1000;
    fleet.takeMishaps().forEach(accuse);
    for (const { growth } of memory.longLives) if (growth !== null) accuse(growth);
    // What is wrong already is not made clearer by waiting.
    const isSound = violations.size + lost.size === 0;
    const lastPlace = telling && isSound ? await isTold(world, witnesses) : null;
    leave();
    await Promise.all(looking);
    // What was confirmed must be there after all of them were killed.
    await fleet.end();
    await check(world);
    const audit = await workshop.withLab((lab) => lab.verifyAudit.execute(SYSTEM, null));
    if (!audit.ok) accuse(`the audit trail: ${audit.detail}`);
    say(`the audit trail: ${audit.detail} ${audit.unsealed} entries wait for their seal`);
    const room = await workshop.withLab(async (_lab, database) =>
      sink && lastPlace !== null ? roomReport(database, sink, zone, lastPlace, killedAt) : null,
    );
    room?.disagreements.forEach(accuse);
    const streams = witnesses.reduce((sum, witness) => sum + witness.streams, 0);
    const heard = { streams, told: room?.told ?? 0, repeated: room?.repeated ?? 0 };
    const counts = { kills, checks, bookings, restarts, clockMoves };
    return { figures, outages, memory, ...heard, ...counts, lasted, violations: [...violations], lost: [...lost] };
  } finally {
    leave();
    await fleet?.end();
    await sink?.stop();
  }
};
