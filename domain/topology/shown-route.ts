import { inWords } from '../shared/index.js';
import type { LabWindow } from './lab-window.js';
import { LINK_KINDS } from './logical-topology.js';
import { SWITCH_LOSS_DB, type PortEnd, type Trunk } from './plant.js';
import { bitOf, type Problem, type Strand } from './problem.js';
import type { Hop, Route } from './resolution.js';
import type { PlannedRoute } from './routes.js';

/** Where light enters and leaves a switch, and the way back of a duplex link. */
interface Passage {
  readonly inNo: number;
  readonly outNo: number;
  readonly backIn: number;
  readonly backOut: number;
}

const crossing = (switchId: number, from: Passage, to: Passage, duplex: boolean): Hop => ({
  via: 'switch',
  switchId,
  connects: [{ inNo: from.inNo, outNo: to.outNo }, ...(duplex ? [{ inNo: to.backIn, outNo: from.backOut }] : [])],
  lossDb: SWITCH_LOSS_DB,
});

/** What light sees between two ports: a fibre, or a switch with the fibres to it, or several switches with trunks. */
const segment = ({ index }: LabWindow, a: number, b: number, trunks: readonly Trunk[], duplex: boolean): Hop[] => {
  const { ports, switches } = index;
  const wire = (via: 'direct' | 'patch', port: number): Hop => ({
    via,
    wireId: ports.wireId[port]!,
    lengthKm: ports.length[port]!,
    lossDb: ports.loss[port]!,
  });
  if (ports.switchOf[a]! < 0) return [wire('direct', a)];
  const passage = (port: number): Passage => {
    const [inNo, outNo] = [ports.inNo[port]!, ports.outNo[port]!];
    return { inNo, outNo, backIn: inNo, backOut: outNo };
  };
  const hops: Hop[] = [wire('patch', a)];
  let at = switches[ports.switchOf[a]!]!.id;
  let from = passage(a);
  for (const trunk of trunks) {
    const [near, far] = trunk.a.switchId === at ? [trunk.a, trunk.b] : [trunk.b, trunk.a];
    const end = { inNo: near.inNo, outNo: near.outNo, backIn: near.inNo, backOut: near.outNo };
    hops.push(crossing(at, from, end, duplex));
    hops.push({ via: 'trunk', trunkId: trunk.id, lengthKm: trunk.lengthKm, lossDb: trunk.lossDb });
    at = far.switchId;
    from = { inNo: far.inNo, outNo: far.outNo, backIn: far.inNo, backOut: far.outNo };
  }
  hops.push(crossing(at, from, passage(b), duplex), wire('patch', b));
  return hops;
};

/** A planned route in the words of the lab. */
export const shownRoute = ({ lab, topology }: Problem, strand: Strand, route: PlannedRoute): Route => {
  const { ports, ways, devices, bundles } = lab.index;
  const end = (port: number): PortEnd => ({ deviceId: devices[ports.device[port]!]!.id, port: ports.name[port]! });
  const trunks = route.trunks.map(({ bundle, at }) => bundles[bundle]!.trunks[at]!);
  const hops = route.ports.flatMap((port, at): Hop[] => {
    if (at % 2 === 1) return [];
    const through = segment(lab, port, route.ports[at + 1]!, trunks, strand.duplex);
    const entry = route.ways[at / 2];
    if (entry === undefined) return through;
    const way = entry >> 1;
    const [into, exit] =
      (entry & 1) === 0 ? [ways.portA[way]!, ways.portB[way]!] : [ways.portB[way]!, ways.portA[way]!];
    const inside: Hop = {
      via: 'inline',
      wayId: ways.id[way]!,
      deviceId: devices[ways.device[way]!]!.id,
      fromPort: ports.name[into]!,
      toPort: ports.name[exit]!,
      lengthKm: ways.length[way]!,
      lossDb: ways.loss[way]!,
    };
    return [...through, inside];
  });
  return {
    edgeId: topology.edges[strand.edge]!.id,
    strand: strand.number,
    kind: route.kind,
    score: route.score,
    source: end(route.ports[0]!),
    target: end(route.ports[route.ports.length - 1]!),
    hops,
    ports: route.ports.map(end),
    trunkIds: trunks.map(({ id }) => id),
    inlineDeviceIds: route.ways.map((entry) => devices[ways.device[entry >> 1]!]!.id),
    lengthKm: route.length,
    lossDb: route.loss,
    whyNotBetter: whyNotBetter(lab, strand, route),
  };
};

const switchesOf = ({ index }: LabWindow, place: number): string => {
  const { ports, switches } = index;
  const names = new Set<string>();
  for (let port = ports.base[place]!; port < ports.base[place + 1]!; port += 1) {
    const at = ports.switchOf[port]!;
    if (at >= 0) names.add(switches[at]!.name);
  }
  return names.size === 0 ? 'no patch switch' : inWords([...names].sort());
};

const whyNotBetter = (lab: LabWindow, { kinds }: Strand, { kind, ports }: PlannedRoute): string | null => {
  const better = LINK_KINDS.slice(0, LINK_KINDS.indexOf(kind));
  if (better.length === 0) return null;
  const allowed = better.filter((other) => (kinds & bitOf(other)) !== 0);
  if (allowed.length === 0) return `the link allows no ${inWords(better)} route`;
  const [from, to] = [ports[0]!, ports[ports.length - 1]!].map((port) => lab.index.ports.device[port]!);
  const [a, b] = [lab.index.devices[from!]!.name, lab.index.devices[to!]!.name];
  const reasons = [];
  if (allowed.includes('direct')) reasons.push(`no direct fibre that is left and suits joins ${a} and ${b}`);
  if (allowed.includes('patch')) {
    const [left, right] = [switchesOf(lab, from!), switchesOf(lab, to!)];
    reasons.push(
      left === right
        ? 'no pair of ports that is left on one patch switch suits'
        : `${a} is patched to ${left} and ${b} to ${right}`,
    );
  }
  if (allowed.includes('trunk')) reasons.push('no trunks between their switches are left that suit');
  return reasons.join('; ');
};
