import { betaQuantile } from './beta-quantile.js';
import { LabWindow } from './lab-window.js';
import type { LogicalTopology } from './logical-topology.js';
import type { PlantIndex } from './plant-index.js';
import { beliefOf, meanOf, rateOfType } from './reliability.js';
import type { Advice, AdviceScore, DeviceChances, ResolveTerms, TopologyOption } from './resolution.js';

/** How much the four scores count in a recommendation. */
export const ADVICE_WEIGHTS = { performance: 0.3, availability: 0.25, efficiency: 0.25, reliability: 0.2 } as const;

const mean = (numbers: readonly number[]): number =>
  numbers.length === 0 ? 0 : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

const performanceOf = ({ score, nodes, routes }: TopologyOption): AdviceScore => {
  const minFit = Math.min(...nodes.map(({ fit }) => fit));
  const minLink = Math.min(1, ...routes.map((route) => route.score));
  return { score: 0.5 * score + 0.5 * Math.min(minFit, minLink), inputs: { total: score, minFit, minLink } };
};

const availabilityOf = ({ deviceIds }: TopologyOption, chances: ReadonlyMap<number, DeviceChances>): AdviceScore => {
  const known = deviceIds.map((id) => chances.get(id) ?? { staysUp: 1, staysFree: 1 });
  const staysUp = known.reduce((product, chance) => product * chance.staysUp, 1);
  const staysFree = known.reduce((product, chance) => product * chance.staysFree, 1);
  return {
    score: staysUp * staysFree,
    inputs: {
      staysUp,
      staysFree,
      devices: deviceIds.length,
      forecasts: deviceIds.filter((id) => chances.has(id)).length,
    },
  };
};

/** Scarcity of a device: one over the bookable devices of its model. */
const efficiencyOf = (
  { nodes, routes, deviceIds }: TopologyOption,
  { devices, placeOf, mostPorts, typeOf, modelOf, modelSize, bundles }: PlantIndex,
): AdviceScore => {
  const portsUsed = new Map<number, number>();
  for (const { deviceId } of routes.flatMap((route) => route.ports)) {
    portsUsed.set(deviceId, (portsUsed.get(deviceId) ?? 0) + 1);
  }
  const portWaste = mean(
    nodes.map(({ deviceId }) => {
      const place = placeOf.get(deviceId)!;
      const surplus = Math.max(0, devices[place]!.ports.length - (portsUsed.get(deviceId) ?? 0));
      return surplus / Math.max(1, mostPorts[typeOf[place]!]!);
    }),
  );
  const trunks = bundles.reduce((sum, bundle) => sum + bundle.trunks.length, 0);
  const used = routes.reduce((sum, { trunkIds }) => sum + trunkIds.length, 0);
  const trunkShare = trunks === 0 ? 0 : used / trunks;
  const scarcity = mean(deviceIds.map((id) => 1 / Math.max(1, modelSize[modelOf[placeOf.get(id)!]!]!)));
  return {
    score: 1 - (0.4 * portWaste + 0.3 * trunkShare + 0.3 * scarcity),
    inputs: { portWaste, trunkShare, scarcity },
  };
};

const reliabilityOf = ({ deviceIds }: TopologyOption, index: PlantIndex): Advice['reliability'] => {
  const { devices, placeOf, typeOf, ofType } = index;
  const rates = new Map<number, number>();
  const beliefs = deviceIds.map((deviceId) => {
    const place = placeOf.get(deviceId)!;
    const type = typeOf[place]!;
    const rate = rates.get(type) ?? rateOfType(Array.from(ofType[type]!, (member) => devices[member]!));
    rates.set(type, rate);
    return { deviceId, belief: beliefOf(devices[place]!, rate) };
  });
  const means = beliefs.map(({ belief }) => meanOf(belief));
  const worst = beliefs[means.indexOf(Math.min(...means))]!;
  const quantile10 = betaQuantile(0.1, worst.belief);
  return {
    score: mean(means),
    inputs: { devices: means.length, lowest: Math.min(...means), lowestQuantile10: quantile10 },
    lowest: { deviceId: worst.deviceId, quantile10 },
  };
};

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/**
 * Judges an option as a configuration by four scores from 0 to 1, each with what it was calculated from. Chances come
 * from the forecast; a device without one counts as certain, and `inputs.forecasts` says for how many there was one.
 */
export const adviseOn = (
  option: TopologyOption,
  topology: LogicalTopology,
  index: PlantIndex,
  terms: Pick<ResolveTerms, 'window'>,
  chances: ReadonlyMap<number, DeviceChances> = new Map(),
): Advice => {
  const performance = performanceOf(option);
  const availability = availabilityOf(option, chances);
  const efficiency = efficiencyOf(option, index);
  const reliability = reliabilityOf(option, index);
  const lab = new LabWindow(index, terms.window);
  const freeNow = option.deviceIds.every((id) => lab.blockOf(index.placeOf.get(id)!) === 0) ? 1 : 0;
  const byKind = new Map<string, number>();
  for (const { kind } of option.routes) byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
  const links = [...byKind].map(([kind, count]) => `${count} ${kind}`).join(', ');
  const { lowest } = reliability;
  return {
    performance,
    availability,
    efficiency,
    reliability,
    recommendation:
      ADVICE_WEIGHTS.performance * performance.score +
      ADVICE_WEIGHTS.availability * availability.score +
      ADVICE_WEIGHTS.efficiency * efficiency.score +
      ADVICE_WEIGHTS.reliability * reliability.score,
    freeNow,
    rationale: [
      `${topology.nodes.length} nodes fit at ${percent(option.score)} in all, the worst at ${percent(performance.inputs.minFit ?? 0)}`,
      links === '' ? 'no links' : `links: ${links}`,
      `${freeNow === 1 ? 'all free now' : 'not all free now'}, ${percent(availability.score)} likely to stay so`,
      `least reliable: ${index.devices[index.placeOf.get(lowest.deviceId)!]!.name}, above ${percent(lowest.quantile10)} with 90 % certainty`,
    ].join(' | '),
  };
};
