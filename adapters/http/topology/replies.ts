import { z } from 'zod';
import {
  mappingIdOf,
  type DeviceNames,
  type EarliestView,
  type NodeAvailability,
  type ResolutionView,
  type SuggestionsView,
  type TopologyRefused,
} from '../../../application/topology/index.js';
import {
  isoOf,
  type Advice,
  type Hop,
  type Infeasible,
  type LogicalTopology,
  type NodeChoice,
  type ReasonCounts,
  type Route,
  type TimeSlot,
  type TopologyOption,
} from '../../../domain/index.js';
import { isoText } from '../shared/fields.js';

const Score = z.number();
const Counts = z.record(z.string(), z.int());

const AlternativeReply = z.object({
  device_id: z.int(),
  device_name: z.string(),
  device_type: z.string(),
  fit_score: Score,
  available: z.boolean(),
  difference: z.number(),
  loses: z.object({ term: z.string(), by: z.number() }).nullable(),
  breaks: z.array(z.string()),
});

const NodeReply = z.object({
  logical_node_id: z.string(),
  physical_device_id: z.int(),
  physical_device_name: z.string(),
  physical_device_type: z.string(),
  fit_score: Score,
  confidence: z.enum(['high', 'medium', 'low']),
  explanation: z.string(),
  alternatives: z.array(AlternativeReply),
  score_terms: z.array(z.object({ name: z.string(), weight: z.number(), score: Score, detail: z.string() })),
  candidates: z.int(),
  reasons: Counts,
  next_free: isoText.nullable(),
});

const HopReply = z.object({
  via: z.enum(['direct', 'patch', 'switch', 'trunk', 'inline']),
  link_id: z.int().nullable(),
  device_id: z.int().nullable(),
  device_name: z.string().nullable(),
  connects: z.array(z.object({ in_port: z.int(), out_port: z.int() })),
  length_km: z.number(),
  loss_db: z.number(),
});

const EndReply = z.object({ device_id: z.int(), port: z.string() });

const LinkReply = z.object({
  logical_edge_id: z.string(),
  source_mapping: z.string(),
  target_mapping: z.string(),
  physical_link_id: z.string().nullable(),
  fit_score: Score,
  kind: z.enum(['direct', 'patch', 'trunk', 'inline']),
  strand: z.int(),
  source: EndReply,
  target: EndReply,
  hops: z.array(HopReply),
  inline_device_ids: z.array(z.int()),
  length_km: z.number(),
  loss_db: z.number(),
  why_not_better: z.string().nullable(),
});

export const MappingReply = z
  .object({
    mapping_id: z.string(),
    total_fit_score: Score,
    notes: z.string(),
    node_mappings: z.array(NodeReply),
    link_mappings: z.array(LinkReply),
    device_ids: z.array(z.int()),
    score: Score,
    bound: Score,
    gap: z.number(),
    proved: z.boolean(),
    truncated: z.boolean(),
    behind_first: z.number(),
  })
  .openapi('TopologyMapping');

const InfeasibleReply = z
  .object({
    nodes: z.array(z.string()),
    edges: z.array(z.string()),
    detail: z.string(),
    proved: z.boolean(),
    reasons: z.record(z.string(), Counts),
    next_free: z.record(z.string(), isoText.nullable()),
    shortage: z.object({ nodes: z.array(z.string()), device_ids: z.array(z.int()) }).nullable(),
    relaxations: z.array(
      z.object({
        kind: z.string(),
        change: z.string(),
        detail: z.string(),
        start_time: isoText.nullable(),
        end_time: isoText.nullable(),
      }),
    ),
  })
  .openapi('InfeasibleTopology');

const HIGH = 0.8;
const MEDIUM = 0.5;

const confidenceOf = (fit: number): 'high' | 'medium' | 'low' => {
  if (fit >= HIGH) return 'high';
  return fit >= MEDIUM ? 'medium' : 'low';
};

/** `Type match: ✓ | Availability: ✓ | vendor: ✗ asked for Ciena`: as the drawing page shows it. */
const explanationOf = ({ terms }: NodeChoice): string =>
  [
    'Type match: ✓',
    'Availability: ✓',
    ...terms.map(({ name, score, detail }) => `${name}: ${detail || score.toFixed(2)}`),
  ].join(' | ');

const countsOf = (counts: ReasonCounts): Record<string, number> => Object.fromEntries(Object.entries(counts));

const nodeReply = (choice: NodeChoice, names: DeviceNames): z.input<typeof NodeReply> => {
  const named = (deviceId: number) => names.get(deviceId) ?? { name: '', type: '' };
  const { name, type } = named(choice.deviceId);
  return {
    logical_node_id: choice.nodeId,
    physical_device_id: choice.deviceId,
    physical_device_name: name,
    physical_device_type: type,
    fit_score: choice.fit,
    confidence: confidenceOf(choice.fit),
    explanation: explanationOf(choice),
    alternatives: choice.alternatives.map((other) => ({
      device_id: other.deviceId,
      device_name: named(other.deviceId).name,
      device_type: named(other.deviceId).type,
      fit_score: other.fit,
      available: other.available,
      difference: other.difference,
      loses: other.loses && { term: other.loses.term, by: other.loses.by },
      breaks: [...other.breaks],
    })),
    score_terms: choice.terms.map((term) => ({ ...term })),
    candidates: choice.candidates,
    reasons: countsOf(choice.reasons),
    next_free: choice.nextFree === null ? null : isoOf(choice.nextFree),
  };
};

const hopReply = (hop: Hop, names: DeviceNames): z.input<typeof HopReply> => {
  const { via, lossDb } = hop;
  const nothing = {
    via,
    link_id: null,
    device_id: null,
    device_name: null,
    connects: [],
    length_km: 0,
    loss_db: lossDb,
  };
  const named = (id: number) => ({ device_id: id, device_name: names.get(id)?.name ?? '' });
  if (hop.via === 'switch') {
    const connects = hop.connects.map(({ inNo, outNo }) => ({ in_port: inNo, out_port: outNo }));
    return { ...nothing, ...named(hop.switchId), connects };
  }
  const along = { ...nothing, length_km: hop.lengthKm };
  if (hop.via === 'inline') return { ...along, ...named(hop.deviceId), link_id: hop.wayId };
  return { ...along, link_id: hop.via === 'trunk' ? hop.trunkId : hop.wireId };
};

const linkReply = (route: Route, topology: LogicalTopology, names: DeviceNames): z.input<typeof LinkReply> => {
  const edge = topology.edges.find(({ id }) => id === route.edgeId);
  return {
    logical_edge_id: route.edgeId,
    source_mapping: edge?.source ?? '',
    target_mapping: edge?.target ?? '',
    physical_link_id: `link-${route.source.deviceId}-${route.target.deviceId}`,
    fit_score: route.score,
    kind: route.kind,
    strand: route.strand,
    source: { device_id: route.source.deviceId, port: route.source.port },
    target: { device_id: route.target.deviceId, port: route.target.port },
    hops: route.hops.map((hop) => hopReply(hop, names)),
    inline_device_ids: [...route.inlineDeviceIds],
    length_km: route.lengthKm,
    loss_db: route.lossDb,
    why_not_better: route.whyNotBetter,
  };
};

const notesOf = ({ rank, proved, truncated, gap, behindFirst }: TopologyOption): string => {
  const effort = truncated
    ? `within ${(100 * gap).toFixed(1)} % of the best, as far as was searched`
    : 'close to the best';
  const proof = proved ? 'No better one exists, within the tolerance.' : `It is ${effort}.`;
  return rank === 1
    ? `The best option. ${proof}`
    : `Option ${rank}: ${behindFirst.toFixed(3)} behind the best. ${proof}`;
};

export const mappingReply = (
  option: TopologyOption,
  topology: LogicalTopology,
  names: DeviceNames,
): z.input<typeof MappingReply> => ({
  mapping_id: mappingIdOf(topology, option),
  total_fit_score: option.score,
  notes: notesOf(option),
  node_mappings: option.nodes.map((choice) => nodeReply(choice, names)),
  link_mappings: option.routes.map((route) => linkReply(route, topology, names)),
  device_ids: [...option.deviceIds],
  score: option.score,
  bound: option.bound,
  gap: option.gap,
  proved: option.proved,
  truncated: option.truncated,
  behind_first: option.behindFirst,
});

const infeasibleReply = (infeasible: Infeasible): z.input<typeof InfeasibleReply> => ({
  nodes: [...infeasible.nodes],
  edges: [...infeasible.edges],
  detail: infeasible.detail,
  proved: infeasible.proved,
  reasons: Object.fromEntries(Object.entries(infeasible.reasons).map(([node, counts]) => [node, countsOf(counts)])),
  next_free: Object.fromEntries(
    Object.entries(infeasible.nextFree).map(([node, instant]) => [node, instant === null ? null : isoOf(instant)]),
  ),
  shortage: infeasible.shortage && {
    nodes: [...infeasible.shortage.nodes],
    device_ids: [...infeasible.shortage.deviceIds],
  },
  relaxations: infeasible.relaxations.map(({ kind, change, detail, window }) => ({
    ...{ kind, change, detail },
    start_time: window && isoOf(window.start),
    end_time: window && isoOf(window.end),
  })),
});

/** What a refused topology is told beside its sentence. */
export const topologyRefusalReply = ({ infeasible, earliest }: TopologyRefused) => ({
  infeasible: infeasibleReply(infeasible),
  earliest: earliest && timesReply(earliest),
});

export const ResolveReply = z.object({
  mappings: z.array(MappingReply),
  total_options: z.int(),
  infeasible: InfeasibleReply.nullable(),
});

export const resolveReply = (
  { resolution, names }: ResolutionView,
  topology: LogicalTopology,
): z.input<typeof ResolveReply> => {
  if (resolution.status === 'infeasible') {
    return { mappings: [], total_options: 0, infeasible: infeasibleReply(resolution) };
  }
  const mappings = resolution.options.map((option) => mappingReply(option, topology, names));
  return { mappings, total_options: mappings.length, infeasible: null };
};

const Inputs = z.record(z.string(), z.number());
const AdviceReply = z.object({
  performance: Inputs,
  availability: Inputs,
  efficiency: Inputs,
  reliability: Inputs,
  lowest_reliability: z.object({ device_id: z.int(), device_name: z.string(), quantile_10: z.number() }),
});

export const SuggestReply = z.object({
  recommendations: z.array(
    z.object({
      mapping_id: z.string(),
      recommendation_score: Score,
      performance_score: Score,
      availability_score: Score,
      efficiency_score: Score,
      reliability_score: Score,
      free_now: z.int(),
      rationale: z.string(),
      earliest_available_slot: isoText.nullable(),
      score_inputs: AdviceReply,
      mapping: MappingReply,
    }),
  ),
  total_recommendations: z.int(),
  infeasible: InfeasibleReply.nullable(),
});

const inputsReply = (advice: Advice, names: DeviceNames): z.input<typeof AdviceReply> => ({
  performance: { ...advice.performance.inputs },
  availability: { ...advice.availability.inputs },
  efficiency: { ...advice.efficiency.inputs },
  reliability: { ...advice.reliability.inputs },
  lowest_reliability: {
    device_id: advice.reliability.lowest.deviceId,
    device_name: names.get(advice.reliability.lowest.deviceId)?.name ?? '',
    quantile_10: advice.reliability.lowest.quantile10,
  },
});

export const suggestReply = (view: SuggestionsView, topology: LogicalTopology): z.input<typeof SuggestReply> => {
  const recommendations = view.suggestions.map(({ option, advice, earliest }) => {
    const mapping = mappingReply(option, topology, view.names);
    return {
      mapping_id: mapping.mapping_id,
      recommendation_score: advice.recommendation,
      performance_score: advice.performance.score,
      availability_score: advice.availability.score,
      efficiency_score: advice.efficiency.score,
      reliability_score: advice.reliability.score,
      free_now: advice.freeNow,
      rationale: advice.rationale,
      earliest_available_slot: earliest === null ? null : isoOf(earliest),
      score_inputs: inputsReply(advice, view.names),
      mapping,
    };
  });
  return {
    recommendations,
    total_recommendations: recommendations.length,
    infeasible: view.infeasible && infeasibleReply(view.infeasible),
  };
};

export const EarliestReply = z.object({
  start_time: isoText.nullable(),
  end_time: isoText.nullable(),
  mapping: MappingReply.nullable(),
  infeasible: InfeasibleReply.nullable(),
});

export const earliestReply = (
  { earliest, names }: EarliestView,
  topology: LogicalTopology,
): z.input<typeof EarliestReply> => {
  if (earliest.status === 'none') {
    return { start_time: null, end_time: null, mapping: null, infeasible: infeasibleReply(earliest.infeasible) };
  }
  const [option] = earliest.options;
  return {
    ...timesReply(earliest.window),
    mapping: option ? mappingReply(option, topology, names) : null,
    infeasible: null,
  };
};

export const timesReply = ({ start, end }: TimeSlot) => ({ start_time: isoOf(start), end_time: isoOf(end) });

export const AvailabilityReply = z.object({
  availability: z.record(
    z.string(),
    z.object({
      status: z.enum(['available', 'unavailable', 'unknown']),
      details: z.object({
        device_type: z.string(),
        message: z.string(),
        device_id: z.int().nullable(),
        device_name: z.string().nullable(),
        reasons: Counts,
        next_free: isoText.nullable(),
      }),
    }),
  ),
});

export const availabilityReply = (
  found: ReadonlyMap<string, NodeAvailability>,
  topology: LogicalTopology,
): z.input<typeof AvailabilityReply> => ({
  availability: Object.fromEntries(
    topology.nodes.map(({ id, type }) => [id, nodeAvailability(id, type, found.get(id) ?? { status: 'unknown' })]),
  ),
});

const nodeAvailability = (id: string, type: string, found: NodeAvailability) => {
  const nothing = { device_id: null, device_name: null, reasons: {}, next_free: null };
  if (found.status === 'unknown') {
    const message = `There is no device of type ${type}.`;
    return { status: found.status, details: { ...nothing, device_type: type, message } };
  }
  if (found.status === 'unavailable') {
    const { nextFree } = found;
    const details = {
      ...{ ...nothing, device_type: type, message: found.detail },
      reasons: countsOf(found.reasons),
      next_free: nextFree === null ? null : isoOf(nextFree),
    };
    return { status: found.status, details };
  }
  const name = found.device?.name ?? '';
  const details = {
    ...nothing,
    device_type: type,
    message: `${name} is free.`,
    device_id: found.deviceId,
    device_name: name,
  };
  return { status: found.status, details };
};
