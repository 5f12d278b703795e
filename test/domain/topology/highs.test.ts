import { expect } from 'chai';
import highsModule from 'highs';
import { indexPlant, resolveTopology, type LogicalTopology, type Plant } from '../../../domain/index.js';
import { CandidateFinder, strandsAt } from '../../../domain/topology/candidates.js';
import { LabWindow } from '../../../domain/topology/lab-window.js';
import { drawnLab, drawnLine, DRAWN_WINDOW } from '../../../bench/drawn-lab.js';
import { Dice } from '../../torture/dice.js';

/** `HIGHS_SEEDS=5 npx mocha test/domain/topology/highs.test.ts` solves more and bigger ones. */
const SEEDS = Number(process.env.HIGHS_SEEDS ?? 1);
const SIZES = [[30, 200], [12, 400], ...(SEEDS > 1 ? [[30, 400] as const] : [])] as const;

/** A lab in which nothing but fits and switches counts: no fixed fibres, no elements, more trunks than links. */
const withPatchesOnly = (plant: Plant): Plant => ({
  ...plant,
  direct: [],
  inline: [],
  trunks: plant.trunks.flatMap((trunk) => Array.from({ length: 6 }, (_, at) => ({ ...trunk, id: trunk.id * 10 + at }))),
});

/** Trunks between every two switches, by breadth-first search. */
const hopsIn = ({ switches, trunks }: Plant): number[][] =>
  switches.map(({ id }) => {
    const hops = new Map([[id, 0]]);
    for (const [at, far] of hops) {
      for (const { a, b } of trunks) {
        if (a.switchId === at && !hops.has(b.switchId)) hops.set(b.switchId, far + 1);
        if (b.switchId === at && !hops.has(a.switchId)) hops.set(a.switchId, far + 1);
      }
    }
    return switches.map((other) => hops.get(other.id) ?? Infinity);
  });

/** The optimum of a mixed integer program: which device each node becomes, and between which switches each link runs. */
const optimumOf = async (plant: Plant, topology: LogicalTopology): Promise<number> => {
  const index = indexPlant(plant);
  const finder = new CandidateFinder(new LabWindow(index, DRAWN_WINDOW), {});
  const strands = strandsAt(topology);
  const homes = new Map(plant.patches.map(({ deviceId, switchId }) => [deviceId, switchId]));
  const patched = new Map<number, number>();
  for (const { deviceId } of plant.patches) patched.set(deviceId, (patched.get(deviceId) ?? 0) + 1);
  const hops = hopsIn(plant);
  const gain = plant.switches.map((_, a) =>
    plant.switches.map((__, b) => {
      const far = hops[a]![b]!;
      return far === 0 ? 0.95 : far > 3 ? null : 0.8 - 0.15 * (far - 1);
    }),
  );
  const [objective, rows, binaries]: [string[], string[], string[]] = [[], [], []];
  const users = new Map<number, string[]>();
  const atSwitch = new Map<string, string[]>();
  topology.nodes.forEach((node, v) => {
    const { places, fits } = finder.of(node, strands[v]!);
    const names: string[] = [];
    places.forEach((place, at) => {
      const { id } = index.devices[place]!;
      if ((patched.get(id) ?? 0) < strands[v]!) return;
      const name = `x${v}_${id}`;
      const home = plant.switches.findIndex((found) => found.id === homes.get(id));
      names.push(name);
      objective.push(`${(0.7 * fits[at]!) / topology.nodes.length} ${name}`);
      users.set(id, [...(users.get(id) ?? []), name]);
      atSwitch.set(`${v}/${home}`, [...(atSwitch.get(`${v}/${home}`) ?? []), name]);
    });
    binaries.push(...names);
    rows.push(`${names.join(' + ')} = 1`);
  });
  for (const names of users.values()) if (names.length > 1) rows.push(`${names.join(' + ')} <= 1`);
  const nodeAt = new Map(topology.nodes.map(({ id }, at) => [id, at]));
  topology.edges.forEach(({ source, target }, e) => {
    const [u, v] = [nodeAt.get(source)!, nodeAt.get(target)!];
    const name = (a: number, b: number) => `y${e}_${a}_${b}`;
    plant.switches.forEach((_, a) => {
      const out = plant.switches.flatMap((__, b) => (gain[a]![b] === null ? [] : [name(a, b)]));
      const into = plant.switches.flatMap((__, b) => (gain[b]![a] === null ? [] : [name(b, a)]));
      const minus = (names: readonly string[] | undefined) => (names ?? []).map((x) => ` - ${x}`).join('');
      rows.push(`${out.join(' + ')}${minus(atSwitch.get(`${u}/${a}`))} = 0`);
      rows.push(`${into.join(' + ')}${minus(atSwitch.get(`${v}/${a}`))} = 0`);
      plant.switches.forEach((__, b) => {
        const score = gain[a]![b];
        if (score !== null) objective.push(`${(0.3 * score!) / topology.edges.length} ${name(a, b)}`);
      });
    });
  });
  const program = [
    'Maximize',
    ` obj: ${objective.join('\n + ')}`,
    'Subject To',
    ...rows.map((row, at) => ` c${at}: ${row}`),
    'Binary',
    ` ${binaries.join('\n ')}`,
    'End',
  ].join('\n');
  // The package is CommonJS whose types speak of an ES module.
  const highs = await (highsModule as unknown as typeof highsModule.default)();
  const solution = highs.solve(program, { mip_rel_gap: 1e-9 });
  expect(solution.Status).to.equal('Optimal');
  return solution.ObjectiveValue;
};

describe('the resolver beside a mixed integer solver', function () {
  this.timeout(SEEDS * 120_000);

  for (const [nodes, devices] of SIZES) {
    it(`is never above the optimum and never more below it than it says: ${nodes} nodes, ${devices} devices`, async () => {
      for (let seed = 0; seed < SEEDS; seed += 1) {
        const dice = new Dice(80_000, nodes, devices, seed);
        const plant = withPatchesOnly(drawnLab(dice, devices));
        const topology = drawnLine(dice, nodes);
        const optimum = await optimumOf(plant, topology);
        const answer = resolveTopology(topology, indexPlant(plant), {
          window: DRAWN_WINDOW,
          now: DRAWN_WINDOW.start,
          options: 1,
          gap: 0,
          nodeBudget: 20_000,
        });
        if (answer.status === 'infeasible') throw new Error(answer.detail);
        const [option] = answer.options;
        const label = `seed ${seed}: ${option!.score} of ${optimum}, bound ${option!.bound}`;
        expect(option!.score, label).to.be.at.most(optimum + 1e-6);
        expect(option!.bound, label).to.be.at.least(optimum - 1e-6);
        expect(option!.score, label).to.be.at.least(0.995 * optimum);
        if (option!.proved) expect(option!.score, label).to.be.closeTo(optimum, 1e-6);
      }
    });
  }
});
