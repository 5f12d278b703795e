import type { SolverCase, TopologySolver } from '../../application/topology/ports.js';
import type { LabPart, Turnarounds } from '../../domain/index.js';
import { LaidOutLab } from './laid-out-lab.js';

/** A lab that is asked in this thread. */
export const caseInProcess = (lab: LaidOutLab): SolverCase => ({
  resolve: async (...question) => Promise.resolve(lab.resolve(...question)),
  earliest: async (...question) => Promise.resolve(lab.earliest(...question)),
  advise: async (...question) => Promise.resolve(lab.advise(...question)),
  close: () => undefined,
});

/** Solves where it is called, and keeps the whole process busy meanwhile: for small labs and for tests. */
export class InProcessSolver implements TopologySolver {
  async open(parts: AsyncIterable<LabPart>, turnarounds: Turnarounds): Promise<SolverCase> {
    const lab = new LaidOutLab(turnarounds);
    for await (const part of parts) lab.add(part);
    return caseInProcess(lab);
  }
}
