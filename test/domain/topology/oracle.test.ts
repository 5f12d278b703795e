import { expect } from 'chai';
import { indexPlant } from '../../../domain/index.js';
import { CandidateFinder } from '../../../domain/topology/candidates.js';
import { LabWindow } from '../../../domain/topology/lab-window.js';
import { anyMapping, bestMapping, prepare } from '../../../domain/topology/solve.js';
import { Dice } from '../../torture/dice.js';
import { naiveBest } from './naive-resolver.js';
import { randomQuestion, type Question } from './random-lab.js';

/** `TOPOLOGY_CASES=50000 npx mocha test/domain/topology/oracle.test.ts` tries more, `TOPOLOGY_FROM` others. */
const CASES = Number(process.env.TOPOLOGY_CASES ?? 4000);
const FIRST = Number(process.env.TOPOLOGY_FROM ?? 0);
const BUDGET = 200_000;

const bySearch = ({ plant, topology, terms }: Question) => {
  const lab = new LabWindow(indexPlant(plant), terms.window);
  const prepared = prepare(topology, lab, new CandidateFinder(lab, terms.weights), terms);
  const found = bestMapping(prepared, [], { budget: BUDGET, gap: 0 });
  const { offset } = prepared.problem;
  return {
    score: found.best ? found.best.score + offset : null,
    bound: found.bound + offset,
    isPossible: anyMapping(prepared, BUDGET).best !== null,
  };
};

/** Seeds on which the resolver was once wrong. */
const REMEMBERED = [1_033_068];

describe('the resolver beside trying everything', function () {
  this.timeout(CASES * 50);

  it(`agrees on ${CASES} small labs whether a topology is possible, and on the best score`, () => {
    let possible = 0;
    const seeds = Array.from({ length: CASES }, (_, at) => FIRST + at);
    for (const seed of [...REMEMBERED, ...seeds]) {
      const question = randomQuestion(new Dice(seed));
      const wanted = naiveBest(question);
      const { score, bound, isPossible } = bySearch(question);
      expect(isPossible, `seed ${seed}: is it possible`).to.equal(wanted !== null);
      if (wanted === null) {
        expect(score, `seed ${seed}: impossible`).to.equal(null);
        continue;
      }
      possible += 1;
      expect(score, `seed ${seed}: score`).to.be.closeTo(wanted, 1e-7);
      expect(bound, `seed ${seed}: bound`).to.be.closeTo(wanted, 1e-6);
    }
    expect(possible / CASES, 'share of possible ones').to.be.greaterThan(0.6);
  });
});
