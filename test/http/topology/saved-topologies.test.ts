import { expect } from 'chai';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

const drawing = {
  name: 'Metro ring',
  nodes: [{ id: 'node-0', deviceType: 'ROADM', parameters: { ports: 8 }, position: { x: 1.5, y: -2 } }],
  edges: [{ id: 'edge-0', source: 'node-0', target: 'node-1', parameters: null }],
};

interface Saved {
  readonly topology: { readonly id: number; readonly name: string; readonly nodes: unknown; readonly edges: unknown };
}

forEveryStore('topologies that are kept', (openLab) => {
  let opened: OpenLab;
  let ada: Agent;
  let bob: Agent;

  const saved = async (person: Agent, body: object = drawing): Promise<number> => {
    const reply = await person.post('/topology').send(body).expect(200);
    expect(reply.body).to.deep.include({ message: 'Topology created successfully' });
    return (reply.body as { topology_id: number }).topology_id;
  };
  const idOf = async (person: Agent) => ((await person.get('/session')).body as { user_id: number }).user_id;
  const listed = async (person: Agent, query = '') =>
    ((await person.get(`/topology/list${query}`).expect(200)).body as { topologies: { id: number; name: string }[] })
      .topologies;

  beforeEach(async () => {
    opened = await openLab();
    ada = await signedIn(opened.app, 'ada');
    bob = await signedIn(opened.app, 'bob');
  });

  it('come back as they were drawn, are changed and deleted', async () => {
    const id = await saved(ada, { ...drawing, user_id: await idOf(ada) });
    const { topology } = (await ada.get(`/topology/${id}`).expect(200)).body as Saved;
    expect(topology).to.deep.include({ id, name: 'Metro ring', nodes: drawing.nodes, edges: drawing.edges });
    await ada
      .put(`/topology/${id}`)
      .send({ ...drawing, name: ' ', nodes: [] })
      .expect(200, { message: 'Topology updated successfully' });
    const changed = ((await ada.get(`/topology/${id}`).expect(200)).body as Saved).topology;
    expect(changed).to.deep.include({ name: 'Unnamed Topology', nodes: [], edges: drawing.edges });
    await ada.delete(`/topology/${id}`).expect(200, { message: 'Topology deleted successfully' });
    await ada.get(`/topology/${id}`).expect(problem(404, 'topology.not-found'));
    await ada
      .put(`/topology/${id}`)
      .send(drawing)
      .expect(problem(404, 'topology.not-found', 'Topology not found'));
    await ada.delete(`/topology/${id}`).expect(problem(404));
  });

  it('are listed for their owner, the newest first', async () => {
    const first = await saved(ada);
    const second = await saved(ada, { ...drawing, name: 'Second' });
    expect((await listed(ada)).map(({ id }) => id)).to.deep.equal([second, first]);
    expect((await listed(ada, `?user_id=${await idOf(ada)}`)).map(({ name }) => name)).to.deep.equal([
      'Second',
      'Metro ring',
    ]);
    expect(await listed(bob)).to.deep.equal([]);
    await bob.get(`/topology/list?user_id=${await idOf(ada)}`).expect(problem(403, 'topology.not-yours'));
  });

  it('belong to one person', async () => {
    const id = await saved(ada);
    await bob
      .get(`/topology/${id}`)
      .expect(problem(403, 'topology.not-yours', "Cannot access another user's topology"));
    await bob
      .put(`/topology/${id}`)
      .send(drawing)
      .expect(problem(403, 'topology.not-yours', "Cannot update another user's topology"));
    await bob.delete(`/topology/${id}`).expect(problem(403));
    await bob
      .post('/topology')
      .send({ ...drawing, user_id: await idOf(ada) })
      .expect(problem(403, 'topology.not-yours', 'Cannot create topology for another user'));
  });

  it('are shared with collaborators, who may read and change them and no more', async () => {
    const id = await saved(ada, { ...drawing, collaborators: ['BOB'] });
    expect((await listed(bob)).map((topology) => topology.id)).to.deep.equal([id]);
    await bob.get(`/topology/${id}`).expect(200);
    await bob
      .put(`/topology/${id}`)
      .send({ ...drawing, name: 'By bob' })
      .expect(200);
    expect((await listed(ada))[0]).to.deep.include({ name: 'By bob', is_owner: true });
    await bob
      .put(`/topology/${id}`)
      .send({ ...drawing, collaborators: [] })
      .expect(problem(403));
    await bob.delete(`/topology/${id}`).expect(problem(403));
    await ada
      .put(`/topology/${id}`)
      .send({ ...drawing, collaborators: [] })
      .expect(200);
    await bob.get(`/topology/${id}`).expect(problem(403));
    await ada
      .put(`/topology/${id}`)
      .send({ ...drawing, collaborators: ['nobody'] })
      .expect(problem(400));
  });

  it('are reviewed by administrators: checked, resolved, archived, and up again when they change', async () => {
    const { lab } = opened;
    const admin = await administrator(lab, opened.app);
    const root = { id: await idOf(admin), username: 'root', role: 'Super Admin' as const };
    const [user] = await Promise.all([idOf(ada)]);
    const id = await saved(ada);
    const { reviewTopologies } = lab;
    const [review] = await reviewTopologies.list(root, null);
    expect(review).to.deep.include({
      ...{ topologyId: id, topologyName: 'Metro ring', submitterName: 'ada', submittedBy: user },
      ...{ status: 'submitted', resolvedAt: null, conflictCount: 0 },
    });
    const resolved = await reviewTopologies.act(root, id, 'resolve');
    expect(resolved.review).to.deep.include({ status: 'resolved', resolvedAt: lab.clock.now() });
    expect((await reviewTopologies.act(root, id, 'export')).topology.nodes).to.deep.equal(drawing.nodes);
    expect((await reviewTopologies.list(root, ['resolved'])).map(({ topologyId }) => topologyId)).to.deep.equal([id]);
    expect((await reviewTopologies.act(root, id, 'archive')).review.status).to.equal('archived');
    await ada.put(`/topology/${id}`).send(drawing).expect(200);
    expect((await reviewTopologies.list(root, null)).map(({ status }) => status)).to.deep.equal(['submitted']);
    await admin.get(`/topology/${id}`).expect(200);
    await admin.delete(`/topology/${id}`).expect(200);
    expect(await reviewTopologies.list(root, null)).to.deep.equal([]);

    const viewer = { id: 1, username: 'v', role: 'Viewer' as const };
    expect(await reviewTopologies.list(viewer, null)).to.deep.equal([]);
    for (const refused of [
      () => reviewTopologies.act(viewer, id, 'resolve'),
      () => reviewTopologies.list({ ...viewer, role: 'User' }, null),
      () => reviewTopologies.act(root, id, 'resolve'),
    ]) {
      expect(
        await refused().then(
          () => null,
          (error: unknown) => (error as { kind: string }).kind,
        ),
      ).to.match(/forbidden|not-found/);
    }
  });

  it('are no topologies when they are no drawings', async () => {
    for (const body of [{}, { ...drawing, nodes: 'x' }, { ...drawing, nodes: [1] }, { ...drawing, name: 7 }]) {
      await ada.post('/topology').send(body).expect(problem(422));
    }
    await ada.get('/topology/x').expect(problem(422));
    await ada.get('/topology/99999').expect(problem(404));
  });
});
