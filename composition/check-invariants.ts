import { existsSync } from 'node:fs';
import { configOrExit, openLab } from './open-lab.js';

const config = configOrExit({ serving: false });
const path = config.env.DATABASE_URL.replace(/^sqlite:/, '');
if (config.env.DATABASE_URL.startsWith('sqlite:') && !existsSync(path)) {
  process.stderr.write(`There is no database ${path}.\n`);
  process.exit(2);
}
const { lab, database } = await openLab(config);
try {
  const { bookings, violations } = await lab.checkInvariants.execute();
  for (const { invariant, detail, bookingIds } of violations) {
    process.stdout.write(`${invariant} ${detail} [bookings ${bookingIds.join(', ')}]\n`);
  }
  process.stdout.write(`${bookings} bookings checked, ${violations.length} violations of I1 to I5\n`);
  process.exitCode = violations.length > 0 ? 1 : 0;
} finally {
  await database.close();
}
