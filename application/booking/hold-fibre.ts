import { conflict, groupBy, hullOf, inWords, overlaps, type TimeSlot } from '../../domain/index.js';
import type { BookingStores, GroupConnect, HeldConnect } from './ports.js';

type Stores = Pick<BookingStores, 'calendars' | 'crossConnects'>;

const socketsOf = ({ switchId, inPort, outPort }: HeldConnect): readonly [string, string] => [
  `${switchId}/in/${inPort}`,
  `${switchId}/out/${outPort}`,
];

/**
 * Makes sure that nobody else holds a patch port of this group at the same time. To be called once its bookings are
 * written, in the same transaction. It claims the patch switches first: who else books through them waits until this
 * transaction ends, and then sees what it wrote.
 * @param slots when the group holds more than before.
 * @throws DomainError `topology.port-taken`; the caller's transaction is to be undone then.
 */
export const assertFibreIsFree = async (
  { calendars, crossConnects }: Stores,
  groupId: string,
  slots: readonly TimeSlot[],
): Promise<void> => {
  const window = hullOf(slots);
  const switchIds = [...new Set((await crossConnects.ofGroup(groupId)).map(({ switchId }) => switchId))];
  if (!window || switchIds.length === 0) return;
  const switches = await calendars.claim(switchIds, window);
  const held = await crossConnects.held(switchIds, window);
  const others = groupBy(
    held
      .filter((connect) => connect.groupId !== groupId)
      .flatMap((connect) => socketsOf(connect).map((key) => ({ key, connect }))),
    ({ key }) => key,
  );
  const taken = new Set<string>();
  for (const own of held.filter((connect) => connect.groupId === groupId)) {
    socketsOf(own).forEach((key, side) => {
      const inTheWay = others.get(key)?.some(({ connect }) => overlaps(connect.slot, own.slot));
      if (!inTheWay) return;
      const name = switches.get(own.switchId)?.thing.name ?? `switch ${own.switchId}`;
      taken.add(side === 0 ? `ingress ${own.inPort} of ${name}` : `egress ${own.outPort} of ${name}`);
    });
  }
  if (taken.size > 0) {
    const ports = [...taken];
    throw conflict('topology.port-taken', `Another booking holds ${inWords(ports)} in that time.`, { ports });
  }
};

/**
 * The cross-connects of a group as those of another one.
 * @param groupId the group that they are for.
 */
export const copiedFor = (groupId: string, connects: readonly GroupConnect[]): GroupConnect[] =>
  connects.map((connect) => ({ ...connect, groupId }));
