import { expect } from 'chai';
import type { Lab } from '../../../composition/compose.js';
import { importDevices } from '../../support/devices.js';
import { forEveryStore, labsIn, type OpenLab } from '../../support/labs.js';
import { aFibre, aPatch, atPort, importWiredLab, linksText } from '../../support/link-forms.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { problem, problemOf } from '../../support/problem.js';
import { onSqlite } from '../../support/stores.js';
import { importFile, labText } from '../../support/inventory-file.js';

interface LinkBody {
  readonly id: number;
  readonly link_id: string | null;
  readonly kind: string;
  readonly a: { readonly device_id: number; readonly device_name: string; readonly port: string | null };
}

interface TraceBody {
  readonly start: { readonly device_id: number; readonly port: string };
  readonly hops: readonly { device_id: number; device_name: string; port: string; via: string; loss_db: number }[];
  readonly total_length_km: number;
  readonly total_loss_db: number;
  readonly end: { readonly device_id: number; device_name: string; readonly port: string; readonly reason: string };
}

/** Two transponders, and a patch switch of four. */
const bench = async (lab: Lab): Promise<[number, number, number]> =>
  (await importDevices(lab, [
    { ports: 'L1:line;C1:client' },
    { ports: 'L1:line;C1:client' },
    { name: 'Switch', device_type: 'Polatis Switch', ports: '1-4:in;5-8:out' },
  ])) as [number, number, number];

forEveryStore('the links of the lab', (openLab) => {
  let opened: OpenLab;
  let admin: Agent;
  let devices: [number, number, number];

  beforeEach(async () => {
    opened = await openLab();
    admin = await administrator(opened.lab, opened.app);
    devices = await bench(opened.lab);
  });

  it('are added, read, changed and removed', async () => {
    const [one, other, patch] = devices;
    const form = { ...aPatch(atPort(one, 'L1'), patch, 1, 5), link_id: 'L9001', notes: 'Ω bench' };
    const added = (await admin.post('/api/inventory/links').send(form).expect(201)).body as LinkBody;
    expect(added).to.deep.include({ link_id: 'L9001', kind: 'patch', direction: 'both', strands: 2, loss_db: 0.5 });
    expect(added.a).to.deep.include({ device_id: one, port: 'L1', in_port: null, out_port: null });
    await admin.get(`/api/inventory/links/${added.id}`).expect(200, added);
    await admin.get('/api/inventory/links').expect(200, [added]);
    await admin.get(`/api/inventory/links?device_id=${other}`).expect(200, []);
    await admin.get(`/api/inventory/links?device_id=${patch}&kind=patch`).expect(200, [added]);

    const moved = { ...form, ...aPatch(atPort(other, 'L1'), patch, 2, 6) };
    const changed = (await admin.put(`/api/inventory/links/${added.id}`).send(moved).expect(200)).body as LinkBody;
    expect(changed.a).to.deep.include({ device_id: other });
    await admin.delete(`/api/inventory/links/${added.id}`).expect(200);
    await admin.get(`/api/inventory/links/${added.id}`).expect(problem(404, 'link.not-found'));
    await admin.put(`/api/inventory/links/${added.id}`).send(moved).expect(problem(404, 'link.not-found'));
    await admin.delete(`/api/inventory/links/${added.id}`).expect(problem(404, 'link.not-found'));
  });

  it('take up a port or a number of a switch once', async () => {
    const [one, other, patch] = devices;
    await admin
      .post('/api/inventory/links')
      .send(aPatch(atPort(one, 'L1'), patch, 1, 5))
      .expect(201);
    for (const form of [
      aFibre(atPort(one, 'L1'), atPort(other, 'L1')),
      aPatch(atPort(other, 'L1'), patch, 1, 6),
      aPatch(atPort(other, 'L1'), patch, 2, 5),
    ]) {
      const reply = await admin.post('/api/inventory/links').send(form).expect(problem(409, 'link.port-in-use'));
      expect(problemOf(reply).detail).not.to.match(/conflict|already booked/);
    }
    await admin
      .post('/api/inventory/links')
      .send(aPatch(atPort(other, 'L1'), patch, 2, 6))
      .expect(201);
  });

  it('are refused with everything that is wrong with them', async () => {
    const [one, other, patch] = devices;
    const refused = async (form: object, detail: RegExp) => {
      await admin
        .post('/api/inventory/links')
        .send(form)
        .expect(problem(400, 'link.impossible', detail));
    };
    await refused(aFibre(atPort(one, 'L9'), atPort(other, 'X')), /has no port 'L9'.*has no port 'X'/);
    await refused(aPatch(atPort(one, 'L1'), patch, 5, 1), /no port 5 of kind 'in'.*no port 1 of kind 'out'/);
    await refused({ ...aPatch(atPort(one, 'L1'), patch, 1, 5), direction: 'a_to_b' }, /not used in this direction/);
    await refused({ ...aPatch(atPort(one, 'L1'), patch, 1, 5), strands: 1 }, /duplex/);
    await refused({ ...aFibre(atPort(one, 'L1'), atPort(other, 'L1')), kind: 'inline' }, /both ends on one device/);
    await refused(aFibre(atPort(one, 'L1'), atPort(one, 'L1')), /both ends are the same/);
    await admin
      .post('/api/inventory/links')
      .send(aFibre(atPort(one, 'L1'), atPort(2_000_000, 'L1')))
      .expect(problem(400, 'link.unknown-device', /device 2000000/));
    await admin.get('/api/inventory/links').expect(200, []);
  });

  it('are written by those who may write devices, and read by everybody', async () => {
    const [one, other] = devices;
    const ada = await signedIn(opened.app, 'ada');
    const form = aFibre(atPort(one, 'L1'), atPort(other, 'L1'));
    await ada.post('/api/inventory/links').send(form).expect(problem(403, 'permission.denied'));
    const { id } = (await admin.post('/api/inventory/links').send(form).expect(201)).body as LinkBody;
    await ada.get(`/api/inventory/links/${id}`).expect(200);
    await ada.put(`/api/inventory/links/${id}`).send(form).expect(problem(403));
    await ada.delete(`/api/inventory/links/${id}`).expect(problem(403));
    await ada.post('/api/inventory/links/import').type('text/csv').send(linksText()).expect(problem(403));
  });

  it('go with the device that they end at', async () => {
    const [one, other] = devices;
    await admin
      .post('/api/inventory/links')
      .send(aFibre(atPort(one, 'L1'), atPort(other, 'L1')))
      .expect(201);
    await admin.delete(`/admin/devices/${one}`).expect(200);
    await admin.get('/api/inventory/links').expect(200, []);
  });
});

onSqlite('the wired lab', (open) => {
  const openLab = labsIn(open);
  let admin: Agent;
  let lab: Lab;

  const traced = async (deviceId: number, port: string): Promise<TraceBody> =>
    (await admin.get(`/api/inventory/devices/${deviceId}/trace?port=${encodeURIComponent(port)}`).expect(200))
      .body as TraceBody;

  before(async () => {
    const opened = await openLab();
    ({ lab } = opened);
    admin = await administrator(lab, opened.app);
    await importFile(lab, labText());
  });

  it('is previewed, taken, and taken again without a change', async () => {
    const send = (query: string) =>
      admin.post(`/api/inventory/links/import${query}`).type('text/csv').send(linksText());
    const preview = (await send('?dry_run=true').expect(200)).body as { changes: object[] };
    expect(preview).to.deep.include({ dry_run: true, created: 317, updated: 0, unchanged: 0, errors: [] });
    expect(preview.changes[0]).to.deep.equal({ line: 2, link_id: 'L0001', action: 'created', fields: [] });
    await admin.get('/api/inventory/links').expect(200, []);
    expect((await send('').expect(200)).body).to.deep.include({ dry_run: false, created: 317 });
    expect((await send('').expect(200)).body).to.deep.include({ created: 0, updated: 0, unchanged: 317 });
  });

  it('says what changes, by column, also from JSON', async () => {
    const row = {
      ...{ link_id: 'L0209', kind: 'direct', direction: 'both', strands: 2, length_km: 0.008, loss_db: 0.34 },
      ...{ a_oi_id: 'OI-DEV-001034', a_port: 'EXP', b_oi_id: 'OI-DEV-001036', b_port: 'EXP' },
      ...{ fiber_type: 'OS2', notes: 'Express between degrees' },
    };
    const reply = await admin.post('/api/inventory/links/import?dry_run=1').send([row]).expect(200);
    expect((reply.body as { changes: object[] }).changes).to.deep.equal([
      { line: 2, link_id: 'L0209', action: 'updated', fields: ['length_km'] },
    ]);
  });

  it('refuses a file with every mistake in it, and takes nothing of it', async () => {
    const broken = linksText()
      .replace('OI-DEV-001001,TeraFlex 1,L1', 'OI-DEV-009999,TeraFlex 1,L1')
      .replace('TeraFlex 1,L2,,,OI-DEV-001139,Polatis A,,11,203', 'TeraFlex 1,L2,,,OI-DEV-001139,Polatis A,,149,203')
      .replace('L0005,patch,both', 'L0004,patch,sideways')
      .replace('24.800,5.86', 'far,5.86');
    const reply = await admin.post('/api/inventory/links/import').type('text/csv').send(broken);
    const { errors } = problemOf(reply) as unknown as { errors: { line: number; column: string; detail: string }[] };
    expect(reply.status).to.equal(422);
    expect(errors.map(({ line, column }) => [line, column])).to.deep.equal([
      [6, 'direction'],
      [6, 'link_id'],
      [207, 'length_km'],
    ]);
    const unknown = linksText().replace('OI-DEV-001001,TeraFlex 1,L1', 'OI-DEV-009999,TeraFlex 1,L1');
    const shared = unknown.replace('OI-DEV-001139,Polatis A,,11,203', 'OI-DEV-001139,Polatis A,,149,203');
    const second = await admin.post('/api/inventory/links/import').type('text/csv').send(shared);
    const found = (problemOf(second) as unknown as { errors: { line: number; column: string; detail: string }[] })
      .errors;
    expect(found.map(({ line, column }) => [line, column])).to.deep.equal([
      [2, 'a_oi_id'],
      [4, 'b_port'],
    ]);
    for (const content of ['', 'link_id\nL1\n', '"']) {
      const bad = await admin.post('/api/inventory/links/import').type('text/csv').send(content);
      expect(bad.status, content).to.equal(422);
    }
  });

  it('is traced to the end, over spools and amplifiers, the same from both ends', async () => {
    const devices = await lab.work.run((stores) => stores.devices.all());
    const idOf = (name: string) => devices.find((device) => device.name === name)!.id;
    const there = await traced(idOf('ROADM 11'), 'LINE-E');
    expect(there.end).to.deep.equal({
      ...{ device_id: idOf('ROADM 12'), device_name: 'ROADM 12', port: 'LINE-W', reason: 'device' },
    });
    expect(there.hops.map(({ device_name, via }) => `${device_name} ${via}`)).to.deep.equal([
      'SMF 25km 11 direct',
      'SMF 25km 11 inline',
      'ILA 7 direct',
      'ILA 7 inline',
      'SMF 25km 12 direct',
      'SMF 25km 12 inline',
      'ROADM 12 direct',
    ]);
    expect(there.total_length_km).to.equal(50.19);
    expect(there.total_loss_db).to.equal(-9.87);
    const back = await traced(idOf('ROADM 12'), 'LINE-W');
    expect(back).to.deep.include({ total_length_km: there.total_length_km, total_loss_db: there.total_loss_db });
    const places = ({ start, hops }: TraceBody) =>
      [start, ...hops].map(({ device_id, port }) => `${device_id} ${port}`);
    expect(places(back)).to.deep.equal(places(there).reverse());
  });

  it('is traced to a patch switch that nobody has connected, to nothing, and to no unknown port', async () => {
    const devices = await lab.work.run((stores) => stores.devices.all());
    const idOf = (name: string) => devices.find((device) => device.name === name)!.id;
    const patched = await traced(idOf('ROADM 1'), 'LINE');
    expect(patched.end).to.deep.include({ device_name: 'Polatis A', port: '6/198', reason: 'unpatched' });
    const nothing = await traced(idOf('ROADM 1'), 'AD4');
    expect(nothing).to.deep.include({ hops: [], total_length_km: 0, total_loss_db: 0 });
    expect(nothing.end.reason).to.equal('unconnected');
    await admin
      .get(`/api/inventory/devices/${idOf('ROADM 1')}/trace?port=X`)
      .expect(problem(404, 'device.unknown-port'));
    await admin.get(`/api/inventory/devices/${idOf('ROADM 1')}/trace`).expect(problem(422));
    await admin.get('/api/inventory/devices/99999/trace?port=X').expect(problem(404, 'device.not-found'));
  });
});

onSqlite('the whole wired lab', (open) => {
  const openLab = labsIn(open);

  it('reads the same from both ends of every fibre', async () => {
    const { lab } = await openLab();
    await importWiredLab(lab);
    const { viewPlant } = lab.httpParts.useCases;
    let ends = 0;
    for (const link of await viewPlant.links({ deviceId: null, kind: 'direct' })) {
      for (const { deviceId, port } of [link.a, link.b]) {
        const there = await viewPlant.trace(deviceId, port!, null);
        if (there.end !== 'device') continue;
        const last = there.hops[there.hops.length - 1]!;
        const back = await viewPlant.trace(last.thingId, last.port, null);
        const places = [`${there.start.row.id} ${port}`, ...there.hops.map((hop) => `${hop.thingId} ${hop.port}`)];
        const backwards = [`${last.thingId} ${last.port}`, ...back.hops.map((hop) => `${hop.thingId} ${hop.port}`)];
        // A port in the middle of a way is not where the way back ends.
        expect(backwards.slice(0, places.length)).to.deep.equal(places.toReversed());
        ends += 1;
      }
    }
    expect(ends).to.be.above(200);
  });
});
