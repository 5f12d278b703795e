import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isOldLabUrl, MysqlOldLab } from '../adapters/legacy/mysql-old-lab.js';
import { readPduFile } from '../adapters/legacy/read-pdu-file.js';
import type { FileVault } from '../application/index.js';
import type { MoveReport } from '../application/move-in/index.js';
import { DomainError } from '../domain/index.js';
import { moveInJson, moveInText } from './move-in-report.js';
import { configOrExit, openLab } from './open-lab.js';

const USAGE =
  'Usage: npm run migrate:legacy -- mysql://user:password@host/database [--pdus FILE.yaml] [--uploads FOLDER]\n' +
  '       [--report FILE.json] [--all] [--dry-run]\n' +
  'Moves the old lab into the database that DATABASE_URL names, which has to be empty. Nothing is written to the old one.\n';

const given = () => {
  try {
    const { values, positionals } = parseArgs({
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
      said.push(
        `${path} has ${size} bytes, and ${attachment.sizeBytes} are known of: attachment ${attachment.id} has no content`,
      );
    } else await vault.keep(attachment.vaultName, createReadStream(path));
  }
  return said;
};

const options = given();
if (!options) {
  process.stderr.write(USAGE);
  process.exit(2);
}

const { lab, database } = await openLab(configOrExit({ serving: false }));
try {
  const old = {
    lab: await new MysqlOldLab(options.url).read(),
    pdus: options.pdus === undefined ? [] : readPduFile(readFileSync(options.pdus, 'utf8')),
  };
  const report = await lab.moveIn.execute(old, options['dry-run']);
  process.stdout.write(moveInText(report, options.all));
  if (options.report !== undefined) writeFileSync(options.report, moveInJson(report));
  if (report.outcome !== 'would-move') {
    await lab.sealAudit.execute();
    const said = options.uploads === undefined ? [] : await keepPapers(lab.vault, report.papers, options.uploads);
    for (const line of said) process.stderr.write(`${line}\n`);
  }
  process.exitCode = report.hindrance === null ? 0 : 1;
} catch (error) {
  if (!(error instanceof DomainError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await database.close();
}
