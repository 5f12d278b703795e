import { malformed, type BookingHistory, type Instant, type PastBooking } from '../../domain/index.js';

const SECOND = 1000;

/** Places of the fields of a job in the Standard Workload Format, version 2. */
const SUBMITTED = 1;
const WAITED = 2;
const RAN = 3;
const PROCESSORS = 4;
const FIELDS = 18;

/** More nodes are told apart by no forecast. */
const MOST_NODES = 10_000;

interface Job {
  readonly start: Instant;
  readonly end: Instant;
  readonly nodes: number;
}

const headerOf = (text: string, name: string): number | null => {
  const match = new RegExp(`^;\\s*${name}:\\s*(\\d+)`, 'm').exec(text);
  return match ? Number(match[1]) : null;
};

const jobsIn = (text: string, began: Instant): Job[] =>
  text.split('\n').flatMap((line, index) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith(';')) return [];
    const fields = trimmed.split(/\s+/).map(Number);
    if (fields.length !== FIELDS || fields.some((field) => Number.isNaN(field))) {
      throw malformed('swf.malformed', `Line ${index + 1} is not a job in the Standard Workload Format.`);
    }
    const field = (place: number) => fields[place] ?? -1;
    const [ran, nodes] = [field(RAN), field(PROCESSORS)];
    if (ran <= 0 || nodes <= 0) return [];
    const start = began + (field(SUBMITTED) + Math.max(field(WAITED), 0)) * SECOND;
    return [{ start, end: start + ran * SECOND, nodes }];
  });

/**
 * A trace of a parallel computer in the Standard Workload Format as a history of bookings: each node is a device, held
 * by the jobs that ran on it. The format does not say on which nodes: the lowest that were free are taken. When a job
 * would start was not known before, so that nothing is booked ahead.
 * @throws DomainError `swf.malformed`.
 */
export const readSwf = (text: string): { readonly history: BookingHistory; readonly until: Instant } => {
  const began = (headerOf(text, 'UnixStartTime') ?? 0) * SECOND;
  const jobs = jobsIn(text, began).sort((a, b) => a.start - b.start);
  const most = Math.max(0, ...jobs.map((job) => job.nodes));
  const nodes = Math.min(headerOf(text, 'MaxNodes') ?? headerOf(text, 'MaxProcs') ?? most, MOST_NODES);
  const [first] = jobs;
  if (!first || nodes === 0) throw malformed('swf.malformed', 'There is no job in the file that ran on any node.');
  const from = first.start;
  const freeFrom = new Float64Array(nodes).fill(from);
  const bookings: PastBooking[] = [];
  jobs.forEach(({ start, end, nodes: wanted }, nth) => {
    let taken = 0;
    for (let node = 0; node < nodes && taken < wanted; node += 1) {
      if ((freeFrom[node] ?? 0) > start) continue;
      freeFrom[node] = end;
      taken += 1;
      bookings.push({
        deviceId: node + 1,
        groupId: `${nth}`,
        slot: { start, end },
        createdAt: start,
        releasedAt: null,
      });
    }
  });
  const devices = Array.from({ length: nodes }, (_, node) => ({ id: node + 1, type: 'node', since: from }));
  const until = jobs.reduce((last, job) => Math.max(last, job.start), from);
  return { history: { from, devices, bookings, maintenance: [] }, until };
};
