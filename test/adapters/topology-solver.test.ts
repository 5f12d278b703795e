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

  it('is given up when it takes too long, and the question is refused', async () => {
    const solver = new ThreadedSolver({ fewRows: -1, fewNodes: 0, patience: 0 });
    const error: unknown = await ask(solver).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(DomainError);
    expect((error as DomainError).code).to.equal('topology.too-long');
    await solver.stop();
  });
});
