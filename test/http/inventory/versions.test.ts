import { expect } from 'chai';
import { addedAsset, addedEntry, assetNow, type AssetBody } from '../../support/assets.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { administrator, somebodyWith, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

forEveryStore('two editors of one asset', (openLab) => {
  let here: OpenLab;
  let root: Agent;
  let kim: Agent;
  let type: number;
  let site: number;
  let label: number;
  before(async () => {
    here = await openLab();
    root = await administrator(here.lab, here.app);
    kim = await somebodyWith(here.lab, here.app, 'Admin', 'kim');
    type = await addedEntry(root, 'device-types', { name: 'ROADM', category: 'OPTICAL' });
    site = await addedEntry(root, 'sites', { name: 'Dublin' });
    label = await addedEntry(root, 'tags', { name: 'loan' });
  });

  let names = 0;
  const asset = (fields: object = {}): Promise<AssetBody> =>
    addedAsset(root, type, { name: `Asset ${(names += 1)}`, ...fields });
  const path = (id: number) => `/api/inventory/devices/${id}`;
  const tagOf = async (id: number): Promise<string> => String((await kim.get(path(id)).expect(200)).get('ETag'));
  const stale = problem(412, 'device.stale', /was changed by somebody else since you read it/);

  it('never overwrite each other unseen', async () => {
    const { id } = await asset();
    const seen = await tagOf(id);
    const reply = await root.put(path(id)).set('If-Match', seen).send({ notes: 'from root' }).expect(200);
    await kim.put(path(id)).set('If-Match', seen).send({ notes: 'from kim' }).expect(stale);
    expect((await assetNow(kim, id)).notes).to.equal('from root');
    await kim
      .put(path(id))
      .set('If-Match', String(reply.get('ETag')))
      .send({ notes: 'from kim' })
      .expect(200);
    expect((await assetNow(kim, id)).notes).to.equal('from kim');
  });

  it('overwrite each other as ever when they do not ask', async () => {
    const { id } = await asset();
    await root.put(path(id)).send({ notes: 'from root' }).expect(200);
    await kim.put(path(id)).send({ notes: 'from kim' }).expect(200);
  });

  it('are told of it by every way to change', async () => {
    const attempts: readonly ((id: number) => ReturnType<Agent['put']>)[] = [
      (id) => kim.put(path(id)).send({ notes: 'x' }),
      (id) => kim.patch(path(id)).send({ notes: 'x' }),
      (id) => kim.delete(path(id)),
      (id) => kim.post(`${path(id)}/tags`).send({ tag_ids: [label] }),
      (id) => kim.delete(`${path(id)}/tags/${label}`),
      (id) => kim.post(`${path(id)}/attachments`).attach('file', Buffer.from('text'), 'a.txt'),
    ];
    for (const attempt of attempts) {
      const { id } = await asset();
      await root
        .post(`${path(id)}/tags`)
        .send({ tag_ids: [label] })
        .expect(200);
      const seen = await tagOf(id);
      await root.put(path(id)).send({ rack: 'B1' }).expect(200);
      const before = await assetNow(kim, id);
      await attempt(id).set('If-Match', seen).expect(stale);
      expect(await assetNow(kim, id)).to.deep.equal(before);
      const done = await attempt(id).set('If-Match', await tagOf(id));
      expect(done.status, done.text).to.be.within(200, 204);
    }
  });

  const changes: Readonly<Record<string, (id: number) => Promise<unknown>>> = {
    'its facts': (id) => root.put(path(id)).send({ rack: 'C1' }).expect(200),
    'many assets at once': (id) =>
      root
        .post('/api/inventory/devices/bulk-update')
        .send({ device_ids: [id], updates: { status: 'spare' } })
        .expect(200),
    'its tags': (id) =>
      root
        .post(`${path(id)}/tags`)
        .send({ tag_ids: [label] })
        .expect(200),
    'its papers': (id) =>
      root
        .post(`${path(id)}/attachments`)
        .attach('file', Buffer.from('text'), 'a.txt')
        .expect(200),
    'the form of the first scheduler': (id) =>
      root
        .put(`/admin/devices/${id}`)
        .send({ deviceType: 'ROADM', deviceName: `Legacy ${id}`, status: 'Available', In_Port: id, Out_Port: 0 })
        .expect(200),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`have read something else once somebody changed ${what}, even within the same millisecond`, async () => {
      const { id } = await asset();
      const seen = await tagOf(id);
      await change(id);
      expect(await tagOf(id)).to.not.equal(seen);
      await kim.put(path(id)).set('If-Match', seen).send({ notes: 'x' }).expect(stale);
    });
  }

  it('may say it in every form that the header has', async () => {
    const forms: readonly ((own: string, number: number) => string)[] = [
      () => '*',
      (own) => own,
      (own) => `W/${own}`,
      (_own, number) => `"${number}"`,
      (own) => `"99", ${own}`,
      (_own, number) => `W/"7-ab" , W/"${number}"`,
    ];
    for (const form of forms) {
      const other = await asset();
      const header = form(await tagOf(other.id), other.version);
      await kim.put(path(other.id)).set('If-Match', header).send({ notes: 'seen' }).expect(200);
    }
    for (const header of ['"99"', 'x', '', '""', '"', 'W/', '99999999999', `"${'9'.repeat(400)}"`, '"1', '1']) {
      const other = await asset();
      await kim.put(path(other.id)).set('If-Match', header).send({ notes: 'x' }).expect(stale);
    }
  });

  it('see by the tag when anything that they are shown is another, though a renamed site is nobody’s change', async () => {
    const { id } = await asset({ site_id: site });
    const seen = await tagOf(id);
    await kim.get(path(id)).set('If-None-Match', seen).expect(304);
    await root
      .put(`/api/inventory/sites/${site}`)
      .send({ name: `Dublin ${names}` })
      .expect(200);
    await kim.get(path(id)).set('If-None-Match', seen).expect(200);
    await kim.put(path(id)).set('If-Match', seen).send({ notes: 'mine' }).expect(200);
  });

  it('of whom many come at once: one wins, the others are told', async () => {
    const { id } = await asset();
    const seen = await tagOf(id);
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, nth) =>
        (nth % 2 ? kim : root)
          .put(path(id))
          .set('If-Match', seen)
          .send({ notes: `editor ${nth}` }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([200, ...Array<number>(7).fill(412)]);
    const winner = replies.findIndex(({ status }) => status === 200);
    expect(await assetNow(kim, id)).to.include({ notes: `editor ${winner}`, version: 2 });
  });
});
