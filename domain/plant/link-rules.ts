import { kindOfPort } from './device-ports.js';
import type { Link, LinkDirection, LinkEnd, LinkFacts } from './link.js';

/** What the rules need to know of the inventory row at an end of a link. */
export interface WiredRow {
  readonly id: number;
  /** The thing that the row belongs to: rows of one thing are one device. */
  readonly thingId: number;
  readonly name: string;
  /** `name:kind`, as declared; a device without any may have every port. */
  readonly ports: readonly string[];
}

/** The part of a link that a mistake is about, as a column of a file of links is called. */
export type LinkField = 'kind' | 'direction' | 'strands' | `${'a' | 'b'}_${'port' | 'in_port' | 'out_port' | 'device'}`;

/** One thing that is wrong with a link; `detail` goes on after the name of the field. */
export interface LinkMistake {
  readonly field: LinkField;
  readonly detail: string;
}

type Side = 'a' | 'b';

/** Which numbers a fibre in that direction needs at the switch of this side. */
const numbersNeeded = (direction: LinkDirection, side: Side, kind: 'patch' | 'trunk') => {
  const away = direction === 'both' || direction === (side === 'a' ? 'a_to_b' : 'b_to_a');
  const towards = direction === 'both' || direction === (side === 'a' ? 'b_to_a' : 'a_to_b');
  // Light that comes towards a switch goes into it, and light that goes away from it came out of it.
  return kind === 'patch' && side === 'a' ? null : { inPort: towards, outPort: away };
};

const deviceEndMistakes = (side: Side, end: LinkEnd, row: WiredRow): LinkMistake[] => {
  const mistakes: LinkMistake[] = [];
  if (end.port === null) mistakes.push({ field: `${side}_port`, detail: 'is missing' });
  else if (row.ports.length > 0 && kindOfPort(row.ports, end.port) === null) {
    mistakes.push({ field: `${side}_port`, detail: `${row.name} has no port '${end.port}'` });
  }
  if (end.inPort !== null) mistakes.push({ field: `${side}_in_port`, detail: 'belongs to a patch switch only' });
  if (end.outPort !== null) mistakes.push({ field: `${side}_out_port`, detail: 'belongs to a patch switch only' });
  return mistakes;
};

const switchEndMistakes = (
  side: Side,
  end: LinkEnd,
  row: WiredRow,
  needed: { readonly inPort: boolean; readonly outPort: boolean },
): LinkMistake[] => {
  const mistakes: LinkMistake[] = [];
  if (end.port !== null)
    mistakes.push({ field: `${side}_port`, detail: 'is not for a patch switch: give its numbers' });
  for (const [which, kind] of [
    ['inPort', 'in'],
    ['outPort', 'out'],
  ] as const) {
    const field: LinkField = `${side}_${kind}_port`;
    const number = end[which];
    if (number === null) {
      if (needed[which]) mistakes.push({ field, detail: 'is missing' });
    } else if (!needed[which]) mistakes.push({ field, detail: 'is not used in this direction' });
    else if (row.ports.length > 0 && kindOfPort(row.ports, String(number)) !== kind) {
      mistakes.push({ field, detail: `${row.name} has no port ${number} of kind '${kind}'` });
    }
  }
  return mistakes;
};

/** Everything that is wrong with a link by itself, whatever else is wired. */
export const mistakesInLink = (link: LinkFacts, rowA: WiredRow, rowB: WiredRow): LinkMistake[] => {
  const { kind, direction, a, b } = link;
  const mistakes: LinkMistake[] = [];
  const ends = [
    ['a', a, rowA],
    ['b', b, rowB],
  ] as const;
  for (const [side, end, row] of ends) {
    const needed = kind === 'patch' || kind === 'trunk' ? numbersNeeded(direction, side, kind) : null;
    mistakes.push(...(needed ? switchEndMistakes(side, end, row, needed) : deviceEndMistakes(side, end, row)));
  }
  const oneThing = rowA.thingId === rowB.thingId;
  if (kind === 'inline' && !oneThing) {
    mistakes.push({ field: 'b_device', detail: 'an inline element has both ends on one device' });
  }
  if (kind !== 'inline' && oneThing && a.port === b.port) {
    mistakes.push({ field: 'b_device', detail: 'both ends are the same' });
  }
  if (kind === 'inline' && oneThing && a.port !== null && a.port === b.port) {
    mistakes.push({ field: 'b_port', detail: 'is the port of the other end' });
  }
  if ((link.strands === 2) !== (direction === 'both') && (kind === 'patch' || kind === 'trunk')) {
    mistakes.push({ field: 'strands', detail: 'a duplex pair goes both ways, and one fibre goes one way' });
  }
  if (link.strands === 2 && direction !== 'both' && (kind === 'direct' || kind === 'inline')) {
    mistakes.push({ field: 'strands', detail: 'a duplex pair goes both ways' });
  }
  return mistakes;
};

/** A place where one fibre ends. No two links share one. */
export interface Socket {
  readonly key: string;
  readonly side: Side;
  readonly label: string;
}

/** The places that a link takes up. The way through an inline element takes up that way, not the ports at its ends. */
export const socketsOf = (link: LinkFacts, thingIdOf: (rowId: number) => number): Socket[] => {
  const { a, b } = link;
  if (link.kind === 'inline') {
    const ways = [a.port ?? '', b.port ?? ''].sort();
    return [{ key: `${thingIdOf(a.deviceId)}/${JSON.stringify(ways)}`, side: 'a', label: `way ${ways.join(' to ')}` }];
  }
  return (['a', 'b'] as const).flatMap((side) => {
    const { deviceId, port, inPort, outPort } = link[side];
    const thing = thingIdOf(deviceId);
    return [
      ...(port === null ? [] : [{ key: `${thing}/port/${port}`, side, label: `port ${port}` }]),
      ...(inPort === null ? [] : [{ key: `${thing}/in/${inPort}`, side, label: `ingress ${inPort}` }]),
      ...(outPort === null ? [] : [{ key: `${thing}/out/${outPort}`, side, label: `egress ${outPort}` }]),
    ];
  });
};

/** What is taken already, by other links, of what this one needs. */
export const takenSockets = (
  link: LinkFacts,
  others: readonly Link[],
  thingIdOf: (rowId: number) => number,
): { readonly socket: Socket; readonly by: Link }[] => {
  const taken = new Map<string, Link>();
  for (const other of others) for (const { key } of socketsOf(other, thingIdOf)) taken.set(key, other);
  return socketsOf(link, thingIdOf).flatMap((socket) => {
    const by = taken.get(socket.key);
    return by ? [{ socket, by }] : [];
  });
};
