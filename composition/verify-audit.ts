import { parseArgs } from 'node:util';
import { SYSTEM } from '../application/index.js';
import { configOrExit, openExistingLab } from './open-lab.js';

/** `npm run audit:verify -- [--place N --hash H]`: an end of the chain as some log line noted it. */
const { values } = parseArgs({ options: { place: { type: 'string' }, hash: { type: 'string' } } });

const { lab, database } = await openExistingLab(configOrExit({ serving: false }));
try {
  const noted =
    values.place !== undefined && values.hash !== undefined ? { place: Number(values.place), hash: values.hash } : null;
  const { ok, detail, unsealed } = await lab.verifyAudit.execute(SYSTEM, noted);
  process.stdout.write(`${detail} ${unsealed} entries wait for their seal.\n`);
  process.exitCode = ok ? 0 : 1;
} finally {
  await database.close();
}
