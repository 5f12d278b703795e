/** `npm run forecast:evaluate [-- --swf FILE] [--days N]`; see docs/forecast.md. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readSwf } from '../adapters/swf/read-swf.js';
import {
  DAY,
  DomainError,
  LabZone,
  seenWhenBooked,
  usualPlan,
  walkForward,
  type BookingHistory,
  type Instant,
} from '../domain/index.js';
import { evaluationReport } from './evaluation-report.js';
import { configOrExit, exitOver, openExistingLab } from './open-lab.js';

const { values: options } = parseArgs({
  options: { swf: { type: 'string' }, days: { type: 'string', default: '365' } },
});

interface Evaluated {
  readonly history: BookingHistory;
  readonly until: Instant;
  readonly zone: LabZone;
}

const fromTrace = (path: string): Evaluated => {
  try {
    return { ...readSwf(readFileSync(path, 'utf8')), zone: new LabZone('UTC') };
  } catch (error) {
    if (error instanceof DomainError) {
      process.stderr.write(`${path}: ${error.message}\n`);
      process.exit(1);
    }
    return exitOver(path, error);
  }
};

const fromLab = async (days: number): Promise<Evaluated> => {
  const config = configOrExit({ serving: false });
  const { lab, database } = await openExistingLab(config);
  try {
    const until = lab.clock.now();
    const read = await lab.bookingHistory.read(until - days * DAY);
    return { history: seenWhenBooked(read), until, zone: new LabZone(config.lab.timezone) };
  } finally {
    await database.close();
  }
};

const days = Number(options.days);
if (!Number.isInteger(days) || days < 1 || days > 3660) {
  process.stderr.write('--days is a number of days, from 1 to 3660.\n');
  process.exit(2);
}
const { history, until, zone } = options.swf === undefined ? await fromLab(days) : fromTrace(options.swf);
process.stdout.write(evaluationReport(history, walkForward(history, until, zone, usualPlan)));
