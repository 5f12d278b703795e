import { expect } from 'chai';
import { readSwf } from '../../adapters/swf/read-swf.js';
import { DomainError, LabZone, usualPlan, verdictsOn, walkForward } from '../../domain/index.js';
import { evaluationReport } from '../../composition/evaluation-report.js';

/** One job: submitted, waited, ran (seconds), on so many processors; the other fields are unknown. */
const job = (nth: number, submitted: number, waited: number, ran: number, processors: number) =>
  [nth, submitted, waited, ran, processors, ...Array.from({ length: 13 }, () => -1)].join(' ');

const began = Date.UTC(1993, 9, 1);
const trace = (...jobs: string[]) =>
  ['; Version: 2', `; UnixStartTime: ${began / 1000}`, '; MaxNodes: 3', '', ...jobs, ''].join('\n');

const slot = (from: number, to: number) => ({ start: began + from * 1000, end: began + to * 1000 });

describe('traces in the Standard Workload Format', () => {
  it('are read as bookings of the lowest free nodes, which nobody knew of before', () => {
    const { history, until } = readSwf(
      trace(
        job(1, 0, 10, 100, 2),
        job(2, 5, -1, 20, 1),
        job(3, 30, 0, 50, 1),
        job(4, 31, 0, -1, 1),
        job(5, 40, 80, 7, 9),
      ),
    );
    expect(history.devices.map(({ id }) => id)).to.deep.equal([1, 2, 3]);
    expect(history.bookings.map(({ deviceId, slot: held }) => ({ deviceId, held }))).to.deep.equal([
      { deviceId: 1, held: slot(5, 25) },
      { deviceId: 2, held: slot(10, 110) },
      { deviceId: 3, held: slot(10, 110) },
      { deviceId: 1, held: slot(30, 80) },
      ...[1, 2, 3].map((deviceId) => ({ deviceId, held: slot(120, 127) })),
    ]);
    for (const booking of history.bookings) expect(booking.createdAt).to.equal(booking.slot.start);
    expect(until).to.equal(began + 120_000);
  });

  it('are refused where they are something else', () => {
    for (const text of ['', '; only a comment', 'device,start,end', '1 2 3', trace(job(1, 0, 0, -1, 4))]) {
      expect(() => readSwf(text), text).to.throw(DomainError);
    }
  });

  it('can be evaluated: a machine that is busy by day is forecast better than by its base rate', () => {
    const day = 86_400;
    const jobs = Array.from({ length: 120 }, (_, nth) =>
      job(nth + 1, nth * day + 8 * 3600, 0, 12 * 3600, 1 + (nth % 3)),
    );
    const { history, until } = readSwf(trace(...jobs));
    const judged = walkForward(history, until, new LabZone('UTC'), usualPlan);
    const verdicts = verdictsOn(judged);
    expect(verdicts.map(({ horizonDays }) => horizonDays)).to.include.members([1, 3, 7, 14, 30]);
    for (const { length, skillOverBase } of verdicts) {
      if (length <= 4 * 3_600_000) expect(skillOverBase).to.be.above(0.3);
    }
    const report = evaluationReport(history, judged);
    expect(report)
      .to.match(/\| 30 d \| 3 days \|/)
      .and.to.match(/\| 90 to 100 % \| \d+ \|/);
    expect(evaluationReport(history, [])).to.include('too little history');
  });
});
