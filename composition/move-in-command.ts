import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isOldLabUrl, MysqlOldLab } from '../adapters/legacy/mysql-old-lab.js';
import { readPduFile } from '../adapters/legacy/read-pdu-file.js';
import { lookIntoDatabase } from '../adapters/typeorm/look-into-database.js';
import type { FileVault } from '../application/index.js';
import type { MoveReport } from '../application/move-in/index.js';
import { hardware, memoryPersistence, typeormPersistence } from './adapters.js';
import { compose, type Lab } from './compose.js';
import { ConfigMistakes, loadConfig, type Config } from './config.js';
import { moveInJson, moveInText } from './move-in-report.js';
import { openLab } from './open-lab.js';

const USAGE =
  'Usage: npm run migrate:legacy -- mysql://user:password@host/database [--pdus FILE.yaml] [--uploads FOLDER]\n' +
  '       [--report FILE.json] [--all] [--dry-run]\n' +
  'Moves the old lab into the database that DATABASE_URL names, which has to be empty. Nothing is written to the old one.\n';

const given = (args: readonly string[]) => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        pdus: { type: 'string' },
        uploads: { type: 'string' },
        report: { type: 'string' },
        all: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
      },
    });
    const [url] = positionals;
    return url !== undefined && positionals.length === 1 && isOldLabUrl(url) ? { ...values, url } : null;
  } catch {
    return null;
  }
};

interface Opened {
  readonly lab: Lab;
  readonly close: () => Promise<void>;
}

const open = async (config: Config): Promise<Opened> => {
  const { lab, database } = await openLab(config);
  return { lab, close: () => database.close() };
};

/** As far as nothing has to be written for it: a database that is not there yet is as good as an empty lab. */
const look = async (config: Config): Promise<Opened> => {
  const database = await lookIntoDatabase(config.env.DATABASE_URL);
  const lab = compose(config, {
    persistence: database ? typeormPersistence(database) : memoryPersistence(),
    hardware: hardware(config.env.POWER_KEY ?? null, config.power.credentials),
  });
  return { lab, close: () => database?.close() ?? Promise.resolve() };
};

/** Where the content of a paper is, below the folder that the old server called `uploads`. */
const uploaded = (folder: string, oldPath: string): string => join(folder, oldPath.replace(/^\/?uploads\//, ''));

/** Copies the contents of papers. @returns what is to be said of those that could not be copied. */
const keepPapers = async (vault: FileVault, papers: MoveReport['papers'], folder: string): Promise<string[]> => {
  const said: string[] = [];
  for (const { oldPath, attachment } of papers) {
    const path = uploaded(folder, oldPath);
    const size = existsSync(path) ? statSync(path).size : null;
    if (size === null) said.push(`${path} is not there: attachment ${attachment.id} has no content`);
    else if (size !== attachment.sizeBytes) {
      const known = `${path} has ${size} bytes, and the old lab knew of ${attachment.sizeBytes}`;
      said.push(`${known}: attachment ${attachment.id} has no content`);
    } else await vault.keep(attachment.vaultName, createReadStream(path));
  }
  return said;
};

type Options = NonNullable<ReturnType<typeof given>>;

/** Where a command tells what it does: to programs and people, and of trouble. */
export interface Voices {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Reads first: without an old lab there is nothing to open the new one for. @returns whether all of it went well. */
const moveIn = async (options: Options, environment: NodeJS.ProcessEnv, { out, err }: Voices): Promise<boolean> => {
  const dryRun = options['dry-run'];
  const config = loadConfig(environment, { serving: false });
  const old = {
    pdus: options.pdus === undefined ? [] : readPduFile(readFileSync(options.pdus, 'utf8')),
    lab: await new MysqlOldLab(options.url).read(),
  };
  const { lab, close } = await (dryRun ? look(config) : open(config));
  try {
    const report = await lab.moveIn.execute(old, dryRun);
    out(moveInText(report, options.all));
    if (options.report !== undefined) writeFileSync(options.report, moveInJson(report));
    if (report.outcome === 'would-move') return report.hindrance === null;
    await lab.sealAudit.execute();
    const said = options.uploads === undefined ? [] : await keepPapers(lab.vault, report.papers, options.uploads);
    for (const line of said) err(`${line}\n`);
    return said.length === 0;
  } finally {
    await close();
  }
};

/** @returns the exit code: 0 when it went well, 1 when something could not be done, 2 when it was called wrongly. */
export const moveInCommand = async (
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  voices: Voices,
): Promise<number> => {
  const options = given(args);
  if (!options) {
    voices.err(USAGE);
    return 2;
  }
  try {
    return (await moveIn(options, environment, voices)) ? 0 : 1;
  } catch (error) {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
    if (!(error instanceof ConfigMistakes) && code === undefined) throw error;
    voices.err(`${(error as Error).message}\n`);
    return 1;
  }
};
