import type { TopologyOption } from '../../domain/index.js';
import type { GroupConnect } from '../booking/index.js';

/** The ways through patch switches that an option takes: each between the two devices that its fibre joins there. */
export const crossConnectsOf = (groupId: string, { routes }: Pick<TopologyOption, 'routes'>): GroupConnect[] =>
  routes.flatMap(({ edgeId, strand, source, target, hops }) => {
    const connects: GroupConnect[] = [];
    let from = source.deviceId;
    hops.forEach((hop, index) => {
      if (hop.via === 'inline') from = hop.deviceId;
      if (hop.via !== 'switch') return;
      const next = hops.slice(index).find((later) => later.via === 'inline');
      const ends = { fromThingId: from, toThingId: next?.deviceId ?? target.deviceId };
      for (const { inNo, outNo } of hop.connects) {
        connects.push({ groupId, edgeId, strand, switchId: hop.switchId, inPort: inNo, outPort: outNo, ...ends });
      }
    });
    return connects;
  });
