import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../adapters/typeorm/database.js';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { cryptography, logging, typeormPersistence } from '../../composition/adapters.js';
import { compose, type Lab } from '../../composition/compose.js';
import { loadConfig } from '../../composition/config.js';
import { DAY, LabZone } from '../../domain/index.js';
import { LightClient } from '../support/light-client.js';
import { accountForm } from '../support/people.js';
import { Dice } from './dice.js';
import { Figures } from './figures.js';
import { Fleet } from './fleet.js';
import { takeStep } from './mutation.js';
import { mutations } from './mutations.js';
import { recordsOf } from './records.js';
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
}

export interface TortureReport {
  readonly figures: Figures;
  readonly kills: number;
  readonly checks: number;
  readonly bookings: number;
  /** Seconds from the first request to the last. */
  readonly lasted: number;
  /** What must not be: broken invariants, answers that nobody may get, servers that ended or logged a bug. */
  readonly violations: readonly string[];
  /** Where the database does not agree with what people were told. */
  readonly lost: readonly string[];
}

/** One in eight administrates. */
const isAdministrator = (number: number): boolean => number % 8 === 0;

/** Seconds between two looks at the whole database; more when a look takes long. */
const BETWEEN_CHECKS = 5;
const SHARE_OF_CHECKS = 0.2;

/** Kills are their own line of chance, apart from everybody's. */
const KILLER = 1_000_000;

const CONFIGURATION = `approval:\n  deviceTypes:\n    ${AUTOMATIC_TYPE}: automatic\n`;

/** How the servers and the torture itself open the lab. */
class Workshop {
  readonly environment: Readonly<Record<string, string>>;

  constructor(folder: string, databaseUrl: string) {
    const configPath = path.join(folder, 'config.yaml');
    writeFileSync(configPath, CONFIGURATION);
    this.environment = {
      CONFIG_PATH: configPath,
      DATABASE_URL: databaseUrl,
      SESSION_SECRET: randomBytes(16).toString('hex'),
      SEED: 'none',
      RATE_LIMIT: 'off',
      LOG_LEVEL: 'warn',
    };
  }

  async withLab<Result>(use: (lab: Lab, database: Database) => Promise<Result>): Promise<Result> {
    const config = loadConfig(this.environment);
    const database = await openDatabase(config.env.DATABASE_URL);
    try {
      const choice = { cryptography: cryptography(4), logging: logging('silent') };
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
  } = options;
  const workshop = new Workshop(folder, databaseUrl);
  const figures = new Figures();
  const violations = new Set<string>();
  const lost = new Set<string>();
  let fleet: Fleet | undefined;
  let [kills, checks, bookings] = [0, 0, 0];

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
      for (const loss of world.ledger.disagreements(await recordsOf(database))) lost.add(loss);
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

  const keepKilling = async (world: World): Promise<void> => {
    const dice = new Dice(seed, KILLER);
    for (;;) {
      await rest(betweenKills * (0.5 + dice.next()));
      if (signal.aborted) return;
      await world.fleet.killAndRestart(dice.below(processes));
      kills += 1;
    }
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
      return { ...(await stockLab(lab, zone)), people: await makePeople(lab, clients) };
    });
    fleet = await Fleet.start({ processes, program, folder, environment: workshop.environment });
    const world: World = {
      ...{ ...beginnings, seed, fleet, figures, zone, accuse },
      announced: [],
      today: zone.startOfDay(Date.now()),
      withLab: (use) => workshop.withLab(use),
    };
    for (const { number, client, username } of world.people) {
      await client.signIn(await fleet.url(number % processes), username);
    }

    const began = performance.now();
    const working = async (person: Person): Promise<void> => {
      while (!signal.aborted) await takeStep(world, person, mutations);
    };
    const clock = rest(seconds).then(() => {
      ending.abort();
    });
    await together([...world.people.map(working), keepKilling(world), keepChecking(world), clock]);
    const lasted = (performance.now() - began) / 1000;
    fleet.takeMishaps().forEach(accuse);
    // What was confirmed must be there after all of them were killed.
    await fleet.end();
    await check(world);
    return { figures, kills, checks, bookings, lasted, violations: [...violations], lost: [...lost] };
  } finally {
    await fleet?.end();
  }
};
