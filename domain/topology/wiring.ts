import type { LabWindow } from './lab-window.js';

/** Which wires, trunks and elements can be used in a window at all, and how to get from one to the next. */
export interface Wiring {
  readonly lab: LabWindow;
  /** The end of an inline element that a port is, as 2 x element + (0 for a, 1 for b); -1 for other ports. */
  readonly wayEndOf: Int32Array;
  /** The ends of inline elements at each patch switch. */
  readonly wayEndsAt: readonly (readonly number[])[];
  /** Those of them whose other end is not at the same switch. */
  readonly crossingAt: readonly (readonly number[])[];
  readonly hasWays: boolean;
  /** Whether any element has an end that is not at the switch of its other end. */
  readonly hasCrossings: boolean;
  /** Places of the free trunks of each bundle, in `bundle.trunks`. */
  readonly freeTrunks: readonly (readonly number[])[];
  /** Fewest trunks between two switches, by place a x switches + place b; at most the hops allowed, else 0. */
  readonly distance: Uint8Array;
  /** All shortest and longer ways between two switches, as bundles, the shortest first. */
  readonly paths: (from: number, to: number) => readonly (readonly number[])[];
}

export const otherEnd = (wayEnd: number): number => wayEnd ^ 1;

export const wiringOf = (lab: LabWindow, hops: number, inline: number): Wiring => {
  const { ports, ways, switches, bundles } = lab.index;
  const size = switches.length;
  const wayEndOf = new Int32Array(ports.device.length).fill(-1);
  const wayEndsAt = switches.map((): number[] => []);
  const crossingAt = switches.map((): number[] => []);
  let [hasWays, hasCrossings] = [false, false];
  for (let way = 0; inline > 0 && way < ways.id.length; way += 1) {
    const ends = [ways.portA[way]!, ways.portB[way]!];
    if (lab.blockOf(ways.device[way]!) !== 0 || ends.some((port) => lab.heldPorts[port] === 1)) continue;
    hasWays = true;
    const isCrossing = ports.switchOf[ends[0]!]! < 0 || ports.switchOf[ends[0]!] !== ports.switchOf[ends[1]!];
    if (isCrossing) hasCrossings = true;
    ends.forEach((port, end) => {
      wayEndOf[port] = 2 * way + end;
      const at = ports.switchOf[port]!;
      if (at < 0) return;
      wayEndsAt[at]!.push(2 * way + end);
      if (isCrossing) crossingAt[at]!.push(2 * way + end);
    });
  }
  const freeTrunks = bundles.map(({ trunks }) =>
    [...trunks.keys()].filter((at) => !lab.heldTrunks.has(trunks[at]!.id)),
  );
  const next = switches.map((): { to: number; bundle: number }[] => []);
  bundles.forEach(({ a, b }, bundle) => {
    if (freeTrunks[bundle]!.length === 0) return;
    next[a]!.push({ to: b, bundle });
    next[b]!.push({ to: a, bundle });
  });
  const distance = new Uint8Array(size * size);
  for (let from = 0; from < size; from += 1) {
    let edge = [from];
    for (let hop = 1; hop <= hops; hop += 1) {
      edge = edge.flatMap((at) =>
        next[at]!.flatMap(({ to }) => {
          if (to === from || distance[from * size + to] !== 0) return [];
          distance[from * size + to] = hop;
          return [to];
        }),
      );
    }
  }
  const known = new Map<number, readonly (readonly number[])[]>();
  const paths = (from: number, to: number) => {
    const key = from * size + to;
    let found = known.get(key);
    if (!found) {
      found = distance[key] === 0 ? [] : pathsBetween(next, from, to, hops);
      known.set(key, found);
    }
    return found;
  };
  return { lab, wayEndOf, wayEndsAt, crossingAt, hasWays, hasCrossings, freeTrunks, distance, paths };
};

const pathsBetween = (
  next: readonly (readonly { to: number; bundle: number }[])[],
  from: number,
  to: number,
  hops: number,
): number[][] => {
  const found: number[][] = [];
  const walk = (at: number, seen: readonly number[], bundles: readonly number[]) => {
    for (const step of next[at]!) {
      if (seen.includes(step.to)) continue;
      const path = [...bundles, step.bundle];
      if (step.to === to) found.push(path);
      else if (path.length < hops) walk(step.to, [...seen, step.to], path);
    }
  };
  walk(from, [from], []);
  return found.sort((a, b) => a.length - b.length);
};
