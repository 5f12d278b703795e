import { expect } from 'chai';
import type { Response } from 'supertest';
import { HOUR } from '../../domain/index.js';
import { metroRing, onDay, type InfeasibleBody, type MappingBody, type ResolveBody } from '../support/drawings.js';
import { expectNoViolation } from '../support/groups.js';
import { forEveryStore, type OpenLab } from '../support/labs.js';
import { importWiredLab } from '../support/link-forms.js';
import { signedIn, type Agent } from '../support/people.js';
import { problem, problemOf } from '../support/problem.js';

const DAY = onDay('2026-11-24');

interface BookedBody {
  readonly message: string;
  readonly count: number;
  readonly grouped_booking_id: string;
  readonly mapping: MappingBody;
}

forEveryStore('from a drawing to booked devices', (openLab) => {
  let opened: OpenLab;
  let ada: Agent;
  let bob: Agent;
  let group = '';
  let chosen: MappingBody;
  let refused: Response;
  const ring = metroRing(6);
  /** Bob wants the same, and says which request it is. */
  const tooLate = async () =>
    bob
      .post('/topology/book')
      .set('Idempotency-Key', 'too late')
      .send({ ...ring, ...DAY });

  before(async function () {
    this.timeout(60_000);
    opened = await openLab();
    await importWiredLab(opened.lab);
    [ada, bob] = [await signedIn(opened.app, 'ada'), await signedIn(opened.app, 'bob')];
  });
  afterEach(() => expectNoViolation(opened.lab));

  it('a metro ring of six ROADMs with transceivers gets three options, with reasons', async () => {
    const reply = await ada.post('/topology/resolve').send({ ...ring, ...DAY });
    expect(reply.status, reply.text.slice(0, 500)).to.equal(200);
    const { mappings, total_options, infeasible } = reply.body as ResolveBody;
    expect(infeasible).to.equal(null);
    expect(total_options).to.equal(3).and.equal(mappings.length);
    for (const mapping of mappings) {
      const devices = mapping.node_mappings.map((node) => node.physical_device_id);
      expect(new Set(devices).size).to.equal(12);
      expect(mapping.node_mappings.map((node) => node.logical_node_id)).to.have.members(ring.nodes.map(({ id }) => id));
      expect(mapping.link_mappings.map((link) => link.logical_edge_id)).to.have.members(ring.edges.map(({ id }) => id));
      expect(mapping.total_fit_score).to.equal(mapping.score).and.to.be.within(0, 1);
      expect(mapping.bound).to.be.at.least(mapping.score - 1e-9);
      for (const node of mapping.node_mappings) {
        expect(node.explanation).to.match(/Type match/);
        expect(node.confidence).to.be.oneOf(['high', 'medium', 'low']);
        expect(node.reasons.C1).to.be.above(100);
        expect(node.score_terms).not.to.be.empty;
      }
      const ports = mapping.link_mappings.flatMap(({ source, target }) =>
        [source, target].map(({ device_id, port }) => `${device_id} ${port}`),
      );
      expect(new Set(ports).size).to.equal(ports.length);
    }
    chosen = mappings[1]!;
  });

  it('the second of them is booked as one group, with the ports between its devices', async () => {
    const reply = await ada
      .post('/topology/book')
      .send({ ...ring, ...DAY, mapping_id: chosen.mapping_id, name: 'Ring' });
    expect(reply.status, reply.text.slice(0, 500)).to.equal(200);
    const booked = reply.body as BookedBody;
    expect(booked.count).to.equal(booked.mapping.device_ids.length);
    expect(booked.mapping.node_mappings.map((node) => node.physical_device_id)).to.deep.equal(
      chosen.node_mappings.map((node) => node.physical_device_id),
    );
    group = booked.grouped_booking_id;
    const bookings = await opened.lab.work.run((stores) => stores.bookings.ofGroup(group));
    expect(bookings.map(({ deviceId }) => deviceId).sort((a, b) => a - b)).to.deep.equal(booked.mapping.device_ids);
    expect(new Set(bookings.map(({ comment }) => comment))).to.deep.equal(new Set(['Topology booking: Ring']));

    const link = booked.mapping.link_mappings.find(({ kind }) => kind === 'patch')!;
    expect(link.hops.find(({ via }) => via === 'switch')!.device_name).to.match(/^Polatis/);
    const at = '2026-11-24T12:00:00Z';
    const path = ({ device_id, port }: { device_id: number; port: string }) =>
      `/api/inventory/devices/${device_id}/trace?port=${port}&at=${at}`;
    const there = (await ada.get(path(link.source)).expect(200)).body as { end: object; total_loss_db: number };
    const back = (await ada.get(path(link.target)).expect(200)).body as { end: object; total_loss_db: number };
    expect(there.end).to.deep.include({ ...link.target, reason: 'device' });
    expect(back.end).to.deep.include({ ...link.source, reason: 'device' });
    expect(there.total_loss_db).to.equal(back.total_loss_db);
  });

  it('somebody else gets other devices, as long as there are some', async () => {
    const { body } = await bob
      .post('/topology/book')
      .send({ ...metroRing(2), ...DAY })
      .expect(200);
    const { mapping, grouped_booking_id } = body as BookedBody;
    const taken = new Set(chosen.device_ids);
    expect(mapping.device_ids.filter((id) => taken.has(id))).to.deep.equal([]);
    await bob.delete(`/api/bookings/group/${grouped_booking_id}`).expect(200);
  });

  it('or the smallest reason, and the earliest time', async () => {
    const resolved = (
      await bob
        .post('/topology/resolve')
        .send({ ...ring, ...DAY })
        .expect(200)
    ).body as ResolveBody;
    expect(resolved).to.deep.include({ mappings: [], total_options: 0 });
    const { infeasible } = resolved as { infeasible: InfeasibleBody };
    expect(infeasible.detail).not.to.equal('');
    expect([...infeasible.nodes, ...infeasible.edges]).not.to.be.empty;
    expect(infeasible.relaxations).not.to.be.empty;

    refused = await tooLate();
    expect(problemOf(refused).code, refused.text).to.equal('topology.not-possible');
    expect(refused.status).to.equal(409);
    expect((problemOf(refused).earliest as { start_time: string }).start_time).to.equal(DAY.end_time);

    const { body } = await bob
      .post('/topology/earliest')
      .send({ ...ring, duration_minutes: 8 * 60, from: DAY.start_time })
      .expect(200);
    expect(body).to.deep.include({ start_time: DAY.end_time, end_time: '2026-11-25T01:00:00.000Z' });
    expect((body as { mapping: MappingBody }).mapping.node_mappings).to.have.length(12);
  });

  it('cancelling the group gives devices and ports back', async () => {
    await ada.delete(`/api/bookings/group/${group}`).expect(200);
    const held = await opened.lab.work.run(({ crossConnects }) =>
      crossConnects.held(null, { start: 0, end: opened.lab.clock.now() + 1000 * HOUR }),
    );
    expect(held).to.deep.equal([]);
    // The same request has its answer.
    const again = await tooLate();
    expect([again.status, again.body]).to.deep.equal([refused.status, refused.body]);
    await bob
      .post('/topology/book')
      .send({ ...ring, ...DAY, mapping_id: chosen.mapping_id })
      .expect(200);
  });

  it('devices that were chosen are refused, and not replaced by others', async () => {
    const assignments = { 'roadm-0': chosen.node_mappings[0]!.physical_device_id };
    const pair = metroRing(2);
    const reply = await ada.post('/topology/book').send({ ...pair, ...DAY, assignments });
    expect(reply.status, reply.text.slice(0, 300)).to.equal(409);
    expect((problemOf(reply).infeasible as InfeasibleBody).nodes).to.deep.equal(['roadm-0']);
    await ada
      .post('/topology/book')
      .send({ ...pair, ...DAY, assignments: { 'node-9': 1 } })
      .expect(problem(400, 'topology.unknown-node'));
    await ada
      .post('/topology/book')
      .send({ ...pair, ...DAY, assignments: { 'roadm-0': 2_000_000 } })
      .expect(problem(400, 'booking.unknown-device'));
    for (const mapping_id of ['greedy-best-fit', 'option-1.1.2', `${chosen.mapping_id}.7`]) {
      await ada
        .post('/topology/book')
        .send({ ...pair, ...DAY, mapping_id })
        .expect(problem(400, 'topology.unknown-mapping'));
    }
  });

  it('the same request with the same key books once', async () => {
    const form = { ...metroRing(2), ...onDay('2026-12-01') };
    const send = () => ada.post('/topology/book').set('Idempotency-Key', 'ring').send(form).expect(200);
    const first = (await send()).body as BookedBody;
    expect((await send()).body).to.deep.equal(first);
    const changed = { ...form, name: 'Other' };
    await ada.post('/topology/book').set('Idempotency-Key', 'ring').send(changed).expect(problem(422));
  });

  it('the same request with the same key books once, also when it comes several times at once', async () => {
    // There is no other device for whoever comes second.
    const assignments = { 'roadm-0': chosen.node_mappings[0]!.physical_device_id };
    const form = { ...metroRing(2), ...onDay('2026-12-03'), assignments };
    const send = async () => ada.post('/topology/book').set('Idempotency-Key', 'at once').send(form);
    const [first, ...others] = await Promise.all(Array.from({ length: 8 }, send));
    if (!first) throw new Error('nobody asked');
    expect(first.status, first.text.slice(0, 300)).to.equal(200);
    for (const { body } of others) expect(body).to.deep.equal(first.body);
  });

  it('availability is told for the next hour, from what is really free', async () => {
    const nodes = [...ring.nodes, { id: 'strange', deviceType: 'Teleporter' }];
    const { body } = await ada.post('/topology/check-availability').send({ nodes, edges: ring.edges }).expect(200);
    const { availability } = body as { availability: Record<string, { status: string; details: object }> };
    expect(availability.strange!.status).to.equal('unknown');
    const others = Object.entries(availability).filter(([id]) => id !== 'strange');
    expect(others.map(([, { status }]) => status)).to.deep.equal(others.map(() => 'available'));
    const taken = await ada
      .post('/topology/check-availability')
      .send({ ...ring, ...DAY })
      .expect(200);
    const statuses = Object.values(taken.body.availability as Record<string, { status: string }>);
    expect(statuses.map(({ status }) => status))
      .to.include('unavailable')
      .and.to.include('available');
  });

  it('suggestions say what they are made of', async () => {
    const { body } = await ada
      .post('/topology/suggest')
      .send({ ...metroRing(2), ...onDay('2026-12-02') })
      .expect(200);
    const { recommendations, total_recommendations } = body as {
      recommendations: Record<string, number | string | object>[];
      total_recommendations: number;
    };
    expect(recommendations).to.have.length(total_recommendations).and.not.empty;
    for (const suggestion of recommendations) {
      const [performance, availability, efficiency, reliability] = [
        'performance_score',
        'availability_score',
        'efficiency_score',
        'reliability_score',
      ].map((name) => suggestion[name] as number) as [number, number, number, number];
      expect(suggestion.recommendation_score).to.be.closeTo(
        0.3 * performance + 0.25 * availability + 0.25 * efficiency + 0.2 * reliability,
        1e-9,
      );
      expect(suggestion.rationale).to.be.a('string').and.not.equal('');
      expect(suggestion.earliest_available_slot).to.equal('2026-12-02T09:00:00.000Z');
      expect((suggestion.mapping as MappingBody).mapping_id).to.equal(suggestion.mapping_id);
    }
    const scores = recommendations.map((suggestion) => suggestion.recommendation_score as number);
    expect(scores).to.deep.equal([...scores].sort((a, b) => b - a));
  });

  it('suggestions count on devices staying free as much as the forecast of each does', async () => {
    const window = onDay('2026-12-02');
    const drawn = { ...metroRing(2), ...window };
    const { recommendations } = (await ada.post('/topology/suggest').send(drawn).expect(200)).body as {
      recommendations: { mapping: { device_ids: number[] }; score_inputs: { availability: Record<string, number> } }[];
    };
    const [{ mapping, score_inputs: inputs }] = recommendations as [(typeof recommendations)[0]];
    const ids = mapping.device_ids;
    const asked = { device_ids: ids, start_time: window.start_time, end_time: window.end_time };
    const { forecasts } = (await ada.post('/availability/forecast').send(asked).expect(200)).body as {
      forecasts: { availability_probability: number }[];
    };
    expect(forecasts).to.have.length(ids.length);
    expect(inputs.availability.forecasts).to.equal(ids.length);
    const product = forecasts.reduce((all, forecast) => all * forecast.availability_probability, 1);
    expect(product).to.be.within(0.01, 0.999);
    expect(inputs.availability.staysFree).to.be.closeTo(product, 1e-6);
  });
});
