import { existsSync } from 'node:fs';
import type { ManualRequest } from '../adapters/manual/manual-links.js';
import { files, hardware, systemClock, typeormPersistence } from './adapters.js';
import { openDatabase } from '../adapters/typeorm/open-database.js';
import type { Database } from '../adapters/typeorm/database.js';
import { compose, type Lab } from './compose.js';
import { attachmentFolderOf } from './data-directory.js';
import { SimulatedRack } from './simulated-rack.js';
import { notifiersOf } from './notifiers.js';
import { ConfigMistakes, loadConfig, type Config, type ConfigPurpose } from './config.js';

/** The configuration of this process; a wrong one is told in full and ends it. */
export const configOrExit = (purpose?: ConfigPurpose): Config => {
  try {
    const config = loadConfig(process.env, purpose);
    for (const notice of config.notices) process.stderr.write(`${notice}\n`);
    return config;
  } catch (error) {
    if (!(error instanceof ConfigMistakes)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
};

/** Ends the process over what its operator can mend; anything else is a bug and keeps its stack. */
export const exitOver = (what: string, error: unknown): never => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') throw error;
  process.stderr.write(`${what}: ${message || code}\n`);
  process.exit(1);
};

/** Told like other trouble with power: somebody has to go there. */
const askPeople = (lab: Lab, { pdu, outlet, to }: ManualRequest): Promise<void> =>
  lab.work.run(async ({ power, events }) => {
    const name = (await power.pdus()).find(({ driver, host }) => driver === 'manual' && host === pdu)?.name ?? pdu;
    await events.append({
      ...{ type: 'power.trouble', at: lab.clock.now(), actorId: null, concerns: [], pdu: name, outlet, device: null },
      ...{ bookingId: null, before: null, after: null, confirmed: false },
      message: `Please switch ${name} outlet ${outlet} ${to}, and say so in the control panel: only people can.`,
    });
  });

/** Opens the configured database and composes the lab over it. */
export const openLab = async (config: Config): Promise<{ lab: Lab; database: Database; rack: SimulatedRack }> => {
  const database = await openDatabase(config.env.DATABASE_URL).catch((error: unknown) =>
    exitOver('The database cannot be opened', error),
  );
  const rack = new SimulatedRack(systemClock);
  const ask = (request: ManualRequest): void => {
    askPeople(lab, request).catch((error: unknown) => {
      lab.httpParts.log.error({ err: error }, 'asking people failed');
    });
  };
  const lab: Lab = compose(config, {
    persistence: typeormPersistence(database),
    files: files(attachmentFolderOf(config)),
    hardware: hardware(config.env.POWER_KEY ?? null, config.power.credentials, { rack, ask }),
    notifiers: notifiersOf(config),
  });
  return { lab, database, rack };
};

/** The same for who only looks: a database that is not there is not made, but ends the process. */
export const openExistingLab = (config: Config): Promise<{ lab: Lab; database: Database }> => {
  const path = config.env.DATABASE_URL.replace(/^sqlite:/, '');
  if (config.env.DATABASE_URL.startsWith('sqlite:') && !existsSync(path)) {
    process.stderr.write(`There is no database ${path}.\n`);
    process.exit(2);
  }
  return openLab(config);
};
