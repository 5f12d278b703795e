import { expect } from 'chai';
import type { TopologySolver } from '../../application/index.js';
import {
  DAY,
  DomainError,
  HOUR,
  MINUTE,
  type LabPart,
  type Link,
  type LogicalTopology,
  type PlantRow,
} from '../../domain/index.js';
import { aLink } from './links.contract.js';
import { NOON } from './samples.js';

const slot = { start: NOON, end: NOON + HOUR };
const terms = { window: slot, now: NOON, options: 2 };

const aRow = (id: number, other: Partial<PlantRow> = {}): PlantRow => ({
  ...{ id, thingKey: `roadm ${id}`, oiId: null, type: 'ROADM', name: `ROADM ${id}`, manufacturer: null, model: null },
  ...{ site: null, status: 'active', schedulable: true, ports: ['L1:line', 'L2:line'], tags: [] },
  ...other,
});

const aFibre = (id: number, a: number, b: number): Link => ({ ...aLink(a, b), id, createdAt: NOON, updatedAt: NOON });

/** So many ROADMs, each joined to the next by a fibre of its own ports. */
const aLab = (devices: number): LabPart[] => {
  const ids = Array.from({ length: devices }, (_, index) => index + 1);
  const links = ids.slice(1).map((id) => ({
    ...aFibre(id, id - 1, id),
    a: { deviceId: id - 1, port: 'L1', inPort: null, outPort: null },
    b: { deviceId: id, port: 'L2', inPort: null, outPort: null },
  }));
  return [{ rows: ids.map((id) => aRow(id)) }, { links }];
};

const given = async function* (parts: readonly LabPart[]): AsyncGenerator<LabPart> {
  for (const part of parts) yield Promise.resolve(part);
};

const aNode = (id: string) => ({
  ...{ id, type: 'ROADM', requirements: {}, preferences: {}, pin: null, exclude: [], alike: null, weight: 1 },
});

const aPair: LogicalTopology = {
  nodes: [aNode('a'), aNode('b')],
  edges: [
    {
      ...{ id: 'e', source: 'a', target: 'b', multiplicity: 1, direction: 'both', maxLossDb: null },
      ...{ minLengthKm: null, maxLengthKm: null, kinds: null },
    },
  ],
};

const noTurnaround = { usual: 0, byType: {} };

/** For a TopologySolver. Give one that is big enough for labs of a few devices, wherever it works. */
export const topologySolverContract = (name: string, open: () => TopologySolver): void => {
  describe(`${name} as a solver of topologies`, () => {
    const caseOf = (parts: readonly LabPart[]) => open().open(given(parts), noTurnaround, { nodes: 2 });

    it('finds devices with a fibre between them, the same every time', async () => {
      const solver = await caseOf(aLab(6));
      const first = await solver.resolve(aPair, terms);
      expect(first.status).to.equal('resolved');
      if (first.status !== 'resolved') return;
      const [a, b] = first.options[0]!.nodes.map(({ deviceId }) => deviceId) as [number, number];
      expect(Math.abs(a - b)).to.equal(1);
      expect(JSON.stringify(await solver.resolve(aPair, terms))).to.equal(JSON.stringify(first));
      solver.close();
    });

    it('says when there are none, and when there will be', async () => {
      const until = Math.ceil(NOON / MINUTE) * MINUTE + DAY;
      const busy = Float64Array.of(1, NOON - HOUR, until);
      const solver = await caseOf([...aLab(2), { busy }]);
      expect((await solver.resolve(aPair, terms)).status).to.equal('infeasible');
      const within = { start: NOON, end: NOON + 7 * DAY };
      const earliest = await solver.earliest(aPair, { now: NOON, within, length: HOUR, options: 1 });
      expect(earliest.status === 'found' && earliest.window).to.deep.equal({ start: until, end: until + HOUR });
      solver.close();
    });

    it('keeps the turnaround around bookings', async () => {
      const parts = [...aLab(2), { busy: Float64Array.of(1, NOON - HOUR, NOON) }];
      const free = await open().open(given(parts), noTurnaround, { nodes: 2 });
      expect((await free.resolve(aPair, terms)).status).to.equal('resolved');
      free.close();
      const turnarounds = { usual: 0, byType: { roadm: 1 } };
      const kept = await open().open(given(parts), turnarounds, { nodes: 2 });
      expect((await kept.resolve(aPair, terms)).status).to.equal('infeasible');
      kept.close();
    });

    it('judges options, in their order', async () => {
      const solver = await caseOf(aLab(6));
      const found = await solver.resolve(aPair, terms);
      if (found.status !== 'resolved') throw new Error('this is possible');
      const chances = new Map([1, 2, 3, 4, 5, 6].map((id) => [id, { staysUp: 0.9, staysFree: 1 }]));
      const advice = await solver.advise(aPair, found.options, terms, chances);
      expect(advice).to.have.length(found.options.length);
      for (const { recommendation, freeNow } of advice) {
        expect(recommendation).to.be.within(0, 1);
        expect(freeNow).to.equal(1);
      }
      solver.close();
    });

    it('answers several labs at once', async () => {
      const solver = open();
      const labs = await Promise.all(
        [2, 3, 4].map((size) => solver.open(given(aLab(size)), noTurnaround, { nodes: 2 })),
      );
      const found = await Promise.all(labs.map((lab) => lab.resolve(aPair, terms)));
      expect(found.map(({ status }) => status)).to.deep.equal(['resolved', 'resolved', 'resolved']);
      for (const lab of labs) lab.close();
    });

    it('passes on what goes wrong with reading the lab', async () => {
      const broken = async function* (): AsyncGenerator<LabPart> {
        yield* given(aLab(2));
        throw new DomainError('unavailable', 'database.busy', 'later');
      };
      const error: unknown = await open()
        .open(broken(), noTurnaround, { nodes: 2 })
        .catch((reason: unknown) => reason);
      expect((error as DomainError).code).to.equal('database.busy');
    });
  });
};
