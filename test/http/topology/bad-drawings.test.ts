import { expect } from 'chai';
import { onDay, type ResolveBody } from '../../support/drawings.js';
import { importDevices } from '../../support/devices.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { signedIn, type Agent } from '../../support/people.js';
import { problem, problemOf } from '../../support/problem.js';

const DAY = onDay('2026-11-24');
const ROUTES = ['resolve', 'suggest', 'book'].map((name) => `/topology/${name}`);
const aNode = (id: unknown = 'n', other: object = {}) => ({ id, deviceType: 'ROADM', ...other });

forEveryStore('drawings that are none', (openLab) => {
  let opened: OpenLab;
  let ada: Agent;

  before(async () => {
    opened = await openLab();
    await importDevices(opened.lab, [{ name: 'ROADM 1', ports: 'L1:line' }]);
    ada = await signedIn(opened.app, 'ada');
  });

  const refusedEverywhere = async (body: object, status: number, code?: string, detail?: RegExp) => {
    for (const path of ROUTES)
      await ada
        .post(path)
        .send({ ...DAY, ...body })
        .expect(problem(status, code, detail));
    const { start_time: from } = DAY;
    await ada
      .post('/topology/earliest')
      .send({ ...body, duration_minutes: 60, from })
      .expect(problem(status, code));
    await ada.post('/topology/check-availability').send(body).expect(problem(status, code));
  };

  it('are refused when they break a rule, with all of what is wrong', async () => {
    const rules: [object, RegExp][] = [
      [{ nodes: [], edges: [] }, /at least one/],
      [{ nodes: [aNode('a'), aNode('a')], edges: [] }, /twice/],
      [{ nodes: [aNode('a')], edges: [{ id: 'e', source: 'a', target: 'b' }] }, /no node b/],
      [{ nodes: [aNode('a')], edges: [{ id: 'e', source: 'a', target: 'a' }] }, /to itself/],
      [{ nodes: Array.from({ length: 500 }, (_, index) => aNode(`n${index}`)), edges: [] }, /at most/],
      [{ nodes: [aNode('a', { requirements: { ports: 'many' } })], edges: [] }, /ports/],
      [{ nodes: [aNode('a', { parameters: { length: 'far' } })], edges: [] }, /length/],
    ];
    for (const [body, detail] of rules) await refusedEverywhere(body, 400, 'topology.malformed', detail);
    const both = { nodes: [aNode('a'), aNode('a', { requirements: { ports: 'x' } })], edges: [] };
    const reply = await ada.post('/topology/resolve').send({ ...both, ...DAY });
    expect(problemOf(reply).errors).to.have.length(2);
  });

  it('are malformed when they have another shape', async () => {
    for (const body of [
      {},
      { nodes: null, edges: [] },
      { nodes: 'x', edges: [] },
      { nodes: [null], edges: [] },
      { nodes: [{ id: 'a' }], edges: [] },
      { nodes: [aNode('a', { deviceType: null })], edges: [] },
      { nodes: [aNode('a', { deviceType: 7 })], edges: [] },
      { nodes: [aNode(null)], edges: [] },
      { nodes: [aNode('a')], edges: 'x' },
      { nodes: [aNode('a')], edges: [{ id: 'e', source: 'a' }] },
    ]) {
      await refusedEverywhere(body, 422);
    }
  });

  it('have a time that goes forward', async () => {
    const nodes = [aNode('a')];
    const backwards = { start_time: DAY.end_time, end_time: DAY.start_time };
    for (const path of [...ROUTES, '/topology/check-availability']) {
      await ada
        .post(path)
        .send({ nodes, edges: [], ...backwards })
        .expect(problem(400, 'slot.invalid'));
      await ada.post(path).send({ nodes, edges: [], start_time: 'soon', end_time: 'later' }).expect(problem(422));
    }
    for (const duration_minutes of [0, -1, 'x', null, 1e9]) {
      await ada.post('/topology/earliest').send({ nodes, edges: [], duration_minutes }).expect(problem(422));
    }
    const beyond = { nodes, edges: [], duration_minutes: 60, from: '2036-01-01T00:00:00Z' };
    await ada.post('/topology/earliest').send(beyond).expect(problem(400, 'booking.beyond-horizon'));
  });

  it('of unknown types have no options, and say why', async () => {
    const nodes = [aNode('a', { deviceType: 'Teleporter' })];
    const reply = (
      await ada
        .post('/topology/resolve')
        .send({ nodes, edges: [], ...DAY })
        .expect(200)
    ).body as ResolveBody;
    expect(reply).to.deep.include({ mappings: [], total_options: 0 });
    expect(reply.infeasible!.nodes).to.deep.equal(['a']);
    expect(reply.infeasible!.reasons.a).to.deep.equal({ C1: 1 });
    await ada
      .post('/topology/book')
      .send({ nodes, edges: [], ...DAY })
      .expect(problem(400, 'topology.not-possible'));
  });

  it('are taken as the canvas has them, with numbers in text and units', async () => {
    const parameters = { vendor: 'Ciena', ports: '8', wavelength: '1550nm' };
    for (const node of [
      aNode('a', { parameters }),
      aNode('a', { parameters: null }),
      { id: 'a', type: 'custom', position: { x: 1, y: 2 }, data: { deviceType: 'roadm', parameters } },
      aNode(7, { parameters }),
    ]) {
      const reply = await ada.post('/topology/resolve').send({ nodes: [node], edges: [{ id: null }].slice(1), ...DAY });
      expect(reply.status, reply.text).to.equal(200);
      const { mappings } = reply.body as ResolveBody;
      expect(mappings).to.have.length(1);
      expect(mappings[0]!.node_mappings.map((mapping) => mapping.physical_device_name)).to.deep.equal(['ROADM 1']);
    }
  });

  it('are nobody’s business without a session', async () => {
    const stranger = (await import('supertest')).default(opened.app);
    for (const path of [...ROUTES, '/topology/earliest', '/topology/check-availability']) {
      await stranger
        .post(path)
        .send({ nodes: [aNode()], edges: [], ...DAY })
        .expect(problem(401));
    }
  });
});
