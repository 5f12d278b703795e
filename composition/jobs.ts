import { DAY, HOUR, MINUTE, SECOND } from '../domain/index.js';
import { SharedJob } from '../application/index.js';
import type { Lab } from './compose.js';

const ANSWERS_KEPT = 7 * DAY;
/** What became of them stays in the audit trail. */
const COMMANDS_KEPT = 7 * DAY;

/** Something that one process does again and again. */
export interface OwnJob {
  readonly name: string;
  /** Milliseconds between two runs. */
  readonly period: number;
  run(): Promise<void>;
}

/** What the lab does by itself, whoever of its processes does it. */
export const sharedJobs = (lab: Lab, holder: string): SharedJob[] => {
  const sealAudit = async () => {
    const head = await lab.sealAudit.execute();
    // Where nobody who can change the database can change it too.
    if (head) lab.httpParts.log.info({ audit: head }, 'audit sealed');
  };
  const tidyUp = async () => {
    const now = lab.clock.now();
    await lab.sessions.removeOver(now);
    await lab.work.run(async ({ keptAnswers, power }) => {
      await keptAnswers.removeBefore(now - ANSWERS_KEPT);
      await power.removeDoneBefore(now - COMMANDS_KEPT);
    });
    await lab.rateCounters.removeOver(now);
  };
  return [
    { name: 'expire-bookings', period: MINUTE, work: () => lab.expireBookings.execute() },
    { name: 'seal-audit', period: 5 * SECOND, work: sealAudit },
    { name: 'tidy-up', period: HOUR, work: tidyUp },
    { name: 'sweep-attachments', period: HOUR, work: () => lab.keepPapers.sweep() },
  ].map((job) => new SharedJob(job, lab.leases, lab.clock, holder));
};

/** What every process does for itself. */
export const ownJobs = (lab: Lab): OwnJob[] => [
  { name: 'refresh-settings', period: 5 * SECOND, run: () => lab.liveSettings.refresh() },
  { name: 'note-activity', period: MINUTE, run: () => lab.noteActivity.write() },
];

/**
 * Runs the jobs now and then every period. One that fails is told and tried again.
 * @returns how to stop them: it waits for those that are at work.
 */
export const startJobs = (
  jobs: readonly (SharedJob | OwnJob)[],
  report: (job: string, error: unknown) => void,
): (() => Promise<void>) => {
  const running = new Set<Promise<void>>();
  const attempt = (job: SharedJob | OwnJob) => {
    const run = Promise.resolve(job.run())
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
