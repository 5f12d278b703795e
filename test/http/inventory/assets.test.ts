import { expect } from 'chai';
import supertest from 'supertest';
import {
  addedAsset,
  addedEntry,
  assetForm,
  assetNow,
  historyOf,
  storyOf,
  type AssetBody,
} from '../../support/assets.js';
import { changedForm, listedDevice } from '../../support/device-forms.js';
import { aDevice } from '../../support/devices.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { administrator, signedIn, somebodyWith, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

forEveryStore('the assets', (openLab) => {
  let here: OpenLab;
  let admin: Agent;
  let ada: Agent;
  let roadm: number;
  let otdr: number;
  let maker: number;
  let site: number;
  let tags: number[];
  before(async () => {
    here = await openLab();
    admin = await administrator(here.lab, here.app);
    ada = await signedIn(here.app, 'ada');
    roadm = await addedEntry(admin, 'device-types', { name: 'ROADM', category: 'optical' });
    otdr = await addedEntry(admin, 'device-types', { name: 'OTDR', category: 'OPTICAL' });
    maker = await addedEntry(admin, 'manufacturers', { name: 'Lumentum' });
    site = await addedEntry(admin, 'sites', { name: 'Dublin Lab' });
    tags = [
      await addedEntry(admin, 'tags', { name: 'flexgrid', color: '#abc' }),
      await addedEntry(admin, 'tags', { name: 'loan' }),
    ];
  });

  const path = '/api/inventory/devices';
  const list = async (query: string, agent = ada): Promise<{ items: AssetBody[]; total: number }> =>
    (await agent.get(`${path}?${query}`).expect(200)).body as { items: AssetBody[]; total: number };
  let names = 0;
  const added = (fields: object = {}) => addedAsset(admin, roadm, { name: `Asset ${(names += 1)}`, ...fields });

  describe('as the page reads and writes them', () => {
    it('are shown with nested objects and flat names, and everybody who is signed in may look', async () => {
      const { id } = await added({ manufacturer_id: maker, site_id: site, u_position: 4, mgmt_ip: '2001:db8::7' });
      const asset = await assetNow(ada, id);
      expect(asset).to.deep.include({
        ...{ device_type_id: roadm, device_type_name: 'ROADM', manufacturer_id: maker, manufacturer_name: 'Lumentum' },
        ...{ manufacturer: { id: maker, name: 'Lumentum' }, site: { id: site, name: 'Dublin Lab' }, u_position: 4 },
        ...{ site_id: site, site_name: 'Dublin Lab', mgmt_ip: '2001:db8::7', tags: [], oi_id: null, version: 1 },
      });
      expect(asset.device_type).to.include({ id: roadm, name: 'ROADM' });
      expect((await list(`search=${encodeURIComponent(asset.name)}`)).items).to.deep.include(asset);
    });

    it('are for people with a session, and changed by those who may', async () => {
      const { id } = await added();
      await supertest(here.app).get(path).expect(problem(401, 'session.required'));
      for (const agent of [ada, await somebodyWith(here.lab, here.app, 'Approver', 'kim')]) {
        await agent.post(path).send(assetForm(roadm)).expect(problem(403, 'permission.denied'));
        await agent.put(`${path}/${id}`).send({ notes: 'x' }).expect(problem(403));
        await agent.delete(`${path}/${id}`).expect(problem(403));
        await agent
          .post(`${path}/bulk-update`)
          .send({ device_ids: [id], updates: { status: 'spare' } })
          .expect(403);
        await agent.post(`${path}/${id}/tags`).send({ tag_ids: tags }).expect(problem(403));
      }
    });

    it('keep their inventory number when the page sends none, and take a number for text', async () => {
      const { id } = await added({ oi_id: 'OI-DEV-7' });
      await admin
        .put(`${path}/${id}`)
        .send(assetForm(roadm, { name: 'Renumbered', oi_id: null }))
        .expect(200);
      expect((await assetNow(ada, id)).oi_id).to.equal('OI-DEV-7');
      await admin.put(`${path}/${id}`).send({ oi_id: 123 }).expect(200);
      expect((await ada.get(`${path}/oi/123`).expect(200)).body).to.include({ id, oi_id: '123', name: 'Renumbered' });
      await ada.get(`${path}/oi/none`).expect(problem(404, 'device.not-found', "Device with oi_id 'none' not found"));
    });

    it('lose what a full form leaves blank, and keep what a partial one leaves out', async () => {
      const { id, name } = await added({ notes: 'fan', rack: 'A01', site_id: site });
      await admin.patch(`${path}/${id}`).send({ rack: 'A02' }).expect(200);
      expect(await assetNow(ada, id)).to.include({ notes: 'fan', rack: 'A02', site_id: site });
      await admin
        .put(`${path}/${id}`)
        .send(assetForm(roadm, { name, notes: 'moved' }))
        .expect(200);
      expect(await assetNow(ada, id)).to.deep.include({ notes: 'moved', rack: null, site_id: null, site: null });
    });

    it('are at once what can be booked', async () => {
      const { id, name } = await added({ in_port: 4, out_port: 36, ports: ['line1:line'] });
      const devices = (await ada.get('/api/devices').expect(200)).body as { id: number }[];
      expect(devices.find((device) => device.id === id)).to.include({ deviceName: name, In_Port: 4, Out_Port: 36 });
      expect((await assetNow(ada, id)).ports).to.deep.equal(['line1:line']);
    });

    it('take the maintenance texts of the first scheduler, and show them', async () => {
      const window = { maintenance_start: 'All Day/2026-12-02', maintenance_end: 'All Day/2026-12-03' };
      const { id } = await added(window);
      expect(await assetNow(ada, id)).to.include(window);
      expect(await listedDevice(admin, id)).to.include(window);
      await admin.put(`${path}/${id}`).send({ notes: 'x' }).expect(200);
      expect(await assetNow(ada, id)).to.include(window);
      await admin.put(`${path}/${id}`).send({ maintenance_start: null, maintenance_end: null }).expect(200);
      expect(await assetNow(ada, id)).to.include({ maintenance_start: null, maintenance_end: null });
    });

    it('are removed, and not found any more', async () => {
      const { id } = await added();
      await admin.delete(`${path}/${id}`).expect(204);
      await ada.get(`${path}/${id}`).expect(problem(404, 'device.not-found', `Device with ID ${id} not found`));
      await admin.put(`${path}/${id}`).send({ notes: 'x' }).expect(problem(404, 'device.not-found'));
      await admin.delete(`${path}/${id}`).expect(problem(404, 'device.not-found'));
    });
  });

  describe('asked for', () => {
    it('come in pages, the newest first, and in the order that is asked for', async () => {
      for (const name of ['zeta', 'Alpha', 'beta']) await added({ name, owner_group: 'sorted' });
      const named = async (query: string) => (await list(`search=sorted&${query}`)).items.map(({ name }) => name);
      expect(await named('')).to.deep.equal(['beta', 'Alpha', 'zeta']);
      expect(await named('sort=name')).to.deep.equal(['Alpha', 'beta', 'zeta']);
      expect(await named('sort=-name')).to.deep.equal(['zeta', 'beta', 'Alpha']);
      expect(await named('limit=1&offset=1&sort=name')).to.deep.equal(['beta']);
      expect(await list('search=sorted&limit=1')).to.include({ total: 3, limit: 1, offset: 0 });
      expect(await named('offset=3')).to.deep.equal([]);
    });

    it('match filters, of which blank ones are none', async () => {
      const { id } = await addedAsset(admin, otdr, { name: 'Filtered', status: 'spare', site_id: site });
      await admin.post(`${path}/${id}/tags`).send({ tag_ids: tags }).expect(200);
      const ids = async (query: string) => (await list(query)).items.map((asset) => asset.id);
      for (const query of [
        `device_type_id=${otdr}`,
        'status=spare',
        `status=SPARE&site_id=${site}`,
        `tag_ids=${tags[1]}`,
        `tag_ids=${tags.join(',')}`,
      ]) {
        expect(await ids(`${query}&search=filt&manufacturer_id=`), query).to.deep.equal([id]);
      }
      expect(await ids(`device_type_id=${otdr}&status=active`)).to.deep.equal([]);
      expect(await ids('status=&site_id=&device_type_id=&sort=&tag_ids=&search=filtered')).to.deep.equal([id]);
    });

    const wrong: readonly (readonly [string, number])[] = [
      ['tag_ids=abc', 422],
      ['tag_ids=1,,2', 422],
      ['device_type_id=x', 422],
      ['limit=0', 422],
      ['limit=501', 422],
      ['limit=-1', 422],
      ['offset=-1', 422],
      ['sort=password', 422],
      ['status=Banana', 400],
      ['search=%00', 422],
    ];
    for (const [query, status] of wrong) {
      it(`are refused for ${query}`, () => ada.get(`${path}?${query}`).expect(problem(status)));
    }

    it('are counted by status, type and site', async () => {
      const { body } = await ada.get('/api/inventory/stats/summary').expect(200);
      expect(body.total_devices).to.equal((await list('limit=1')).total);
      expect(body.by_status.active).to.be.greaterThan(3);
      expect(body.by_device_type.ROADM).to.be.greaterThan(3);
      expect(body.by_site['Dublin Lab']).to.be.greaterThan(0);
      expect(body.by_site.Unassigned).to.be.greaterThan(0);
    });
  });

  describe('refused', () => {
    const cases: Readonly<Record<string, readonly [object, number, RegExp]>> = {
      'without a name': [{ name: null }, 422, /name/],
      'with a blank name': [{ name: '  ' }, 422, /blank/],
      'with a name of 300 characters': [{ name: 'x'.repeat(300) }, 422, /name/],
      'without a type': [{ device_type_id: null }, 422, /device_type_id/],
      'of an unknown type': [{ device_type_id: 99_999 }, 404, /^Device type with ID 99999 not found$/],
      'of an unknown manufacturer': [{ manufacturer_id: 99_999 }, 404, /^Manufacturer with ID 99999 not found$/],
      'at an unknown site': [{ site_id: 99_999 }, 404, /^Site with ID 99999 not found$/],
      'in an unknown status': [{ status: 'Banana' }, 400, /Banana.*active, in_maintenance/],
      'with a negative position': [{ u_position: -1 }, 422, /u_position/],
      'with half a position': [{ u_position: 1.5 }, 422, /u_position/],
      'with an invalid address': [{ mgmt_ip: '10.0.0.256' }, 422, /not an IP address/],
      'with an address and a mask': [{ mgmt_ip: '10.0.0.1/24' }, 422, /not an IP address/],
      'with a port that is none': [{ ports: ['line1'] }, 422, /<name>:<kind>/],
      'with endless notes': [{ notes: 'x'.repeat(2001) }, 422, /notes/],
      'with what is not text': [{ model: 'a\0b' }, 422, /not text/],
    };
    for (const [title, [fields, status, detail]] of Object.entries(cases)) {
      it(`are those ${title}, and nothing is written`, async () => {
        const before = await here.store.rows();
        const name = 'Refused';
        await admin
          .post(path)
          .send(assetForm(roadm, { name, ...fields }))
          .expect(problem(status, undefined, detail));
        expect((await here.store.rows()).devices).to.deep.equal(before.devices);
      });
    }

    it('are those with a serial number or an inventory number that another has', async () => {
      const { id } = await added({ serial_number: 'S-1', oi_id: 'OI-1' });
      const other = await added();
      for (const [fields, detail] of [
        [{ serial_number: 'S-1' }, "Device with serial number 'S-1' already exists"],
        [{ oi_id: 'OI-1' }, "Device with oi_id 'OI-1' already exists"],
      ] as const) {
        await admin
          .post(path)
          .send(assetForm(roadm, { name: 'Twin', ...fields }))
          .expect(problem(400, 'device.duplicate', detail));
        await admin
          .put(`${path}/${other.id}`)
          .send(fields)
          .expect(problem(400, 'device.duplicate', detail));
      }
      expect(await assetNow(ada, other.id)).to.deep.equal(other);
      await admin.put(`${path}/${id}`).send({ serial_number: 'S-1', oi_id: 'OI-1' }).expect(200);
    });

    it('are twins: a further row of a device needs a patch port of its own', async () => {
      const { id } = await added({ name: 'Twin device' });
      await admin
        .post(path)
        .send(assetForm(roadm, { name: 'TWIN  device' }))
        .expect(problem(400, 'device.duplicate'));
      await admin
        .post(path)
        .send(assetForm(roadm, { name: 'Twin device', in_port: 77 }))
        .expect(201);
      expect((await listedDevice(admin, id)).deviceName).to.equal('Twin device');
    });
  });

  describe('changed many at once', () => {
    const bulk = (body: object) => admin.post(`${path}/bulk-update`).send(body);

    it('say of each what became of it, and name none twice', async () => {
      const [a, b] = [await added(), await added()];
      const { body } = await bulk({
        device_ids: [a.id, 99_999, b.id, a.id],
        updates: { status: 'unavailable', rack: 'B7' },
      }).expect(200);
      expect(body.succeeded).to.deep.equal([a.id, b.id]);
      expect(body.failed).to.deep.equal([
        { device_id: 99_999, error: 'Device with ID 99999 not found', code: 'device.not-found' },
      ]);
      for (const { id } of [a, b]) expect(await assetNow(ada, id)).to.include({ status: 'unavailable', rack: 'B7' });
      expect(await storyOf(ada, a.id)).to.deep.equal([
        'created',
        'bulk_updated status: active -> unavailable',
        'bulk_updated rack: - -> B7',
      ]);
    });

    it('are validated like one: nothing is written that is wrong', async () => {
      const asset = await added();
      const { id } = asset;
      for (const [updates, error] of [
        [{ id: 5 }, "Field 'id' is not allowed for update"],
        [{ name: 'same for all' }, "Field 'name' is not allowed for update"],
        [{ status: 'Banana' }, /not a device status/],
        [{ site_id: 99_999 }, 'Site with ID 99999 not found'],
      ] as const) {
        const { body } = await bulk({ device_ids: [id], updates }).expect(200);
        expect(body.succeeded).to.deep.equal([]);
        if (typeof error === 'string') expect(body.failed[0].error).to.equal(error);
        else expect(body.failed[0].error).to.match(error);
      }
      await bulk({ device_ids: [id], updates: { site_id: 'Dublin' } }).expect(problem(422));
      await bulk({ device_ids: [], updates: { status: 'active' } }).expect(problem(422));
      expect(await assetNow(ada, id)).to.deep.equal(asset);
    });
  });

  describe('and their tags', () => {
    it('are put on and taken off, and the version rises with each', async () => {
      const { id } = await added();
      const names = (reply: { body: unknown }) => (reply.body as { name: string }[]).map(({ name }) => name);
      expect(
        names(
          await admin
            .post(`${path}/${id}/tags`)
            .send({ tag_ids: [tags[1], tags[1]] })
            .expect(200),
        ),
      ).to.deep.equal(['loan']);
      expect(names(await admin.post(`${path}/${id}/tags`).send({ tag_ids: tags }).expect(200))).to.deep.equal([
        'flexgrid',
        'loan',
      ]);
      expect(names(await ada.get(`${path}/${id}/tags`).expect(200))).to.deep.equal(['flexgrid', 'loan']);
      expect((await assetNow(ada, id)).version).to.equal(3);
      await admin.delete(`${path}/${id}/tags/${tags[0]}`).expect(204);
      await admin
        .delete(`${path}/${id}/tags/${tags[0]}`)
        .expect(problem(404, 'device.not-tagged', `Tag ${tags[0]} is not assigned to device ${id}`));
      await admin
        .post(`${path}/${id}/tags`)
        .send({ tag_ids: [tags[0], 99_999] })
        .expect(problem(404, 'catalogue.not-found', 'Tag(s) with ID(s) 99999 not found'));
      expect(await storyOf(ada, id)).to.deep.equal([
        'created',
        'tags_changed tags: - -> loan',
        'tags_changed tags: loan -> flexgrid;loan',
        'tags_changed tags: flexgrid;loan -> loan',
      ]);
    });
  });

  describe('have a history', () => {
    it('that tells who, when and why, one entry for each field, in words', async () => {
      const { id } = await added({ rack: 'A01', notes: 'new' });
      const form = {
        site_id: site,
        manufacturer_id: maker,
        rack: null,
        device_type_id: otdr,
        change_notes: 'audit 2026',
      };
      await admin.put(`${path}/${id}`).send(form).expect(200);
      const [...entries] = await historyOf(ada, id);
      const [created] = entries.splice(-1);
      expect(created).to.include({ action: 'created', field_name: null, changed_by_username: 'root' });
      expect(created?.metadata?.after).to.include({ rack: 'A01', notes: 'new', device_type: 'ROADM', site: null });
      expect(entries.map(({ field_name, old_value, new_value }) => [field_name, old_value, new_value])).to.deep.equal([
        ['device_type', 'ROADM', 'OTDR'],
        ['manufacturer', null, 'Lumentum'],
        ['site', null, 'Dublin Lab'],
        ['rack', 'A01', null],
      ]);
      expect(new Set(entries.map(({ change_id }) => change_id)).size).to.equal(1);
      for (const entry of entries) expect(entry).to.include({ action: 'updated', notes: 'audit 2026' });
      for (const entry of entries) expect(entry).to.have.property('extra');
    });

    it('that goes on after they are gone, and comes in pages', async () => {
      const { id } = await added({ serial_number: 'S-GONE' });
      await admin.delete(`${path}/${id}?change_notes=sold`).expect(204);
      const [deleted, created, ...others] = await historyOf(ada, id);
      expect(others).to.deep.equal([]);
      expect(deleted).to.include({ action: 'deleted', notes: 'sold' });
      expect(deleted?.metadata?.before).to.include({ serial_number: 'S-GONE', status: 'active' });
      const pages = [];
      for (const offset of [0, 1, 2]) {
        pages.push(
          ...((await ada.get(`${path}/${id}/history?limit=1&offset=${offset}`).expect(200)).body as unknown[]),
        );
      }
      expect(pages).to.deep.equal([deleted, created]);
      await ada.get(`${path}/99999/history`).expect(problem(404, 'device.not-found'));
      await ada.get(`${path}/${id}/history?limit=x`).expect(problem(422));
    });

    it('that has what other routes and imports did', async () => {
      const id = await aDevice(here.lab, { oi_id: 'OI-HIST', name: 'Elsewhere', tags: 'loan' });
      const form = changedForm(await listedDevice(admin, id), { status: 'Maintenance' });
      await admin.put(`/admin/devices/${id}`).send(form).expect(200);
      await aDevice(here.lab, { oi_id: 'OI-HIST', name: 'Elsewhere', status: 'active', tags: 'loan;flexgrid' });
      await admin.delete(`/admin/devices/${id}`).expect(200);
      expect(await storyOf(ada, id)).to.deep.equal([
        'created',
        'updated status: active -> in_maintenance',
        'imported status: in_maintenance -> active',
        'imported tags: loan -> flexgrid;loan',
        'deleted',
      ]);
    });
  });
});
