import { expect } from 'chai';
import { serveSimulatedPdu } from '../../adapters/snmp/simulated/serve-simulated-pdu.js';
import { seedExampleLab } from '../../composition/seed-example-lab.js';
import { DAY, MINUTE } from '../../domain/index.js';
import { daysOf } from '../support/booking-forms.js';
import { forEveryStore } from '../support/labs.js';
import { ManualClock, MONDAY_MORNING } from '../support/manual-clock.js';
import { administrator, signedIn } from '../support/people.js';
import { clockPauses, ObedientRack, simulatedHardware } from '../support/power.js';
import { problem } from '../support/problem.js';
import { asCommunity, snmpget, withSnmpTools } from '../support/snmp-tools.js';

const STATE_OF_OUTLET_1 = '1.3.6.1.4.1.13742.6.4.1.2.1.3.1.1';
const [ON, OFF] = ['7', '8'];

forEveryStore('the example lab with its simulated PDU', (openLab) => {
  const open = async () => {
    const clock = new ManualClock();
    const rack = new ObedientRack(clock, 300);
    const { lab, app } = await openLab({ clock, pauses: clockPauses(clock), hardware: simulatedHardware(rack) });
    await seedExampleLab(lab);
    const root = await administrator(lab, app);
    const ada = await signedIn(app, 'ada');
    const bob = await signedIn(app, 'bob');
    const round = async (at: number) => {
      clock.set(Math.max(clock.now(), at));
      for (let n = 0; n < 3; n += 1) {
        await lab.powerDesk.tick();
        await lab.powerDesk.quiet();
        clock.advance(2_000);
      }
    };
    const outlet = async (number: number, agent = root) => {
      const { body } = await agent.get('/control-panel/pdus/PDU1/outlets').expect(200);
      return (body as { number: number; status: string; device: string }[]).find((known) => known.number === number);
    };
    return { clock, rack, lab, app, root, ada, bob, round, outlet };
  };
  type Opened = Awaited<ReturnType<typeof open>>;

  const booked = async ({ ada, root }: Opened, more: object = {}) => {
    const devices = (await ada.get('/api/devices').expect(200)).body as { id: number; deviceName: string }[];
    const device = devices.find(({ deviceName }) => deviceName === 'ROADM 1')!;
    const { body } = await ada
      .post('/bookings')
      .send(daysOf(device.id, ['2026-11-24'], more))
      .expect(200);
    const id = body.bookings[0].booking_id as number;
    await root.put(`/admin/bookings/${id}`).send({ status: 'CONFIRMED' }).expect(200);
    return { id, start: MONDAY_MORNING - 9 * 60 * MINUTE + DAY + MINUTE };
  };

  withSnmpTools('seen by snmpget too', () => {
    it('switches a booked device on for its slot and off after it, seen over HTTP and by snmpget', async () => {
      const opened = await open();
      const { rack, root, ada, round, outlet } = opened;
      const access = { readCommunity: 'public', writeCommunity: null };
      const served = await serveSimulatedPdu(rack.get('example-rack'), access);
      try {
        const state = () => snmpget(served.port, asCommunity('public'), STATE_OF_OUTLET_1);
        await round(0);
        expect(await outlet(1)).to.include({ status: 'off', device: 'ROADM 1' });
        expect(await state()).to.equal(OFF);
        const { start, id } = await booked(opened);
        const end = start + (24 * 60 - 2) * MINUTE;
        const plan = (await root.get('/control-panel/power/plan?hours=48').expect(200)).body.items as {
          outlet: number;
          at: string;
          action: string;
          booking_id: number | null;
          commands: string[];
        }[];
        expect(
          plan
            .filter((item) => item.outlet === 1)
            .map(({ at, action, commands }) => [Date.parse(at), action, commands]),
        ).to.deep.include.members([
          [start - 5 * MINUTE, 'on', ['SET PDU1 outlet 1 on']],
          [end + 10 * MINUTE, 'off', ['SET PDU1 outlet 1 off']],
        ]);
        await round(start - 5 * MINUTE);
        expect(await outlet(1)).to.include({ status: 'on' });
        expect(await state()).to.equal(ON);
        await round(start);
        await ada.put(`/bookings/${id}/cancel`).send({}).expect(200);
        await round(start + 9 * MINUTE);
        expect(await state()).to.equal(ON);
        await round(start + 11 * MINUTE);
        expect(await outlet(1)).to.include({ status: 'off' });
        expect(await state()).to.equal(OFF);
      } finally {
        served.close();
      }
    });
  });

  it('lets owner and collaborators see and switch their own outlet in their slot, and nobody else', async () => {
    const opened = await open();
    const { ada, bob, root, round, outlet, rack } = opened;
    const switchOutlet = (agent: typeof ada, number: number, status: string) =>
      agent.post(`/control-panel/pdus/PDU1/outlets/${number}/control`).send({ status });
    await round(0);
    const { start } = await booked(opened);
    await ada.get('/control-panel/pdus').expect(problem(403, 'permission.denied'));
    await switchOutlet(ada, 1, 'on').expect(problem(403, 'permission.denied', /confirmed booking of ROADM 1/));
    await round(start);
    await ada.get('/control-panel/pdus').expect(200);
    const seen = (await ada.get('/control-panel/pdus/PDU1/outlets').expect(200)).body as { number: number }[];
    expect(seen.map(({ number }) => number)).to.deep.equal([1]);
    await switchOutlet(ada, 1, 'off').expect(200);
    await round(start + 5 * MINUTE);
    // The lab does not switch against the people who have the device.
    expect(await outlet(1, ada)).to.include({ status: 'off' });
    await switchOutlet(ada, 2, 'on').expect(problem(403, 'permission.denied'));
    await ada.put('/control-panel/pdus/PDU1/outlets/1/device').send({ device_name: 'x' }).expect(403);
    await bob.get('/control-panel/pdus/PDU1').expect(problem(403, 'permission.denied'));
    await switchOutlet(bob, 1, 'on').expect(problem(403, 'permission.denied'));
    await switchOutlet(root, 1, 'on').expect(200);
    expect(rack.get('example-rack').outlet(1)?.state).to.equal('on');
    const cycled = await ada.post('/control-panel/pdus/PDU1/outlets/1/cycle').expect(202);
    const job = `/control-panel/jobs/${cycled.body.job_id as number}`;
    await bob.get(job).expect(404);
    await round(start + 7 * MINUTE);
    await round(start + 8 * MINUTE);
    expect((await ada.get(job).expect(200)).body).to.include({ state: 'done', outcome: 'confirmed', status: 'on' });
  });

  it('takes the word of those who look after gear that nothing can switch', async () => {
    const { root, round, outlet } = await open();
    await round(0);
    await root.post('/control-panel/pdus').send({ name: 'Shelf', host: 'shelf', driver: 'manual' }).expect(200);
    await root.post('/control-panel/pdus/Shelf/outlets/2/control').send({ status: 'off' }).expect(200);
    const { body } = await root.get('/control-panel/pdus/Shelf/outlets?refresh=true').expect(200);
    expect((body as { number: number; status: string }[]).map(({ number, status }) => [number, status])).to.deep.equal([
      [2, 'off'],
    ]);
    expect(await outlet(3)).to.include({ status: 'on' });
  });

  it('tells no credentials, keeps names with spaces, and answers as the control panel needs when a PDU is away', async () => {
    const { root, rack, round, lab } = await open();
    await round(0);
    const secret = { name: 'PDU 7 left', host: '127.0.0.1', port: 9, user: 'bob', passwd: 'hunter2-secret' };
    const added = await root.post('/control-panel/pdus').send(secret).expect(200);
    const list = await root.get('/control-panel/pdus').expect(200);
    expect(JSON.stringify([added.body, list.body])).to.not.include('hunter2');
    const kept = await lab.work.run(({ power }) => power.pdus());
    expect(JSON.stringify(kept)).to.not.include('hunter2');
    await root
      .post('/control-panel/pdus')
      .send({ ...secret, name: 'pdu 7  LEFT', host: 'h' })
      .expect(problem(400, 'pdu.duplicate'));
    await root
      .post('/control-panel/pdus')
      .send({ ...secret, name: 'PDU 8' })
      .expect(problem(400, 'pdu.duplicate'));
    await root
      .post('/control-panel/pdus')
      .send({ ...secret, name: 'x', driver: 'toaster' })
      .expect(problem(400, 'pdu.unknown-driver'));
    await root.delete('/control-panel/pdus/PDU%207%20left').expect(200);
    await root.get('/control-panel/pdus/PDU%207%20left').expect(problem(404, 'pdu.not-found'));

    rack.get('example-rack').fault = 'silent';
    await root.get('/control-panel/pdus/PDU1?refresh=true').expect(problem(503, 'pdu.unreachable', /Check/));
    await root.get('/control-panel/pdus/PDU1/outlets').expect(problem(503, 'pdu.unreachable', /^PDU is not connected/));
    const [pdu] = (await root.get('/control-panel/pdus').expect(200)).body as { connected: boolean; power: unknown }[];
    expect(pdu).to.include({ connected: false, power: null });
    expect((await root.get('/control-panel/pdus/PDU1/power').expect(200)).body).to.include({
      power: 'N/A',
      unit: 'Watt',
    });
    expect((await root.get('/control-panel/status').expect(200)).body).to.deep.equal({
      ...{ total_pdus: 1, connected_pdus: 0, avg_temperature: 'N/A', total_power: 'N/A' },
    });
    rack.get('example-rack').fault = null;
    await root.post('/control-panel/pdus/PDU1/connect').expect(200);
    expect((await root.get('/control-panel/status').expect(200)).body).to.include({ connected_pdus: 1 });
  });
});
