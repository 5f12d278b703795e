import { invalid, type LogicalTopology, type TopologyOption } from '../../domain/index.js';

const MAPPING_ID = /^option-\d{1,2}((?:\.\d{1,10})+)$/;

/**
 * What an option is called: its rank, and the device of every node in the order of the drawing. Whoever books by it
 * gets these devices or a refusal, never others.
 */
export const mappingIdOf = ({ nodes }: LogicalTopology, { rank, nodes: chosen }: TopologyOption): string => {
  const devices = new Map(chosen.map(({ nodeId, deviceId }) => [nodeId, deviceId]));
  return `option-${rank}.${nodes.map(({ id }) => devices.get(id) ?? 0).join('.')}`;
};

/** @throws DomainError `topology.unknown-mapping` for an id that does not come from this drawing. */
export const assignmentsOf = ({ nodes }: LogicalTopology, mappingId: string): Map<string, number> => {
  const ids = MAPPING_ID.exec(mappingId)?.[1]?.slice(1).split('.').map(Number) ?? [];
  if (ids.length !== nodes.length) {
    throw invalid('topology.unknown-mapping', 'This mapping_id does not belong to these nodes: resolve them again.');
  }
  return new Map(nodes.map(({ id }, index) => [id, ids[index] ?? 0]));
};
