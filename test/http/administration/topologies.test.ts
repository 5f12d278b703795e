import { expect } from 'chai';
import { importDevices } from '../../support/devices.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, somebodyWith, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

const NOON = Date.parse('2026-11-25T12:00:00.000Z');

const aRoadm = (id: string) => ({ id, deviceType: 'ROADM', position: { x: 0, y: 0 } });

forEveryStore('the review of saved topologies', (openLab) => {
  let here: OpenLab;
  let [root, admin, approver, viewer, ada] = [] as unknown as [Agent, Agent, Agent, Agent, Agent];
  let topologyId: number;

  beforeEach(async () => {
    here = await openLab({ clock: new ManualClock(NOON) });
    root = await administrator(here.lab, here.app);
    admin = await somebodyWith(here.lab, here.app, 'Admin', 'kim');
    approver = await somebodyWith(here.lab, here.app, 'Approver', 'amy');
    viewer = await somebodyWith(here.lab, here.app, 'Viewer', 'vera');
    ada = await signedIn(here.app, 'ada');
    await importDevices(here.lab, [{ name: 'ROADM 1', device_type: 'ROADM' }]);
    const drawn = { name: 'Métro ring', nodes: [aRoadm('a'), aRoadm('b')], edges: [] };
    topologyId = (await ada.post('/topology').send(drawn).expect(200)).body.topology_id as number;
  });
  afterEach(() => here.close());

  const act = (agent: Agent, action: string, id = topologyId) =>
    agent.post(`/admin/v2/topologies/${id}/action`).send({ action });
  const list = async (query = '') => (await viewer.get(`/admin/v2/topologies${query}`).expect(200)).body as object[];

  it('lists what was saved to those who may read', async () => {
    await ada.get('/admin/v2/topologies').expect(problem(403, 'permission.denied'));
    expect(await list()).to.deep.equal([
      {
        ...{ id: topologyId, name: 'Métro ring', status: 'submitted', submitted_by: 'ada' },
        ...{ submitted_at: '2026-11-25T12:00:00.000Z', resolved_at: null, conflict_count: 0 },
      },
    ]);
    expect(await list('?status=Submitted,checked')).to.have.length(1);
    expect(await list('?status=archived')).to.deep.equal([]);
    await viewer.get('/admin/v2/topologies?status=lost').expect(problem(400, 'topology.unknown-status'));
  });

  it('is for Admins, however the action is written', async () => {
    for (const action of ['resolve', 'RESOLVE', ' Archive ', 'check', 'export']) {
      for (const agent of [ada, viewer, approver]) await act(agent, action).expect(problem(403, 'permission.denied'));
    }
    expect((await list())[0]).to.include({ status: 'submitted' });
    await act(admin, ' RESOLVE ').expect(200);
    expect((await list())[0]).to.include({ status: 'resolved', resolved_at: '2026-11-25T12:00:00.000Z' });
    await act(admin, 'destroy').expect(problem(400, 'topology.unsupported-action', 'Unsupported topology action'));
    await act(admin, 'check', 9_999).expect(problem(404, 'topology.not-found'));
  });

  it('counts the nodes that a check finds no device for, and shows them at a glance until someone is done', async () => {
    const conflicts = async () =>
      (await viewer.get('/admin/v2/dashboard').expect(200)).body.topology_conflicts as object[];
    expect(await conflicts()).to.deep.equal([]);
    const { body } = await act(admin, 'check').expect(200);
    expect(body).to.include({ success: true, status: 'checked' });
    expect(body.conflict_count).to.be.above(0);
    expect(await conflicts()).to.deep.equal([
      {
        ...{ topology_id: topologyId, name: 'Métro ring', conflict_count: body.conflict_count, submitted_by: 'ada' },
        last_updated: '2026-11-25T12:00:00.000Z',
      },
    ]);
    await act(root, 'archive').expect(200);
    expect(await conflicts()).to.deep.equal([]);
  });

  it('hands out what was drawn, which changes nothing', async () => {
    const { body } = await act(admin, 'export').expect(200);
    expect(body).to.deep.include({ success: true, status: 'submitted' });
    expect(body.topology).to.deep.include({ name: 'Métro ring', nodes: [aRoadm('a'), aRoadm('b')] });
    expect((await list())[0]).to.include({ status: 'submitted' });
  });

  it('is found by a part of its name', async () => {
    const search = async (query: string) =>
      (await viewer.get(`/admin/v2/search?${query}`).expect(200)).body.topologies as object[];
    expect(await search('q=M%C3%89TRO')).to.deep.equal([{ id: topologyId, label: 'Métro ring' }]);
    expect(await search('q=metro%25')).to.deep.equal([]);
    expect(await search('q=ring&scope=users')).to.deep.equal([]);
  });
});
