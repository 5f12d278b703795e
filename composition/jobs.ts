import { DAY, HOUR, MINUTE } from '../domain/index.js';
import { SharedJob } from '../application/index.js';
import type { Lab } from './compose.js';

const ANSWERS_KEPT = 7 * DAY;
/** What became of them stays in the audit trail. */
const COMMANDS_KEPT = 7 * DAY;

/** What the lab does by itself, whoever of its processes does it. */
export const sharedJobs = (lab: Lab, holder: string): SharedJob[] => {
  const tidyUp = async () => {
    const now = lab.clock.now();
    await lab.sessions.removeOver(now);
    await lab.work.run(async ({ keptAnswers, power }) => {
      await keptAnswers.removeBefore(now - ANSWERS_KEPT);
      await power.removeDoneBefore(now - COMMANDS_KEPT);
    });
  };
  return [
    { name: 'expire-bookings', period: MINUTE, work: () => lab.expireBookings.execute() },
    { name: 'tidy-up', period: HOUR, work: tidyUp },
  ].map((job) => new SharedJob(job, lab.leases, lab.clock, holder));
};

/**
 * Runs the jobs now and then every period. One that fails is told and tried again.
 * @returns how to stop them: it waits for those that are at work.
 */
export const startJobs = (
  jobs: readonly SharedJob[],
  report: (job: string, error: unknown) => void,
): (() => Promise<void>) => {
  const running = new Set<Promise<void>>();
  const attempt = (job: SharedJob) => {
    const run = job
      .run()
      .then(
        () => undefined,
        (error: unknown) => {
          report(job.name, error);
        },
      )
      .finally(() => running.delete(run));
    running.add(run);
  };
  const timers = jobs.map((job) => {
    attempt(job);
    return setInterval(attempt, job.period, job).unref();
  });
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await Promise.all(running);
  };
};
