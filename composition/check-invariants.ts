import { configOrExit, openExistingLab } from './open-lab.js';

const { lab, database } = await openExistingLab(configOrExit({ serving: false }));
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
