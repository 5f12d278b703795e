import { expect } from 'chai';
import { InProcessSolver } from '../../adapters/solver/in-process-solver.js';
import { ThreadedSolver } from '../../adapters/solver/threaded-solver.js';
import { DomainError, type LabPart } from '../../domain/index.js';
import { topologySolverContract } from '../contracts/index.js';

topologySolverContract('the solver of this thread', () => new InProcessSolver());

describe('with a thread of its own', () => {
  const threaded = new ThreadedSolver({ fewRows: 0, fewNodes: 0 });
  after(() => threaded.stop());
  topologySolverContract('the solver', () => threaded);
});

topologySolverContract(
  'the solver that takes small labs itself',
  () => new ThreadedSolver({ fewRows: 99, fewNodes: 99 }),
);

describe('the solver’s thread', () => {
  const nothing = async function* (): AsyncGenerator<LabPart> {
    yield Promise.resolve({ rows: [] });
  };
  const slot = { start: 1, end: 2 };
  const aNode = {
    id: 'a',
    type: 'X',
    requirements: {},
    preferences: {},
    pin: null,
    exclude: [],
    alike: null,
    weight: 1,
  };
  const ask = async (solver: ThreadedSolver) => {
    const lab = await solver.open(nothing(), { usual: 0, byType: {} }, { nodes: 1 });
    return lab.resolve({ nodes: [aNode], edges: [] }, { window: slot, now: 0 });
  };

  it('is replaced when it died', async () => {
    const solver = new ThreadedSolver({ fewRows: -1, fewNodes: 0 });
    expect((await ask(solver)).status).to.equal('infeasible');
    await solver.stop();
    expect((await ask(solver)).status).to.equal('infeasible');
    await solver.stop();
  });

  /** So many devices that nobody has to choose between, and as many nodes: work for a while. */
  const alike = async function* (): AsyncGenerator<LabPart> {
    const rows = Array.from({ length: 300 }, (_, index) => ({
      ...{ id: index + 1, thingKey: `x ${index}`, oiId: null, type: 'X', name: `X ${index}`, manufacturer: null },
      ...{ model: null, site: null, status: 'active' as const, schedulable: true, ports: [], tags: [] },
    }));
    yield Promise.resolve({ rows });
  };
  const open = (solver: ThreadedSolver) => solver.open(alike(), { usual: 0, byType: {} }, { nodes: 9 });
  const nodes = (count: number) => ({
    nodes: Array.from({ length: count }, (_, index) => ({ ...aNode, id: `n${index}` })),
    edges: [],
  });
  const terms = { window: slot, now: 0, options: 5 };
  const codeOf = (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => 'answered',
      (error: unknown) => (error instanceof DomainError && error.kind === 'unavailable' ? error.code : String(error)),
    );

  it('is given up when a question takes too long, and only that one is blamed', async () => {
    const solver = new ThreadedSolver({ fewRows: -1, fewNodes: 0, patience: 1 });
    const [slow, waiting, idle] = [await open(solver), await open(solver), await open(solver)];
    const asked = [slow.resolve(nodes(150), terms), waiting.resolve(nodes(1), terms)];
    expect(await Promise.all(asked.map(codeOf))).to.deep.equal(['topology.too-long', 'topology.busy']);
    expect(await codeOf(idle.resolve(nodes(1), terms))).to.equal('topology.busy');
    for (const lab of [slow, waiting, idle]) lab.close();
    await solver.stop();
  });

  it('has as much time for a question that waited as for any other', async function () {
    this.timeout(20_000);
    const calm = new ThreadedSolver({ fewRows: -1, fewNodes: 0 });
    const warm = await open(calm);
    await warm.resolve(nodes(80), terms);
    const start = performance.now();
    await warm.resolve(nodes(80), terms);
    const alone = performance.now() - start;
    await calm.stop();

    const solver = new ThreadedSolver({ fewRows: -1, fewNodes: 0, patience: 8 * alone });
    const labs = await Promise.all(Array.from({ length: 16 }, () => open(solver)));
    const codes = await Promise.all(labs.map((lab) => codeOf(lab.resolve(nodes(80), terms))));
    expect(codes).to.deep.equal(labs.map(() => 'answered'));
    await solver.stop();
  });

  it('asks to come again when it is stopped while somebody waits', async () => {
    const solver = new ThreadedSolver({ fewRows: -1, fewNodes: 0 });
    const code = codeOf((await open(solver)).resolve(nodes(150), terms));
    await solver.stop();
    expect(await code).to.equal('topology.busy');
  });
});
