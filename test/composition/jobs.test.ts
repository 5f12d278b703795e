import { expect } from 'chai';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import { DAY, MINUTE, SECOND } from '../../domain/index.js';
import { SharedJob, type Leases, type NotificationListings } from '../../application/index.js';
import { sharedJobs, startJobs, startTelling, type JobReport } from '../../composition/jobs.js';
import { daysOf } from '../support/booking-forms.js';
import { aDevice } from '../support/devices.js';
import { eventually } from '../support/eventually.js';
import { forEveryStore } from '../support/labs.js';
import { ManualClock } from '../support/manual-clock.js';
import { signedIn } from '../support/people.js';

const unreported: JobReport = {
  done: () => undefined,
  failed: (job, error) => {
    throw new Error(`${job} failed`, { cause: error });
  },
};

describe('jobs of one process', () => {
  let time: SinonFakeTimers;
  beforeEach(() => {
    time = useFakeTimers();
  });
  afterEach(() => {
    time.restore();
  });

  it('are begun every period, but not while they run', async () => {
    let begun = 0;
    let end = (): void => undefined;
    const slow = {
      ...{ name: 'slow', period: SECOND },
      run: () => {
        begun++;
        return new Promise<void>((resolve) => (end = resolve));
      },
    };
    const stop = startJobs([slow], unreported);
    await time.tickAsync(3 * SECOND);
    expect(begun).to.equal(1);
    end();
    await time.tickAsync(SECOND);
    expect(begun).to.equal(2);
    let stopped = false;
    const stopping = stop().then(() => (stopped = true));
    await time.tickAsync(SECOND);
    expect([begun, stopped]).to.deep.equal([2, false]);
    end();
    await stopping;
    await time.tickAsync(5 * SECOND);
    expect(begun).to.equal(2);
  });
});

forEveryStore('jobs that processes share', (openLab) => {
  /** One job of the processes `one` and `two`, which write down who did it. */
  const sharedByTwo = async () => {
    const clock = new ManualClock();
    const { lab } = await openLab({ clock });
    const done: string[] = [];
    const jobOf = (holder: string) => {
      const work = async () => void done.push(holder);
      return new SharedJob({ name: 'sweep', period: MINUTE, work }, lab.leases, clock, holder);
    };
    return { clock, done, one: jobOf('one'), two: jobOf('two') };
  };

  it('are done by one of them, until it has been gone for two periods', async () => {
    const { clock, done, one, two } = await sharedByTwo();
    expect(await one.run()).to.equal(true);
    expect(await two.run()).to.equal(false);
    clock.advance(MINUTE);
    expect(await two.run()).to.equal(false);
    expect(await one.run()).to.equal(true);
    clock.advance(2 * MINUTE);
    expect(await two.run()).to.equal(true);
    expect(await one.run()).to.equal(false);
    expect(done).to.deep.equal(['one', 'one', 'two']);
  });

  it('are left to the others at once by a process that stops, and not begun again there', async () => {
    const { done, one, two } = await sharedByTwo();
    const stop = startJobs([one], unreported);
    await stop();
    expect(done).to.deep.equal(['one']);
    expect(await two.run()).to.equal(true);
    await one.release();
    expect(await one.run()).to.equal(false);
  });

  it('are not taken up again by a delivery that waited for what it delivers', async () => {
    const { lab } = await openLab();
    const asked: string[] = [];
    let answer: ((isMine: boolean) => void) | undefined;
    const leases: Leases = {
      acquire: (name) => {
        asked.push(name);
        return new Promise<boolean>((resolve) => (answer = resolve));
      },
      release: () => Promise.resolve(),
    };
    const notifications: NotificationListings = Object.assign(Object.create(lab.notifications), {
      anythingDue: () => Promise.resolve({ untold: true, due: true }),
    });
    const stop = startTelling({ ...lab, leases, notifications }, 'one', unreported);
    lab.bell.ring([]);
    await eventually('the fan-out', () => asked.length > 0);
    const stopping = stop();
    answer?.(false);
    await stopping;
    expect(asked).to.deep.equal(['fan-out-events']);
  });

  it('write down what has expired, and forget sessions and answers that nobody needs', async () => {
    const clock = new ManualClock();
    const { lab, app } = await openLab({ clock });
    const ada = await signedIn(app, 'ada');
    const adaId = (await ada.get('/session')).body.user_id as number;
    const device = await aDevice(lab);
    const form = daysOf(device, ['2026-11-24']);
    const { body } = await ada.post('/bookings').set('Idempotency-Key', 'k').send(form).expect(200);
    clock.advance(8 * DAY);
    for (const job of sharedJobs(lab, 'one')) expect(await job.run()).to.equal(true);
    const kept = await lab.work.run(async ({ bookings, keptAnswers }) => ({
      booking: await bookings.find(body.bookings[0].booking_id as number),
      answer: await keptAnswers.take(adaId, 'k', 'another', clock.now()),
    }));
    expect(kept.booking?.status).to.equal('EXPIRED');
    expect(kept.answer).to.equal(null);
    await ada.get('/bookings/for-week?start=2026-11-23').expect(401);
  });
});
