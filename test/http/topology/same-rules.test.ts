import { expect } from 'chai';
import { defaultBookingPolicy } from '../../../domain/index.js';
import { onDay, type ResolveBody } from '../../support/drawings.js';
import { importDevices } from '../../support/devices.js';
import { booked, slotsOf } from '../../support/groups.js';
import { forEveryStore } from '../../support/labs.js';
import { signedIn } from '../../support/people.js';
import { problem } from '../../support/problem.js';

const DAY = onDay('2026-11-24');
const ONE = { nodes: [{ id: 'n', deviceType: 'OTDR' }], edges: [] };

forEveryStore('topologies under the rules of bookings', (openLab) => {
  it('are not offered for times for which a type cannot be booked', async () => {
    const booking = { ...defaultBookingPolicy, deviceTypes: { otdr: { maxDays: 2, horizonDays: 5 } } };
    const { lab, app } = await openLab({ config: { booking } });
    await importDevices(lab, [{ device_type: 'OTDR', name: 'OTDR 1' }]);
    const ada = await signedIn(app, 'ada');
    const resolved = async (start_time: string, end_time: string) =>
      (
        await ada
          .post('/topology/resolve')
          .send({ ...ONE, start_time, end_time })
          .expect(200)
      ).body as ResolveBody;
    expect((await resolved(DAY.start_time, DAY.end_time)).total_options).to.equal(1);
    const long = await resolved('2026-11-24T09:00:00Z', '2026-11-27T09:00:00Z');
    expect([long.total_options, long.infeasible?.detail]).to.satisfy(
      ([options, detail]: [number, string]) => options === 0 && detail !== '',
    );
    expect((await resolved('2026-12-08T09:00:00Z', '2026-12-08T10:00:00Z')).total_options).to.equal(0);
    const earliest = { ...ONE, duration_minutes: 3 * 24 * 60, from: DAY.start_time };
    const { body } = await ada.post('/topology/earliest').send(earliest);
    expect((body as { start_time?: string | null }).start_time ?? null).to.equal(null);
  });

  it('keep the quotas of each type and of groups', async () => {
    const booking = { ...defaultBookingPolicy, maxGroups: 2, deviceTypes: { otdr: { maxDeviceHours: 20 } } };
    const { lab, app } = await openLab({ config: { booking } });
    await importDevices(
      lab,
      ['OTDR 1', 'OTDR 2', 'OTDR 3'].map((name) => ({ device_type: 'OTDR', name })),
    );
    const ada = await signedIn(app, 'ada');
    const drawn = (count: number) => ({
      nodes: Array.from({ length: count }, (_, n) => ({ id: `n${n}`, deviceType: 'OTDR' })),
      edges: [],
    });
    const offered = async (count: number, day: string) => {
      const reply = await ada.post('/topology/resolve').send({ ...drawn(count), ...onDay(day) });
      return (reply.body as ResolveBody).total_options > 0;
    };
    const book = async (count: number, day: string) =>
      (await ada.post('/topology/book').send({ ...drawn(count), ...onDay(day) })).status === 200;
    // Eight hours each: two fit into twenty, three do not; then none does, and then there are two groups.
    for (const [count, day, fits] of [
      [3, '2026-11-24', false],
      [1, '2026-11-24', true],
      [2, '2026-11-25', false],
      [1, '2026-11-25', true],
      [1, '2026-11-26', false],
    ] as const) {
      expect(await offered(count, day), `${count} on ${day}`).to.equal(fits);
      expect(await book(count, day), `${count} on ${day}`).to.equal(fits);
    }
  });

  it('keep the turnaround towards others, and let people go on with what they have', async () => {
    const booking = { ...defaultBookingPolicy, turnaroundMinutes: 30 };
    const { lab, app } = await openLab({ config: { booking } });
    const [device = 0] = await importDevices(lab, [{ device_type: 'OTDR', name: 'OTDR 1' }]);
    const [ada, bob] = [await signedIn(app, 'ada'), await signedIn(app, 'bob')];
    await booked(ada, slotsOf(device, ['2026-11-24 09:00-11:00']));
    const next = { ...ONE, start_time: '2026-11-24T11:00:00Z', end_time: '2026-11-24T13:00:00Z' };
    const options = async (agent: typeof ada) =>
      ((await agent.post('/topology/resolve').send(next).expect(200)).body as ResolveBody).total_options;
    expect([await options(ada), await options(bob)]).to.deep.equal([1, 0]);
    await ada.post('/topology/book').send(next).expect(200);
  });

  it('are not looked for in times that are over', async () => {
    const { lab, app } = await openLab();
    await importDevices(lab, [{ device_type: 'OTDR', name: 'OTDR 1' }]);
    const ada = await signedIn(app, 'ada');
    const past = { ...ONE, ...onDay('2025-11-24') };
    for (const path of ['resolve', 'suggest', 'book', 'check-availability']) {
      await ada.post(`/topology/${path}`).send(past).expect(problem(400, 'booking.in-past'));
    }
    const { start_time } = DAY;
    const half = await ada.post('/topology/check-availability').send({ ...ONE, start_time });
    problem(422)(half);
    expect(half.text).to.match(/belong together/);
  });

  it('know a device by any of its rows', async () => {
    const { lab, app } = await openLab();
    const port = (Out_Port: number) => ({ device_type: 'OTDR', name: 'OTDR 1', polatis_name: `PA-${Out_Port}` });
    const rows = await importDevices(lab, [port(1), port(2), { device_type: 'OTDR', name: 'OTDR 2' }]);
    const ada = await signedIn(app, 'ada');
    const chosen = async (other: object) => {
      const nodes = [{ id: 'n', deviceType: 'OTDR', ...other }];
      const reply = await ada.post('/topology/resolve').send({ nodes, edges: [], ...DAY });
      return (reply.body as ResolveBody).mappings.map((mapping) => mapping.node_mappings[0]!.physical_device_id);
    };
    expect(await chosen({ pin: rows[1] })).to.deep.equal([rows[0]]);
    expect(await chosen({ exclude: [rows[1]] })).to.deep.equal([rows[2]]);
    const several = { nodes: [{ id: 'n', deviceType: 'OTDR', pin: rows }], edges: [], ...DAY };
    await ada
      .post('/topology/resolve')
      .send(several)
      .expect(problem(400, undefined, /must be one device/));
  });
});
