import type { TopologyOption } from '../../domain/index.js';
import {
  keptFor,
  keptRefusalOf,
  toldAgain,
  type GrantedRequest,
  type IdempotencyKey,
  type KeptAnswer,
  type KeptRefusal,
} from '../booking/index.js';
import type { DeviceNames } from './resolve-topology.js';
import { TopologyRefused } from './topology-refused.js';

/** A topology that was booked: the group that it became, and the option that was taken. */
export interface BookedTopology extends GrantedRequest {
  readonly option: TopologyOption;
  readonly names: DeviceNames;
}

/** With the names of the devices in its option. */
interface KeptBooking {
  readonly granted: GrantedRequest;
  readonly option: TopologyOption;
  readonly names: readonly (readonly [number, { readonly name: string; readonly type: string }])[];
}

/** Without the names of devices, which no reply has: they are those of the whole lab. */
interface KeptImpossible {
  readonly impossible: Pick<TopologyRefused, 'infeasible' | 'earliest'>;
}

/** What is kept under an idempotency key, as JSON. */
type Answer = KeptBooking | KeptImpossible | KeptRefusal;

/** The booking as it is kept, as JSON. */
export const keptTopology = ({ groupId, bookings, option, names }: BookedTopology): string =>
  JSON.stringify({ granted: { groupId, bookings }, option, names: [...names] } satisfies Answer);

/** The refusal as it is kept; null for what answers nothing. */
export const refusalOf = (error: unknown): KeptImpossible | KeptRefusal | null => {
  if (!(error instanceof TopologyRefused)) return keptRefusalOf(error);
  const { infeasible, earliest } = error;
  return { impossible: { infeasible, earliest } };
};

/**
 * The first answer again.
 * @throws the refusal when that was the answer; DomainError `idempotency.key-reused` for another request.
 */
export const repeatedTopology = (kept: KeptAnswer, once: IdempotencyKey): BookedTopology => {
  const answer = JSON.parse(keptFor(kept, once)) as Answer;
  if ('granted' in answer) return { ...answer.granted, option: answer.option, names: new Map(answer.names) };
  if (!('impossible' in answer)) throw toldAgain(answer);
  const { infeasible, earliest } = answer.impossible;
  throw new TopologyRefused(infeasible, earliest, new Map());
};
