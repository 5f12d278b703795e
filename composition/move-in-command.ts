import {
  closeSync,
  createReadStream,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { parseArgs } from 'node:util';
import { isOldLabUrl, MysqlOldLab } from '../adapters/legacy/mysql-old-lab.js';
import { readPduFile } from '../adapters/legacy/read-pdu-file.js';
import { lookIntoDatabase } from '../adapters/typeorm/look-into-database.js';
import { refuseForeignDatabase } from '../adapters/typeorm/open-database.js';
import type { FileVault } from '../application/index.js';
import type { MoveReport } from '../application/move-in/index.js';
import { conflict, DomainError } from '../domain/index.js';
import { hardware, memoryPersistence, typeormPersistence } from './adapters.js';
import { compose, type Lab } from './compose.js';
import { ConfigMistakes, loadConfig, type Config } from './config.js';
import { moveInJson, moveInText } from './move-in-report.js';
import { openLab } from './open-lab.js';
import { uploadedPaper } from './uploaded-paper.js';

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

/**
 * As far as nothing has to be written for it: a database that is not there yet is as good as an empty lab, and so is one
 * that is not to be looked into.
 */
const look = async (config: Config, isOurs: boolean): Promise<Opened> => {
  const database = isOurs ? await lookIntoDatabase(config.env.DATABASE_URL) : null;
  const lab = compose(config, {
    persistence: database ? typeormPersistence(database) : memoryPersistence(),
    hardware: hardware(config.env.POWER_KEY ?? null, config.power.credentials),
  });
  return { lab, close: () => database?.close() ?? Promise.resolve() };
};

/** @returns why the content of a paper cannot be copied; null once it is. */
const keepPaper = async (
  vault: FileVault,
  { oldPath, attachment }: MoveReport['papers'][number],
  folder: string,
): Promise<string | null> => {
  const path = uploadedPaper(folder, oldPath);
  if (path === null) return `${oldPath} leads out of ${folder}`;
  const size = existsSync(path) ? statSync(path).size : null;
  if (size === null) return `${path} is not there`;
  if (size !== attachment.sizeBytes)
    return `${path} has ${size} bytes, and the old lab knew of ${attachment.sizeBytes}`;
  try {
    await vault.keep(attachment.vaultName, createReadStream(path));
    return null;
  } catch (error) {
    return `${path} cannot be copied (${messageOf(error)})`;
  }
};

/** Copies the contents of papers. @returns what is to be said of those that could not be copied. */
const keepPapers = async (vault: FileVault, papers: MoveReport['papers'], folder: string): Promise<string[]> => {
  const said: string[] = [];
  for (const paper of papers) {
    const trouble = await keepPaper(vault, paper, folder);
    if (trouble !== null) said.push(`${trouble}: attachment ${paper.attachment.id} has no content`);
  }
  return said;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Where the report will be written, found out before anything else is done. */
class ReportFile {
  readonly #path: string | undefined;

  /** @throws Error when nothing can be written there. */
  constructor(path: string | undefined) {
    this.#path = path;
    if (path === undefined) return;
    const isNew = !existsSync(path);
    try {
      closeSync(openSync(path, 'a'));
    } catch (error) {
      throw Object.assign(new Error(`The report cannot be written: ${messageOf(error)}`), { code: 'report' });
    }
    if (isNew) rmSync(path);
  }

  write(report: MoveReport): void {
    if (this.#path !== undefined) writeFileSync(this.#path, moveInJson(report));
  }
}

type Options = NonNullable<ReturnType<typeof given>>;

/** Where a command tells what it does: to programs and people, and of trouble. */
export interface Voices {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** What keeps a lab from moving from one database to another, whatever is in the first; null for nothing. */
const placeTrouble = async (
  oldLab: MysqlOldLab,
  { env: { DATABASE_URL: url } }: Config,
): Promise<DomainError | null> => {
  // Whoever cannot be asked here is heard of when it is opened.
  const target = isOldLabUrl(url) ? await new MysqlOldLab(url).place().catch(() => null) : null;
  if (target !== null && target === (await oldLab.place()))
    return conflict(
      'move-in.same-database',
      'The old lab is in the database that DATABASE_URL names, which has to be another, and empty: the old server reads ' +
        'that variable too. Nothing was written.',
    );
  try {
    await refuseForeignDatabase(url);
    return null;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'database.foreign') return error;
    throw error;
  }
};

/** Says what goes wrong in one of the things that are left to do, so that the others are done all the same. */
const finishing = async (what: string, { err }: Voices, work: () => Promise<string[]> | string[]): Promise<boolean> => {
  const said = await (async () => work())().catch((error: unknown) => [`${what}: ${messageOf(error)}`]);
  for (const line of said) err(`${line}\n`);
  return said.length === 0;
};

/** Reads first: without an old lab there is nothing to open the new one for. @returns whether all of it went well. */
const moveIn = async (options: Options, environment: NodeJS.ProcessEnv, voices: Voices): Promise<boolean> => {
  const dryRun = options['dry-run'];
  const config = loadConfig(environment, { serving: false });
  for (const notice of config.notices) voices.err(`${notice}\n`);
  const reportFile = new ReportFile(options.report);
  const oldLab = new MysqlOldLab(options.url);
  const pdus = options.pdus === undefined ? [] : readPduFile(readFileSync(options.pdus, 'utf8'));
  const trouble = await placeTrouble(oldLab, config);
  if (trouble && !dryRun) throw trouble;
  const old = { pdus, lab: await oldLab.read() };
  const { lab, close } = await (dryRun ? look(config, trouble === null) : open(config));
  try {
    const found = await lab.moveIn.execute(old, dryRun);
    const report = trouble ? { ...found, hindrances: [trouble.message, ...found.hindrances] } : found;
    voices.out(moveInText(report, options.all));
    const writeReport = () =>
      finishing('The report cannot be written', voices, () => {
        reportFile.write(report);
        return [];
      });
    if (report.outcome === 'would-move') return (await writeReport()) && report.hindrances.length === 0;
    // What has moved stays: nothing that fails from here on keeps the rest from being done.
    const sealed = await finishing('The audit trail is not sealed yet; the server will do it', voices, async () => {
      await lab.sealAudit.execute();
      return [];
    });
    const { uploads } = options;
    const copied = await finishing('The papers cannot be copied', voices, () =>
      uploads === undefined ? [] : keepPapers(lab.vault, report.papers, uploads),
    );
    return (await writeReport()) && sealed && copied;
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
    const { code, message } = error as NodeJS.ErrnoException;
    if (!(error instanceof ConfigMistakes) && code === undefined) throw error;
    voices.err(`${message || String(code)}\n`);
    return 1;
  }
};
