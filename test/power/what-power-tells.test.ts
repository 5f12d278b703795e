import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Correspondents, tell } from '../support/correspondents.js';
import { importDevices } from '../support/devices.js';
import { forEveryStore } from '../support/labs.js';
import { LiveClient } from '../support/live-client.js';
import { ManualClock } from '../support/manual-clock.js';
import { administrator } from '../support/people.js';
import { ObedientRack, shortPauses, simulatedHardware } from '../support/power.js';

interface Noted {
  readonly action: string;
  readonly old_value: string | null;
  readonly new_value: string | null;
  readonly changed_by_username: string;
}

forEveryStore('what the power tells of devices', (openLab) => {
  const others = new Correspondents();
  before(() => others.start());
  after(() => others.stop());

  const open = async () => {
    const clock = new ManualClock();
    const rack = new ObedientRack(clock);
    const hardware = simulatedHardware(rack);
    const { lab, app, server } = await openLab({ clock, hardware, pauses: shortPauses, notifiers: others.notifiers });
    const root = await administrator(lab, app);
    const [first = 0, second = 0] = await importDevices(lab, [
      { name: 'ROADM 1', mgmt_ip: '192.0.2.1' },
      { name: 'ROADM 2' },
    ]);
    const outlets = [{ outlet_idx: 3, device_ip: '192.0.2.1' }];
    const pdu = { name: 'PDU 1', host: 'rack', driver: 'simulated', outlets };
    await root.post('/control-panel/pdus').send(pdu).expect(200);
    /** From what outlet to what outlet, the latest first. */
    const mapping = async (id: number) =>
      ((await root.get(`/api/inventory/devices/${id}/history`).expect(200)).body as Noted[])
        .filter(({ action }) => action === 'power_mapping_changed')
        .map(({ old_value, new_value, changed_by_username }) => [old_value, new_value, changed_by_username]);
    const assign = (id: number | null) =>
      root.put('/control-panel/pdus/PDU 1/outlets/3/device').send({ device_id: id }).expect(200);
    return { clock, rack, lab, server, root, first, second, mapping, assign };
  };

  it('stands in the history of each device that an outlet feeds from then on, or no more', async () => {
    const { root, first, second, mapping, assign } = await open();
    const [fed, fedNoMore] = [
      [null, 'PDU 1 outlet 3', 'root'],
      ['PDU 1 outlet 3', null, 'root'],
    ];
    expect(await mapping(first)).to.deep.equal([fed]);
    await assign(second);
    await assign(second);
    expect(await mapping(first)).to.deep.equal([fedNoMore, fed]);
    expect(await mapping(second)).to.deep.equal([fed]);
    await root.delete('/control-panel/pdus/PDU 1').expect(200);
    expect(await mapping(second)).to.deep.equal([fedNoMore, fed]);
    expect(await mapping(first)).to.have.length(2);
  });

  it('is how they are, for those who run the lab', async () => {
    const { clock, lab, root, first } = await open();
    const health = async () => {
      await lab.powerDesk.tick();
      await lab.powerDesk.quiet();
      const { items } = (await root.get('/admin/v2/devices').expect(200)).body as {
        items: { id: number; health: { status: string; metrics: object } | null }[];
      };
      return items.find(({ id }) => id === first)?.health;
    };
    await root.post('/control-panel/pdus/PDU 1/connect').expect(200);
    expect(await health()).to.deep.include({ status: 'ok' });
    expect((await health())?.metrics).to.include({ power: 'on', outlet: 3 });
    await root.post('/control-panel/pdus/PDU 1/outlets/3/control').send({ status: 'off' }).expect(200);
    clock.advance(60_000);
    expect((await health())?.metrics).to.include({ power: 'off', outlet: 3 });
  });

  it('is on the stream of those who look after it, with the outlet and how it is', async () => {
    const { lab, server, root, first } = await open();
    const { port } = server.address() as AddressInfo;
    const { url } = (await root.post('/api/events/tokens').expect(201)).body as { url: string };
    await lab.fanOutEvents.execute();
    await lab.liveFeed.poll();
    const { pathname, search } = new URL(url);
    const stream = await new LiveClient(`http://127.0.0.1:${port}`, { path: pathname + search }).opened();
    try {
      await root.post('/control-panel/pdus/PDU 1/outlets/3/control').send({ status: 'off' }).expect(200);
      await lab.fanOutEvents.execute();
      await lab.liveFeed.poll();
      const [message] = await stream.has(1);
      expect(message!.event).to.equal('power.changed');
      expect(message!.data).to.deep.include({
        ...{ pdu: 'PDU 1', outlet: 3, device: { id: first, name: 'ROADM 1' }, booking_id: null },
        ...{ before: 'on', after: 'off', confirmed: true },
      });
    } finally {
      stream.close();
    }
  });

  it('reaches the room of those who run the lab when something does not work', async () => {
    const { lab, rack, root } = await open();
    rack.get('rack').fault = 'stuck';
    await root.post('/control-panel/pdus/PDU 1/outlets/3/control').send({ status: 'off' }).expect(503);
    others.admins.posted.length = 0;
    await tell(lab);
    await lab.deliverNotifications.stop();
    const texts = others.admins.posted.map(({ content }) => content);
    expect(texts).to.have.length(1);
    expect(texts[0]).to.match(/^\*\*Power trouble\\: ROADM 1\*\*/);
    expect(texts[0]).to.include('PDU 1 outlet 3');
  });
});
