import { expect } from 'chai';
import type { NewTopology } from '../../application/index.js';
import { REVIEW_STATUSES, submittedReview } from '../../domain/index.js';
import { givingUp } from './racing.js';
import { furnish, LATEST, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** For the TopologyRepository of a UnitOfWork and the TopologyLists outside of it. */
export const topologiesContract = (name: string, open: OpenSubject<'work' | 'topologies'>): void => {
  describe(`${name} as a keeper of topologies`, () => {
    const subject = forEachTest(open);

    const people = async (): Promise<[number, number, number]> => {
      const names = ['ada', 'bob', 'eve'];
      const furnished = await subject().work.run((stores) => furnish(stores, { people: names }));
      return furnished.people.map(({ id }) => id) as [number, number, number];
    };
    const aTopology = (ownerId: number, other: Partial<NewTopology> = {}): NewTopology => ({
      ...{ name: 'Metro ring', ownerId, collaboratorIds: [] },
      nodes: [{ id: 'node-0', deviceType: 'ROADM', position: { x: 0.5, y: -1 }, label: 'Ω \u0000 "测" 🔌' }],
      edges: [],
      ...other,
    });
    const add = (topology: NewTopology, at = NOON) =>
      subject().work.run(({ topologies }) => topologies.add(topology, at));
    const find = (id: number) => subject().work.run(({ topologies }) => topologies.find(id));

    it('keeps one as it was drawn', async () => {
      const [ada, bob, eve] = await people();
      const given = aTopology(ada, { collaboratorIds: [eve, bob, eve], edges: [{ id: null, deep: [[[]]] }] });
      const topology = await add(given, LATEST);
      expect(topology).to.deep.equal({
        ...{ ...given, id: topology.id, collaboratorIds: [bob, eve], createdAt: LATEST, updatedAt: LATEST },
      });
      expect(await find(topology.id)).to.deep.equal(topology);
      expect(await subject().topologies.find(topology.id)).to.deep.equal(topology);
      for (const id of [0, 2 ** 31 - 1]) expect(await subject().topologies.find(id)).to.equal(null);
    });

    it('changes name, drawing and company, and not the owner', async () => {
      const [ada, bob] = await people();
      const before = await add(aTopology(ada, { collaboratorIds: [bob] }));
      const drawn = aTopology(bob, { name: 'Other', nodes: [], edges: [{ a: 1 }] });
      await subject().work.run(({ topologies }) => topologies.update(before.id, drawn, NOON + 1));
      expect(await find(before.id)).to.deep.equal({
        ...{ ...before, name: 'Other', nodes: [], edges: [{ a: 1 }], collaboratorIds: [], updatedAt: NOON + 1 },
      });
    });

    it('lists what somebody owns or shares, the newest first', async () => {
      const [ada, bob, eve] = await people();
      const first = await add(aTopology(ada));
      const second = await add(aTopology(bob, { collaboratorIds: [ada] }), NOON + 1);
      const third = await add(aTopology(ada), NOON + 1);
      expect(await subject().topologies.ofUser(ada)).to.deep.equal([third, second, first]);
      expect(await subject().topologies.ofUser(bob)).to.deep.equal([second]);
      expect(await subject().topologies.ofUser(eve)).to.deep.equal([]);
    });

    it('keeps one review of each, with the names that lists show', async () => {
      const [ada] = await people();
      const topology = await add(aTopology(ada));
      const review = submittedReview(topology.id, ada, NOON);
      expect(await subject().work.run(({ topologies }) => topologies.claimReview(topology.id))).to.equal(null);
      await subject().work.run(({ topologies }) => topologies.saveReview(review));
      const resolved = { ...review, status: 'resolved' as const, resolvedAt: LATEST, conflictCount: 3 };
      await subject().work.run(({ topologies }) => topologies.saveReview(resolved));
      expect(await subject().work.run(({ topologies }) => topologies.claimReview(topology.id))).to.deep.equal(resolved);
      const listing = { ...resolved, topologyName: 'Metro ring', submitterName: 'ada', changedAt: NOON };
      expect(await subject().topologies.reviews(null)).to.deep.equal([listing]);
      expect(await subject().topologies.reviews(REVIEW_STATUSES)).to.deep.equal([listing]);
      expect(await subject().topologies.reviews(['submitted', 'archived'])).to.deep.equal([]);
      expect(await subject().topologies.reviews([])).to.deep.equal([]);
    });

    it('removes one with its review and its company', async () => {
      const [ada, bob] = await people();
      const topology = await add(aTopology(ada, { collaboratorIds: [bob] }));
      await subject().work.run(async ({ topologies }) => {
        await topologies.saveReview(submittedReview(topology.id, ada, NOON));
        await topologies.remove(topology.id);
      });
      expect(await find(topology.id)).to.equal(null);
      expect(await subject().topologies.ofUser(bob)).to.deep.equal([]);
      expect(await subject().topologies.reviews(null)).to.deep.equal([]);
      expect((await add(aTopology(ada))).id).to.be.above(topology.id);
    });

    it('keeps nothing of a work that fails', async () => {
      const [ada] = await people();
      await givingUp(subject().work, ({ topologies }) => topologies.add(aTopology(ada), NOON));
      expect(await subject().topologies.ofUser(ada)).to.deep.equal([]);
    });
  });
};
