import { DAY, HOUR, MINUTE, SECOND } from '../domain/index.js';
import { SharedJob } from '../application/index.js';
import type { Lab } from './compose.js';

const ANSWERS_KEPT = 7 * DAY;
const NOTIFICATIONS_KEPT = 90 * DAY;
/** Time in which what is written shortly after each other is told together, in milliseconds. */
const GATHERING = 50;

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
    await lab.work.run(async ({ keptAnswers, outbox, power }) => {
      await keptAnswers.removeBefore(now - ANSWERS_KEPT);
      await outbox.removeBefore(now - NOTIFICATIONS_KEPT);
      await power.removeDoneBefore(now - COMMANDS_KEPT);
    });
    await lab.rateCounters.removeOver(now);
  };
  return [
    { name: 'expire-bookings', period: MINUTE, work: () => lab.expireBookings.execute() },
    { name: 'remind-of-ends', period: MINUTE, work: () => lab.remindOfEnds.execute() },
    { name: 'send-digest', period: MINUTE, work: () => lab.sendDigest.execute() },
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

/** How people come to be told: whoever has the lease does it, in the order of the two. */
const tellingJobs = (lab: Lab, holder: string): SharedJob[] => {
  const { clock, notifications, fanOutEvents, deliverNotifications } = lab;
  // A process that cannot send what is due must not take the lease from one that can.
  const due = async (what: 'untold' | 'due') =>
    (await notifications.anythingDue(clock.now(), deliverNotifications.channels))[what];
  return [
    { name: 'fan-out-events', period: SECOND, work: () => fanOutEvents.execute(), due: () => due('untold') },
    {
      name: 'deliver-notifications',
      period: SECOND,
      work: () => deliverNotifications.execute(),
      due: () => due('due'),
    },
  ].map((job) => new SharedJob(job, lab.leases, lab.clock, holder));
};

/** Who is told how the jobs of this process go. */
export interface JobReport {
  /** A run did its work; one that found it done by another process is not told. */
  done(job: string): void;
  failed(job: string, error: unknown): void;
}

/**
 * Tells people every second, and soon after something was written in this process.
 * @returns how to stop: what is on its way may arrive.
 */
export const startTelling = (lab: Lab, holder: string, report: JobReport): (() => Promise<void>) => {
  const jobs = tellingJobs(lab, holder);
  let soon: NodeJS.Timeout | null = null;
  const rounds = jobs.map((job) => oneAtATime(job, report));
  // Each process tells those who look on there, whoever fanned it out.
  const watch = () =>
    lab.liveFeed.poll().catch((error: unknown) => {
      report.failed('live-feed', error);
    });
  const round = () => {
    soon = null;
    const [fanOut, deliver] = rounds;
    // What was just fanned out is due at once; a delivery that hangs does not keep the next from being fanned out.
    void fanOut?.().then(() => Promise.all([deliver?.(), watch()]));
  };
  const stopListening = lab.bell.listen(() => {
    soon ??= setTimeout(round, GATHERING).unref();
  });
  const timer = setInterval(round, SECOND).unref();
  return async () => {
    stopListening();
    clearInterval(timer);
    if (soon) clearTimeout(soon);
    await lab.deliverNotifications.stop();
    await Promise.all(rounds.map((job) => job.stop()));
  };
};

/** One run, which never rejects. */
const reported = async (job: SharedJob | OwnJob, report: JobReport): Promise<void> => {
  try {
    if ((await job.run()) !== false) report.done(job.name);
  } catch (error) {
    report.failed(job.name, error);
  }
};

/** Begins no run of the job before the last one is over; a failure is told, and nobody has to wait for one. */
const oneAtATime = (job: SharedJob | OwnJob, report: JobReport) => {
  let running: Promise<void> | null = null;
  let stopped = false;
  const run = (): Promise<void> =>
    stopped
      ? Promise.resolve()
      : (running ??= reported(job, report).finally(() => {
          running = null;
        }));
  /** Waits for the run under way; after it, another process may take over at once. */
  const stop = async (): Promise<void> => {
    stopped = true;
    await running;
    if (!(job instanceof SharedJob)) return;
    await job.release().catch((error: unknown) => {
      report.failed(job.name, error);
    });
  };
  return Object.assign(run, { period: job.period, stop });
};

/**
 * Runs the jobs now and then every period, each unless it still runs. One that fails is told and tried again.
 * @returns how to stop them: it waits for those that are at work, and leaves the shared ones to other processes.
 */
export const startJobs = (jobs: readonly (SharedJob | OwnJob)[], report: JobReport): (() => Promise<void>) => {
  const runs = jobs.map((job) => oneAtATime(job, report));
  const timers = runs.map((run) => {
    void run();
    return setInterval(() => void run(), run.period).unref();
  });
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await Promise.all(runs.map((run) => run.stop()));
  };
};
