import { expect } from 'chai';
import { DAY, MINUTE } from '../../domain/index.js';
import { SharedJob } from '../../application/index.js';
import { sharedJobs } from '../../composition/jobs.js';
import { daysOf } from '../support/booking-forms.js';
import { aDevice } from '../support/devices.js';
import { forEveryStore } from '../support/labs.js';
import { ManualClock } from '../support/manual-clock.js';
import { signedIn } from '../support/people.js';

forEveryStore('jobs that processes share', (openLab) => {
  it('are done by one of them, until it has been gone for two periods', async () => {
    const clock = new ManualClock();
    const { lab } = await openLab({ clock });
    const done: string[] = [];
    const jobOf = (holder: string) => {
      const work = async () => void done.push(holder);
      return new SharedJob({ name: 'sweep', period: MINUTE, work }, lab.leases, clock, holder);
    };
    const [one, two] = [jobOf('one'), jobOf('two')];
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
