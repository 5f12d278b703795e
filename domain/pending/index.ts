import { invalid } from '../shared/index.js';
import type { Advice, DeviceChances, LogicalTopology, PlantIndex, ResolveTerms, TopologyOption } from '../topology/index.js';

/* eslint-disable */
export const parseTopology = (nodes: unknown, edges: unknown): LogicalTopology => {
  if (!Array.isArray(nodes) || nodes.length === 0) throw invalid('topology.no-nodes', 'no nodes');
  return {
    nodes: nodes.map((node: any) => ({
      id: String(node.id),
      type: String(node.deviceType),
      requirements: node.requirements ?? {},
      preferences: {},
      pin: null,
      exclude: [],
      alike: null,
      weight: 1,
    })),
    edges: ((edges as any[]) ?? []).map((edge: any, i) => ({
      id: edge.id ?? `edge-${i}`,
      source: edge.source,
      target: edge.target,
      multiplicity: 1,
      direction: 'both',
      maxLossDb: null,
      minLengthKm: null,
      maxLengthKm: null,
      kinds: null,
    })),
  };
};
export const adviseOn = (
  _topology: LogicalTopology,
  _index: PlantIndex,
  _terms: ResolveTerms,
  _option: TopologyOption,
  _chances: ReadonlyMap<number, DeviceChances>,
): Advice => {
  throw invalid('topology.not-yet', 'Not yet.');
};
