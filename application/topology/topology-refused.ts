import { DomainError, type Infeasible, type ReasonCode, type RefusalKind, type TimeSlot } from '../../domain/index.js';
import type { DeviceNames } from './resolve-topology.js';

const WHO_WAS_FIRST: readonly ReasonCode[] = ['C4', 'C10', 'C11'];
const OUT_OF_SERVICE: readonly ReasonCode[] = ['C5', 'C6'];

/** Somebody was first, or a device is out of service, or the lab is not made for it, whoever asks and whenever. */
const kindOf = (
  { reasons, edges }: Infeasible,
  earliest: TimeSlot | null,
): Extract<RefusalKind, 'invalid' | 'conflict' | 'unavailable'> => {
  const codes = new Set(Object.values(reasons).flatMap((counts) => Object.keys(counts)));
  if (codes.has('C12')) return 'invalid';
  if (WHO_WAS_FIRST.some((code) => codes.has(code))) return 'conflict';
  const isOutOfService = OUT_OF_SERVICE.some((code) => codes.has(code));
  return isOutOfService && (earliest !== null || edges.length === 0) ? 'unavailable' : 'invalid';
};

/** A drawing that cannot be booked as it is wanted, with the smallest reason and what would help. */
export class TopologyRefused extends DomainError {
  readonly infeasible: Infeasible;
  /** The first window of that length in which it is possible; null when there is none before the horizon. */
  readonly earliest: TimeSlot | null;
  readonly names: DeviceNames;

  constructor(infeasible: Infeasible, earliest: TimeSlot | null, names: DeviceNames) {
    super(kindOf(infeasible, earliest), 'topology.not-possible', infeasible.detail);
    this.name = 'TopologyRefused';
    this.infeasible = infeasible;
    this.earliest = earliest;
    this.names = names;
  }
}
