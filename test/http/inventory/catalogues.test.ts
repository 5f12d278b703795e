import { expect } from 'chai';
import { addedAsset, addedEntry } from '../../support/assets.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

interface Entry {
  readonly id: number;
  readonly name: string;
}

forEveryStore('the catalogues', (openLab) => {
  let here: OpenLab;
  let admin: Agent;
  let ada: Agent;
  before(async () => {
    here = await openLab();
    admin = await administrator(here.lab, here.app);
    ada = await signedIn(here.app, 'ada');
  });

  const entries = async (catalogue: string): Promise<Entry[]> =>
    (await ada.get(`/api/inventory/${catalogue}`).expect(200)).body as Entry[];

  const catalogues: Readonly<Record<string, { title: string; said: object; change: object; use: string }>> = {
    'device-types': {
      title: 'Device type',
      said: { category: 'COMPUTE', description: 'a box', is_schedulable: false, has_ports: false },
      change: { description: null, has_ports: true },
      use: 'device_type_id',
    },
    manufacturers: {
      title: 'Manufacturer',
      said: { website: 'https://www.viavisolutions.com', notes: 'Ω' },
      change: { website: null },
      use: 'manufacturer_id',
    },
    sites: {
      title: 'Site',
      said: { address: '1 Main Street', notes: null },
      change: { notes: 'ring twice' },
      use: 'site_id',
    },
    tags: {
      title: 'Tag',
      said: { description: 'lent out', color: '#FF5722' },
      change: { color: '#abc' },
      use: 'tag',
    },
  };

  for (const [catalogue, { title, said, change, use }] of Object.entries(catalogues)) {
    describe(`of ${catalogue}`, () => {
      const path = `/api/inventory/${catalogue}`;

      it('keep what is said of an entry, and leave alone what is not', async () => {
        const id = await addedEntry(admin, catalogue, { name: 'First', ...said });
        expect((await ada.get(`${path}/${id}`).expect(200)).body).to.include({ id, name: 'First', ...said });
        const { body } = await admin.put(`${path}/${id}`).send(change).expect(200);
        expect(body).to.include({ id, name: 'First', ...said, ...change });
        expect((await ada.get(`${path}/${id}`).expect(200)).body).to.deep.equal(body);
        await admin.put(`${path}/${id}`).send({ name: 'Renamed' }).expect(200);
        expect((await entries(catalogue)).find((entry) => entry.id === id)).to.include({ name: 'Renamed' });
      });

      it('have every name once, in any letter case', async () => {
        const id = await addedEntry(admin, catalogue, { name: 'Čeština', ...said });
        const other = await addedEntry(admin, catalogue, { name: 'Other', ...said });
        const taken = problem(400, 'catalogue.duplicate-name', `${title} with name 'ČEŠTINA' already exists`);
        await admin
          .post(path)
          .send({ name: 'ČEŠTINA', ...said })
          .expect(taken);
        await admin.put(`${path}/${other}`).send({ name: 'ČEŠTINA' }).expect(taken);
        await admin.put(`${path}/${id}`).send({ name: 'ČEŠTINA' }).expect(200);
      });

      it('are for administrators to change', async () => {
        const id = await addedEntry(admin, catalogue, { name: 'Mine', ...said });
        await ada
          .post(path)
          .send({ name: 'Yours', ...said })
          .expect(problem(403, 'permission.denied'));
        await ada.put(`${path}/${id}`).send({ name: 'Yours' }).expect(problem(403, 'permission.denied'));
        await ada.delete(`${path}/${id}`).expect(problem(403, 'permission.denied'));
      });

      it('do not let go of an entry that is in use, and say what uses it', async () => {
        const id = await addedEntry(admin, catalogue, { name: 'In use', ...said });
        const type =
          use === 'device_type_id'
            ? id
            : await addedEntry(admin, 'device-types', { name: `For ${catalogue}`, category: 'OPTICAL' });
        const asset = await addedAsset(admin, type, {
          name: `User of ${catalogue}`,
          ...(use !== 'tag' && { [use]: id }),
        });
        if (use === 'tag')
          await admin
            .post(`/api/inventory/devices/${asset.id}/tags`)
            .send({ tag_ids: [id] })
            .expect(200);
        const reply = await admin.delete(`${path}/${id}`);
        problem(400, 'catalogue.in-use', /^Cannot delete .* In use: 1 device\(s\) are using it \(User of /)(reply);
        expect(reply.body.devices).to.deep.equal([{ id: asset.id, name: asset.name }]);
        await admin.delete(`/api/inventory/devices/${asset.id}`).expect(204);
        await admin.delete(`${path}/${id}`).expect(204);
        await ada.get(`${path}/${id}`).expect(problem(404, 'catalogue.not-found', `${title} with ID ${id} not found`));
        await admin.delete(`${path}/${id}`).expect(problem(404, 'catalogue.not-found'));
        await admin.put(`${path}/${id}`).send({ name: 'Again' }).expect(problem(404, 'catalogue.not-found'));
      });

      it('refuse names that are none', async () => {
        const id = await addedEntry(admin, catalogue, { name: 'Named', ...said });
        for (const name of [null, '', '  ', 'x'.repeat(300), 7, 'a\0b']) {
          await admin
            .post(path)
            .send({ ...said, name })
            .expect(problem(422, 'request.malformed', /name/));
          await admin
            .put(`${path}/${id}`)
            .send({ name })
            .expect(problem(422, 'request.malformed', /name/));
        }
      });
    });
  }

  it('are lists without an end, by name', async () => {
    const names = Array.from({ length: 120 }, (_, nth) => `Entry ${String(nth).padStart(3, '0')}`);
    await here.lab.work.run(async (stores) => {
      const now = here.lab.clock.now();
      for (const name of names.toReversed()) {
        const type = { name, category: 'OPTICAL', description: null, schedulable: true, hasPorts: true } as const;
        await stores.deviceTypes.add(type, now);
        for (const other of [stores.manufacturers, stores.sites, stores.tags]) await other.add({ name }, now);
      }
    });
    for (const catalogue of Object.keys(catalogues)) {
      const listed = (await entries(catalogue)).map(({ name }) => name);
      expect(listed.filter((name) => name.startsWith('Entry '))).to.deep.equal(names);
    }
  });

  it('know types in any letter case, and take infrastructure for what nobody books unless told otherwise', async () => {
    const type = async (fields: object) =>
      (await admin.post('/api/inventory/device-types').send(fields).expect(201)).body as object;
    expect(await type({ name: 'PDU', category: 'infra' })).to.include({ category: 'INFRA', is_schedulable: false });
    expect(await type({ name: 'WSS', category: 'Optical' })).to.include({ category: 'OPTICAL', is_schedulable: true });
    await admin
      .post('/api/inventory/device-types')
      .send({ name: 'X', category: 'FOOD' })
      .expect(problem(422, undefined, /category/));
  });

  it('refuse colours and websites that are none', async () => {
    for (const color of ['#GGGGGG', '#12', '#12345', 'red', '#1234567', 'url(x)']) {
      await admin
        .post('/api/inventory/tags')
        .send({ name: 'Coloured', color })
        .expect(problem(422, undefined, /#RGB/));
    }
    for (const website of ['ftp://x', 'javascript:alert(1)', 'viavi', 'http://']) {
      await admin
        .post('/api/inventory/manufacturers')
        .send({ name: 'Web', website })
        .expect(problem(422, undefined, /http/));
    }
    await admin
      .post('/api/inventory/tags')
      .send({ name: 'a;b' })
      .expect(problem(422, undefined, /semicolon/));
  });

  it('are in the audit trail', async () => {
    const before = await here.store.auditEntries();
    const id = await addedEntry(admin, 'sites', { name: 'Audited' });
    await admin.put(`/api/inventory/sites/${id}`).send({ name: 'Audited twice' }).expect(200);
    await admin.delete(`/api/inventory/sites/${id}`).expect(204);
    expect(await here.store.auditEntries()).to.equal(before + 3);
  });
});
