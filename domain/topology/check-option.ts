import { nameKey, overlaps, type TimeSlot } from '../shared/index.js';
import { wantsMissedBy } from './check-wants.js';
import type { LogicalEdge, LogicalTopology } from './logical-topology.js';
import type { DirectWire, InlineWay, PatchWire, Plant, PlantDevice, PortEnd, WireDirection } from './plant.js';
import type { Hop, ResolveTerms, Route, TopologyOption } from './resolution.js';

/*
 * Reads an option against the plant as it was given, and shares nothing with the search but the types: whatever goes
 * wrong there must not go wrong here in the same way.
 */

const key = ({ deviceId, port }: PortEnd): string => `${deviceId} ${port}`;
const isClose = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6;

/** Which way light goes through something with ends a and b. */
const allows = (direction: WireDirection, forward: boolean, duplex: boolean): boolean =>
  direction === 'both' || (!duplex && direction === (forward ? 'a_to_b' : 'b_to_a'));

const linkScoreOf = ({ kind, trunkIds, inlineDeviceIds, lossDb }: Route, maxLossDb: number | null): number => {
  const used = maxLossDb === null || maxLossDb <= 0 ? 0 : Math.min(1, Math.max(0, lossDb / maxLossDb));
  const scores = {
    direct: 1,
    patch: 0.95,
    trunk: 0.95 - 0.15 * trunkIds.length,
    inline: 0.9 - 0.1 * inlineDeviceIds.length - 0.1 * used,
  };
  return scores[kind];
};

/** Checks the options of one answer. */
export class OptionChecker {
  readonly #plant: Plant;
  readonly #window: TimeSlot;
  readonly #terms: ResolveTerms;
  readonly #topology: LogicalTopology;
  #devices: ReadonlyMap<number, PlantDevice> = new Map();
  #patches: ReadonlyMap<number, PatchWire> = new Map();
  #direct: ReadonlyMap<number, DirectWire> = new Map();
  readonly #held: ReadonlySet<string>;
  readonly #heldTrunks: ReadonlySet<number>;

  constructor(topology: LogicalTopology, plant: Plant, terms: ResolveTerms) {
    this.#topology = topology;
    this.#plant = plant;
    this.#terms = terms;
    this.#window = terms.window;
    const now = <Held extends { slot: TimeSlot }>(held: readonly Held[]) =>
      held.filter(({ slot }) => overlaps(slot, terms.window));
    this.#held = new Set(now(plant.heldPorts).map(key));
    this.#heldTrunks = new Set(now(plant.heldTrunks).map(({ trunkId }) => trunkId));
  }

  /** Everything that is wrong with the option; empty when it can be booked as it is. */
  faultsOf(option: TopologyOption): string[] {
    const faults: string[] = [];
    const mustBe = (isTrue: boolean, fault: string) => {
      if (!isTrue) faults.push(fault);
    };
    this.#lookUp(option);
    const { nodes, edges } = this.#topology;
    const chosen = new Map(option.nodes.map((node) => [node.nodeId, node.deviceId]));
    mustBe(option.nodes.length === nodes.length && chosen.size === nodes.length, 'not one device for each node');
    for (const node of nodes) {
      const device = this.#devices.get(chosen.get(node.id) ?? Number.NaN);
      mustBe(device !== undefined && nameKey(device.type) === nameKey(node.type), `C1: ${node.id}`);
      mustBe(node.pin === null || device?.id === node.pin, `C3: ${node.id} is not as pinned`);
      mustBe(!node.exclude.includes(device?.id ?? Number.NaN), `C3: ${node.id} is excluded`);
      if (device) {
        const way = this.#plant.inline.find(({ deviceId }) => deviceId === device.id);
        for (const missed of wantsMissedBy(node.requirements, device, way)) mustBe(false, `C2: ${node.id} ${missed}`);
      }
      const like = nodes.find(({ alike }) => alike !== null && alike === node.alike) ?? node;
      const model = this.#devices.get(chosen.get(like.id) ?? Number.NaN)?.model;
      mustBe(like === node || device?.model === model, `C2: ${node.id} is of another model than ${like.id}`);
    }
    const inline = option.routes.flatMap((route) => route.inlineDeviceIds);
    const all = [...chosen.values(), ...inline];
    mustBe(new Set(all).size === all.length, 'C7: a device twice');
    mustBe([...new Set(all)].sort((a, b) => a - b).join() === option.deviceIds.join(), 'devices to book');
    for (const id of all) this.#checkFree(id, mustBe);
    this.#checkQuota(all, mustBe);

    const ports = option.routes.flatMap((route) => route.ports.map(key));
    mustBe(new Set(ports).size === ports.length, 'C9: a port twice');
    mustBe(!ports.some((port) => this.#held.has(port)), 'C11: a held port');
    const trunks = option.routes.flatMap((route) => route.trunkIds);
    mustBe(new Set(trunks).size === trunks.length, 'C10: a trunk twice');
    mustBe(!trunks.some((trunk) => this.#heldTrunks.has(trunk)), 'C10: a held trunk');
    for (const edge of edges) {
      const routes = option.routes.filter(({ edgeId }) => edgeId === edge.id);
      mustBe(routes.length === edge.multiplicity, `C8: ${edge.id} has ${routes.length} routes`);
      for (const route of routes) this.#checkRoute(route, edge, chosen, mustBe);
    }
    this.#checkScore(option, mustBe);
    return faults;
  }

  /** The devices and wires that the option speaks of. */
  #lookUp({ nodes, routes }: TopologyOption): void {
    const ids = new Set([
      ...nodes.map(({ deviceId }) => deviceId),
      ...routes.flatMap((route) => route.inlineDeviceIds),
    ]);
    const wires = new Set(routes.flatMap(({ hops }) => hops.flatMap((hop) => ('wireId' in hop ? [hop.wireId] : []))));
    const named = <Item extends { id: number }>(items: readonly Item[], wanted: ReadonlySet<number>) =>
      new Map(items.filter(({ id }) => wanted.has(id)).map((item) => [item.id, item]));
    this.#devices = named(this.#plant.devices, ids);
    this.#patches = named(this.#plant.patches, wires);
    this.#direct = named(this.#plant.direct, wires);
  }

  #checkFree(id: number, mustBe: (isTrue: boolean, fault: string) => void): void {
    const device = this.#devices.get(id);
    mustBe(device?.bookable === true, `C6: device ${id}`);
    mustBe(!device?.busy.some((slot) => overlaps(slot, this.#window)), `C4: device ${id}`);
    mustBe(!device?.maintenance.some((slot) => overlaps(slot, this.#window)), `C5: device ${id}`);
  }

  #checkQuota(all: readonly number[], mustBe: (isTrue: boolean, fault: string) => void): void {
    const { devices = Infinity, deviceHours = Infinity, ofType = {} } = this.#terms.quota ?? {};
    const hours = (this.#window.end - this.#window.start) / 3_600_000;
    mustBe(all.length <= devices && all.length * hours <= deviceHours + 1e-6, 'C12: quota');
    for (const [type, limit] of Object.entries(ofType)) {
      const count = all.filter((id) => nameKey(this.#devices.get(id)?.type ?? '') === nameKey(type)).length;
      mustBe(count <= limit, `C12: quota of ${type}`);
    }
  }

  #checkRoute(
    route: Route,
    edge: LogicalEdge,
    chosen: ReadonlyMap<string, number>,
    mustBe: (isTrue: boolean, fault: string) => void,
  ): void {
    const name = `C8: ${edge.id}/${route.strand}`;
    const duplex = edge.direction === 'both';
    mustBe(route.source.deviceId === chosen.get(edge.source), `${name} begins elsewhere`);
    const loss = route.hops.reduce((sum, hop) => sum + hop.lossDb, 0);
    const length = route.hops.reduce((sum, hop) => sum + ('lengthKm' in hop ? hop.lengthKm : 0), 0);
    mustBe(isClose(loss, route.lossDb) && isClose(length, route.lengthKm), `${name} sums`);
    mustBe(edge.maxLossDb === null || loss <= edge.maxLossDb + 1e-6, `${name} loss`);
    mustBe(edge.minLengthKm === null || length >= edge.minLengthKm - 1e-6, `${name} too short`);
    mustBe(edge.maxLengthKm === null || length <= edge.maxLengthKm + 1e-6, `${name} too long`);
    mustBe(edge.kinds === null || edge.kinds.includes(route.kind), `${name} kind`);
    mustBe(route.trunkIds.length <= (this.#terms.trunkHops ?? 3), `${name} trunk hops`);
    mustBe(route.inlineDeviceIds.length <= (this.#terms.inlineElements ?? 2), `${name} elements`);
    mustBe(isClose(route.score, linkScoreOf(route, edge.maxLossDb)), `${name} score`);
    const end = this.#follow(route, duplex);
    if (typeof end === 'string') {
      mustBe(false, `${name} ${end}`);
      return;
    }
    mustBe(key(end) === key(route.target), `${name} ends elsewhere`);
    mustBe(end.deviceId === chosen.get(edge.target), `${name} does not reach its node`);
  }

  /** Walks with the light from the source port; the port where it comes out, or what stops it. */
  #follow(route: Route, duplex: boolean): PortEnd | string {
    let at: PortEnd = route.source;
    /** Inside a switch or trunk: the switch, with the ingress and, for the way back, the egress used. */
    let inside: { switchId: number; inNo: number; backOut: number | null } | null = null;
    let passed: { switchId: number; outNo: number; backIn: number | null } | null = null;
    for (const hop of route.hops) {
      if (hop.via === 'switch') {
        if (inside?.switchId !== hop.switchId) return 'is at another switch';
        const [there, back] = hop.connects;
        if (there?.inNo !== inside.inNo || (duplex && back?.outNo !== inside.backOut)) return 'crosses from elsewhere';
        if (!this.#isUsable(hop.switchId)) return 'uses a switch that is out of service';
        if ((back !== undefined) !== duplex) return 'has the wrong number of cross-connects';
        passed = { switchId: hop.switchId, outNo: there.outNo, backIn: back?.inNo ?? null };
        inside = null;
      } else if (hop.via === 'trunk') {
        const next = this.#overTrunk(hop.trunkId, passed, duplex);
        if (typeof next === 'string') return next;
        [inside, passed] = [next, null];
      } else if (hop.via === 'patch' && passed) {
        const wire = this.#patches.get(hop.wireId);
        if (wire?.switchId !== passed.switchId || wire.outNo !== passed.outNo) return 'leaves the switch elsewhere';
        if (duplex && wire.inNo !== passed.backIn) return 'comes back from elsewhere';
        [at, passed] = [{ deviceId: wire.deviceId, port: wire.port }, null];
      } else {
        const next = this.#outOf(hop, at, duplex);
        if (typeof next === 'string') return next;
        if ('switchId' in next) inside = next;
        else at = next;
      }
    }
    return inside || passed ? 'ends inside a switch' : at;
  }

  #outOf(
    hop: Exclude<Hop, { via: 'switch' } | { via: 'trunk' }>,
    at: PortEnd,
    duplex: boolean,
  ): PortEnd | { switchId: number; inNo: number; backOut: number | null } | string {
    if (hop.via === 'patch') {
      const wire = this.#patches.get(hop.wireId);
      if (!wire || key(wire) !== key(at)) return 'has no such patch';
      if (wire.inNo === null || (duplex && wire.outNo === null)) return 'goes against a patch';
      return { switchId: wire.switchId, inNo: wire.inNo, backOut: wire.outNo };
    }
    if (hop.via === 'direct') {
      const wire = this.#direct.get(hop.wireId);
      if (!wire) return 'has no such fibre';
      const forward = key(wire.a) === key(at);
      if (!forward && key(wire.b) !== key(at)) return 'is not at that fibre';
      return allows(wire.direction, forward, duplex) ? (forward ? wire.b : wire.a) : 'goes against a fibre';
    }
    const way = this.#plant.inline.find(({ id }) => id === hop.wayId);
    if (way?.deviceId !== at.deviceId) return 'is not at that element';
    return this.#through(way, at, duplex);
  }

  #through(way: InlineWay, at: PortEnd, duplex: boolean): PortEnd | string {
    const forward = at.port === way.portA;
    if (!forward && at.port !== way.portB) return 'enters an element elsewhere';
    if (!allows(way.direction, forward, duplex)) return 'goes against an element';
    return { deviceId: way.deviceId, port: forward ? way.portB : way.portA };
  }

  #overTrunk(
    trunkId: number,
    from: { switchId: number; outNo: number; backIn: number | null } | null,
    duplex: boolean,
  ): { switchId: number; inNo: number; backOut: number | null } | string {
    const trunk = this.#plant.trunks.find(({ id }) => id === trunkId);
    if (!trunk || !from) return 'has no such trunk';
    const [near, far] = trunk.a.switchId === from.switchId ? [trunk.a, trunk.b] : [trunk.b, trunk.a];
    if (near.switchId !== from.switchId || near.outNo !== from.outNo) return 'is not at that trunk';
    if (duplex && near.inNo !== from.backIn) return 'comes back over another trunk';
    return { switchId: far.switchId, inNo: far.inNo, backOut: far.outNo };
  }

  #isUsable(switchId: number): boolean {
    const found = this.#plant.switches.find(({ id }) => id === switchId);
    return found?.usable === true && !found.maintenance.some((slot) => overlaps(slot, this.#window));
  }

  #checkScore(option: TopologyOption, mustBe: (isTrue: boolean, fault: string) => void): void {
    const { nodes } = this.#topology;
    const weights = new Map(nodes.map(({ id, weight }) => [id, weight]));
    let [fit, weight] = [0, 0];
    for (const node of option.nodes) {
      const own = weights.get(node.nodeId) ?? Number.NaN;
      const terms = node.terms.reduce((sum, term) => sum + term.weight * term.score, 0);
      mustBe(isClose(terms, node.fit), `terms of ${node.nodeId}`);
      mustBe(
        node.terms.every(({ score }) => score >= 0 && score <= 1 + 1e-9),
        `a term of ${node.nodeId}`,
      );
      fit += own * node.fit;
      weight += own;
    }
    const { routes } = option;
    const link = routes.length === 0 ? 1 : routes.reduce((sum, { score }) => sum + score, 0) / routes.length;
    mustBe(isClose(option.score, (0.7 * fit) / weight + 0.3 * link), 'the score');
    mustBe(option.bound >= option.score - 1e-9, 'a score above its bound');
  }
}

/**
 * What is wrong with an option for this topology, plant and window; empty when it can be booked as it is.
 * To be asked again inside the transaction that books.
 */
export const faultsOfOption = (
  topology: LogicalTopology,
  plant: Plant,
  terms: ResolveTerms,
  option: TopologyOption,
): string[] => new OptionChecker(topology, plant, terms).faultsOf(option);
