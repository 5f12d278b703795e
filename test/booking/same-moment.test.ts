import { expect } from 'chai';
import { HOUR, isoOf } from '../../domain/index.js';
import { daysOf } from '../support/booking-forms.js';
import { deviceForm } from '../support/device-forms.js';
import { aDevice, importDevices } from '../support/devices.js';
import { forEveryStore, type OpenLab } from '../support/labs.js';
import { ManualClock } from '../support/manual-clock.js';
import { administrator, signedIn, type Agent } from '../support/people.js';

const DATES = ['2026-11-25', '2026-11-26'];
const ROUNDS = 15;

/** What the torture found once, made to happen often. */
forEveryStore('a lab in which things happen at the same moment', (openLab) => {
  const clock = new ManualClock();
  let open: OpenLab;
  let root: Agent;
  let ada: Agent;
  let bob: Agent;

  before(async () => {
    open = await openLab({ clock });
    root = await administrator(open.lab, open.server);
    [ada, bob] = [await signedIn(open.server, 'ada'), await signedIn(open.server, 'bob')];
  });

  const expectNoViolations = async (): Promise<void> => {
    expect((await open.lab.checkInvariants.execute()).violations).to.deep.equal([]);
  };

  it('keeps bookings with their device when one form moves its row and another only changes its status', async function () {
    this.timeout(60_000);
    for (let round = 0; round < ROUNDS; round += 1) {
      const row = (name: string, port: number) => ({
        name: `${name} ${round}`,
        in_port: `${port}`,
        out_port: `${port}`,
      });
      const [first = 0, second = 0] = await importDevices(open.lab, [row('Here', 1), row('Here', 2), row('There', 3)]);
      await ada.post('/bookings').send(daysOf(second, DATES)).expect(200);
      const form = (name: string, status: string) =>
        deviceForm({ deviceName: `${name} ${round}`, ip_address: null, status, In_Port: '1', Out_Port: '1' });
      const changes = [form('There', 'Available'), form('Here', 'Maintenance'), form('Here', 'Available')];
      await Promise.all(changes.map((change) => root.put(`/admin/devices/${first}`).send(change).expect(200)));
      await expectNoViolations();
    }
  });

  it('answers a repeated request alike when the slot becomes free between the repetitions', async function () {
    this.timeout(60_000);
    const device = await aDevice(open.lab);
    for (let round = 0; round < ROUNDS; round += 1) {
      const { body } = await bob.post('/bookings').send(daysOf(device, DATES)).expect(200);
      const ask = () => ada.post('/bookings').set('Idempotency-Key', `again ${round}`).send(daysOf(device, DATES));
      const cancel = () => bob.delete(`/api/bookings/group/${body.grouped_booking_id as string}`).expect(200);
      // Before, between or after the repetitions.
      const before = round % 5;
      const repetitions = (count: number) => Array.from({ length: count }, () => ask().then((answer) => answer));
      const early = repetitions(before);
      const cancelled = cancel().then(() => undefined);
      const answers = await Promise.all([...early, ...repetitions(5 - before)]);
      await cancelled;
      const said = new Set([...answers, await ask()].map(({ status, text }) => (status === 200 ? text : `${status}`)));
      expect(said.size, [...said].join(' and ')).to.equal(1);
      await Promise.all(
        answers.slice(0, 1).flatMap(({ body: granted }) => {
          const { grouped_booking_id: group } = granted as { grouped_booking_id?: string };
          return group === undefined ? [] : [ada.delete(`/api/bookings/group/${group}`).expect(200)];
        }),
      );
    }
    await expectNoViolations();
  });

  it('leaves no booking that holds a device which is removed when the booking has just run out of time', async () => {
    const device = await aDevice(open.lab);
    const slot = { start_time: isoOf(clock.now() + HOUR), end_time: isoOf(clock.now() + 2 * HOUR) };
    const body = { bookings: [{ device_id: device, ...slot }] };
    await ada.post('/bookings').send(body).expect(200);
    clock.advance(3 * HOUR);
    await root.delete(`/admin/devices/${device}`).expect(200);
    await expectNoViolations();
  });
});
