import { expect } from 'chai';
import { daysOf } from '../../support/booking-forms.js';
import { aDevice } from '../../support/devices.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

forEveryStore('repeating a request with an Idempotency-Key', (openLab) => {
  let open: OpenLab;
  let ada: Agent;
  let bob: Agent;

  before(async () => {
    open = await openLab();
    [ada, bob] = [await signedIn(open.app, 'ada'), await signedIn(open.app, 'bob')];
  });

  const ask = (agent: Agent, key: string, form: object) =>
    agent.post('/bookings').set('Idempotency-Key', key).send(form);

  it('gets the first answer again and books once', async () => {
    const form = daysOf(await aDevice(open.lab), ['2026-11-25', '2026-11-26']);
    const first = await ask(ada, 'k1', form).expect(200);
    expect((await ask(ada, 'k1', form).expect(200)).body).to.deep.equal(first.body);
    const { body } = await ada.get(`/bookings/user/${(await ada.get('/session')).body.user_id as number}`).expect(200);
    expect(body).to.have.length(2);
  });

  it('gets a refusal again, even when the slot has become free since', async () => {
    const form = daysOf(await aDevice(open.lab), ['2026-11-25']);
    const { body } = await bob.post('/bookings').send(form).expect(200);
    const refused = await ask(ada, 'k2', form).expect(409);
    await bob.put(`/bookings/${body.bookings[0].booking_id as number}/cancel`).expect(200);
    expect((await ask(ada, 'k2', form).expect(409)).body).to.deep.equal(refused.body);
    await ask(ada, 'k3', form).expect(200);
  });

  it('gets a refusal of what was not there again, even when it is there by now', async () => {
    const name = 'Not Here Yet';
    const day = daysOf(0, ['2026-11-25']).bookings[0]!;
    const form = { bookings: [{ ...day, device_id: undefined, device_type: 'ROADM', device_name: name }] };
    const refused = await ask(ada, 'k7', form).expect(problem(400, 'booking.unknown-device'));
    await aDevice(open.lab, { name });
    expect((await ask(ada, 'k7', form).expect(400)).body).to.deep.equal(refused.body);
    await ask(ada, 'k8', form).expect(200);
  });

  it('is each user’s own', async () => {
    const device = await aDevice(open.lab);
    await ask(ada, 'k4', daysOf(device, ['2026-11-25'])).expect(200);
    await ask(bob, 'k4', daysOf(device, ['2026-11-26'])).expect(200);
  });

  it('is refused for a different request, and when it is no key', async () => {
    const device = await aDevice(open.lab);
    await ask(ada, 'k5', daysOf(device, ['2026-11-25'])).expect(200);
    const other = await ask(ada, 'k5', daysOf(device, ['2026-11-26'])).expect(422);
    expect(other.body.code).to.equal('idempotency.key-reused');
    await ask(ada, 'k'.repeat(201), daysOf(device, ['2026-11-26'])).expect(422);
  });

  it('books once when the repetitions come at the same time', async () => {
    const form = daysOf(await aDevice(open.lab), ['2026-11-25']);
    const { default: supertest } = await import('supertest');
    const cookie = (
      await supertest(open.server)
        .post('/login')
        .send({ username: 'ada', password: (await import('../../support/people.js')).PASSWORD })
    ).get('set-cookie')![0]!;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        supertest(open.server).post('/bookings').set('cookie', cookie).set('Idempotency-Key', 'k6').send(form),
      ),
    );
    expect(answers.map((answer) => answer.status)).to.deep.equal(Array(10).fill(200));
    expect(new Set(answers.map((answer) => answer.body.grouped_booking_id as string)).size).to.equal(1);
  });
});
