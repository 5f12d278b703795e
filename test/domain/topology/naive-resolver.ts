import {
  LINK_KINDS,
  nameKey,
  overlaps,
  type LinkKind,
  type LogicalEdge,
  type LogicalNode,
} from '../../../domain/index.js';
import type { PlantDevice, PortEnd } from '../../../domain/index.js';
import type { Question } from './random-lab.js';

/*
 * The rules of the resolver written down a second time, with no thought for speed: everything is tried. It shares the
 * types with the resolver and nothing else.
 */

const DAY = 86_400_000;

interface State {
  readonly devices: Set<number>;
  readonly ports: Set<string>;
  readonly trunks: Set<number>;
}

interface NaiveRoute {
  readonly score: number;
  readonly ports: readonly string[];
  readonly trunks: readonly number[];
  readonly elements: readonly number[];
}

const key = ({ deviceId, port }: PortEnd): string => `${deviceId}/${port}`;

const isFree = (device: PlantDevice, { terms }: Question): boolean =>
  device.bookable && ![...device.busy, ...device.maintenance].some((slot) => overlaps(slot, terms.window));

const same = (a: string | null, b: string): boolean => a !== null && nameKey(a) === nameKey(b);

const meets = (device: PlantDevice, { requirements: wants, pin, exclude, type }: LogicalNode): boolean => {
  if (!same(device.type, type)) return false;
  if ((pin !== null && device.id !== pin) || exclude.includes(device.id)) return false;
  if (wants.ports !== undefined && device.ports.length < wants.ports) return false;
  if (wants.vendor !== undefined && !same(device.manufacturer, wants.vendor)) return false;
  if (wants.tagsAll?.some((tag) => !device.tags.includes(tag)) === true) return false;
  if (wants.firmware?.min === '1.10') return device.firmware === '2.0';
  return true;
};

/** The formula of a fit for the wishes that random labs use. */
const naiveFit = (device: PlantDevice, node: LogicalNode, strands: number, question: Question): number => {
  const { devices } = question.plant;
  const ofType = devices.filter((other) => same(other.type, device.type));
  const terms: [weight: number, score: number][] = [];
  const { vendor, ports, site, quantities } = node.preferences;
  if (ports !== undefined) terms.push([1, Math.min(1, device.ports.length / ports)]);
  if (vendor !== undefined) terms.push([1, same(device.manufacturer, vendor) ? 1 : 0]);
  if (site !== undefined) terms.push([1, device.site === null ? 0.5 : same(device.site, site) ? 1 : 0]);
  if (quantities?.dataRate) terms.push([1, device.tags.includes('100G') ? 100 / quantities.dataRate.value : 0.5]);
  const surplus = Math.max(0, device.ports.length - Math.max(strands, node.requirements.ports ?? 0));
  terms.push([0.5, 1 - surplus / Math.max(...ofType.map((other) => other.ports.length))]);
  const good = ofType.reduce((sum, other) => sum + other.ok, 19);
  const all = ofType.reduce((sum, other) => sum + other.ok + other.faults, 20);
  terms.push([0.5, ((10 * good) / all + device.ok) / (10 + device.ok + device.faults)]);
  const { start, end } = question.terms.window;
  const gaps = [...device.busy, ...device.maintenance].map((slot) =>
    slot.end <= start ? start - slot.end : slot.start >= end ? slot.start - end : 0,
  );
  terms.push([0.25, Math.min(1, Math.min(...gaps, Infinity) / DAY)]);
  const like = ofType.filter(
    (other) => other.bookable && other.model === device.model && other.manufacturer === device.manufacturer,
  );
  terms.push([0.25, 1 - 1 / Math.max(1, like.length)]);
  return terms.reduce((sum, [w, s]) => sum + w * s, 0) / terms.reduce((sum, [w]) => sum + w, 0);
};

const usableSwitches = ({ plant, terms }: Question): Set<number> =>
  new Set(
    plant.switches
      .filter(({ usable, maintenance }) => usable && !maintenance.some((slot) => overlaps(slot, terms.window)))
      .map(({ id }) => id),
  );

const naiveRoutes = (question: Question, wanted: LogicalEdge, from: number, to: number, state: State): NaiveRoute[] => {
  const { plant, terms } = question;
  const duplex = wanted.direction === 'both';
  const switches = usableSwitches(question);
  const kinds: readonly LinkKind[] = wanted.kinds ?? LINK_KINDS;
  const held = new Set(plant.heldPorts.filter(({ slot }) => overlaps(slot, terms.window)).map(key));
  const heldTrunks = new Set(
    plant.heldTrunks.filter(({ slot }) => overlaps(slot, terms.window)).map(({ trunkId }) => trunkId),
  );
  const open = (end: PortEnd, path: readonly string[]) =>
    !state.ports.has(key(end)) && !held.has(key(end)) && !path.includes(key(end));
  const found: NaiveRoute[] = [];

  const finish = (
    path: readonly string[],
    trunks: readonly number[],
    elements: readonly number[],
    isPatched: boolean,
    loss: number,
    km: number,
  ) => {
    const kind: LinkKind =
      elements.length > 0 ? 'inline' : trunks.length > 0 ? 'trunk' : isPatched ? 'patch' : 'direct';
    if (!kinds.includes(kind)) return;
    if (wanted.maxLossDb !== null && loss > wanted.maxLossDb + 1e-9) return;
    if (wanted.maxLengthKm !== null && km > wanted.maxLengthKm + 1e-9) return;
    if (wanted.minLengthKm !== null && km < wanted.minLengthKm - 1e-9) return;
    const used = wanted.maxLossDb === null ? 0 : Math.min(1, Math.max(0, loss / wanted.maxLossDb));
    const score = {
      direct: 1,
      patch: 0.95,
      trunk: 0.8 - 0.15 * (trunks.length - 1),
      inline: 0.9 - 0.1 * elements.length - 0.1 * used,
    }[kind];
    found.push({ score, ports: path, trunks, elements });
  };

  /** The light has come to a port of `end.deviceId`, from outside. */
  const arrive = (
    end: PortEnd,
    path: readonly string[],
    trunks: readonly number[],
    elements: readonly number[],
    isPatched: boolean,
    loss: number,
    km: number,
  ) => {
    if (!open(end, path)) return;
    if (end.deviceId === to) {
      finish([...path, key(end)], trunks, elements, isPatched, loss, km);
      return;
    }
    if (trunks.length > 0 || elements.length >= 2 || end.deviceId === from) return;
    for (const way of plant.inline) {
      if (way.deviceId !== end.deviceId || elements.includes(way.deviceId) || state.devices.has(way.deviceId)) continue;
      if (
        !isFree(
          plant.devices.find(({ id }) => id === way.deviceId)!,
          question,
        )
      )
        continue;
      const forward = end.port === way.portA;
      if (!forward && end.port !== way.portB) continue;
      const ok = way.direction === 'both' || (!duplex && way.direction === (forward ? 'a_to_b' : 'b_to_a'));
      if (!ok) continue;
      const exit = { deviceId: way.deviceId, port: forward ? way.portB : way.portA };
      leave(exit, [...path, key(end)], [], [...elements, way.deviceId], loss + way.lossDb, km + way.lengthKm);
    }
  };

  const leave = (
    exit: PortEnd,
    path: readonly string[],
    trunks: readonly number[],
    elements: readonly number[],
    loss: number,
    km: number,
  ) => {
    if (!open(exit, path)) return;
    const next = [...path, key(exit)];
    for (const wire of plant.direct) {
      for (const [near, far, direction] of [
        [wire.a, wire.b, 'a_to_b'],
        [wire.b, wire.a, 'b_to_a'],
      ] as const) {
        if (key(near) !== key(exit)) continue;
        if (wire.direction !== 'both' && (duplex || wire.direction !== direction)) continue;
        arrive(far, next, trunks, elements, false, loss + wire.lossDb, km + wire.lengthKm);
      }
    }
    for (const out of plant.patches) {
      if (key(out) !== key(exit) || !switches.has(out.switchId)) continue;
      if (out.inNo === null || (duplex && out.outNo === null)) continue;
      const walk = (at: number, seen: readonly number[], used: readonly number[], lost: number, length: number) => {
        for (const into of plant.patches) {
          if (into.switchId !== at || into.outNo === null || (duplex && into.inNo === null)) continue;
          arrive(into, next, used, elements, true, lost + into.lossDb + 1, length + into.lengthKm);
        }
        if (elements.length > 0 || used.length >= 3) return;
        for (const trunk of plant.trunks) {
          if (state.trunks.has(trunk.id) || heldTrunks.has(trunk.id)) continue;
          for (const [near, far] of [
            [trunk.a, trunk.b],
            [trunk.b, trunk.a],
          ] as const) {
            if (near.switchId !== at || seen.includes(far.switchId) || !switches.has(far.switchId)) continue;
            walk(
              far.switchId,
              [...seen, far.switchId],
              [...used, trunk.id],
              lost + trunk.lossDb + 1,
              length + trunk.lengthKm,
            );
          }
        }
      };
      walk(out.switchId, [out.switchId], [], loss + out.lossDb, km + out.lengthKm);
    }
  };

  const device = plant.devices.find(({ id }) => id === from)!;
  for (const { name } of device.ports) leave({ deviceId: from, port: name }, [], [], [], 0, 0);
  return found.sort((a, b) => b.score - a.score);
};

const quotaAllows = ({ plant, terms, topology }: Question, devices: ReadonlySet<number>): boolean => {
  const { quota = {}, window } = terms;
  if (quota.devices !== undefined && devices.size > quota.devices) return false;
  const hours = (devices.size * (window.end - window.start)) / 3_600_000;
  if (quota.deviceHours !== undefined && hours > quota.deviceHours + 1e-9) return false;
  return Object.entries(quota.ofType ?? {}).every(([type, limit]) => {
    const booked = plant.devices.filter((device) => devices.has(device.id) && same(device.type, type));
    return booked.length <= limit || topology.nodes.length === 0;
  });
};

/** The best score there is; null when nothing is possible. */
export const naiveBest = (question: Question): number | null => {
  const { plant, topology } = question;
  const { nodes } = topology;
  const strands = topology.edges.flatMap((wanted) => Array.from({ length: wanted.multiplicity }, () => wanted));
  const weight = nodes.reduce((sum, item) => sum + item.weight, 0);
  const degree = (id: string) => strands.filter(({ source, target }) => source === id || target === id).length;
  const domains = nodes.map((item) =>
    plant.devices
      .filter((device) => meets(device, item) && isFree(device, question))
      .map((device) => ({
        device,
        value: (0.7 * item.weight * naiveFit(device, item, degree(item.id), question)) / weight,
      }))
      .sort((a, b) => b.value - a.value),
  );
  const state: State = { devices: new Set(), ports: new Set(), trunks: new Set() };
  const chosen = new Map<string, PlantDevice>();
  let best: number | null = null;
  const link = strands.length > 0 ? 0.3 / strands.length : 0;
  const topOf = domains.map(([top]) => top?.value ?? 0);

  const route = (at: number, score: number) => {
    if (best !== null && score + link * (strands.length - at) <= best) return;
    const wanted = strands[at];
    if (!wanted) {
      if (quotaAllows(question, state.devices)) best = Math.max(best ?? 0, score);
      return;
    }
    const [from, to] = [chosen.get(wanted.source)!.id, chosen.get(wanted.target)!.id];
    for (const found of naiveRoutes(question, wanted, from, to, state)) {
      for (const port of found.ports) state.ports.add(port);
      for (const trunk of found.trunks) state.trunks.add(trunk);
      for (const element of found.elements) state.devices.add(element);
      route(at + 1, score + link * found.score);
      for (const port of found.ports) state.ports.delete(port);
      for (const trunk of found.trunks) state.trunks.delete(trunk);
      for (const element of found.elements) state.devices.delete(element);
    }
  };

  const place = (at: number, score: number) => {
    const rest = topOf.slice(at).reduce((sum, top) => sum + top, 0);
    if (best !== null && score + rest + (strands.length > 0 ? 0.3 : 0) <= best) return;
    const wanted = nodes[at];
    if (!wanted) {
      route(0, score);
      return;
    }
    for (const { device, value } of domains[at]!) {
      if (state.devices.has(device.id)) continue;
      const mate = nodes.slice(0, at).find(({ alike }) => alike !== null && alike === wanted.alike);
      const model = (other: PlantDevice) => `${nameKey(other.type)}|${other.manufacturer ?? ''}|${other.model ?? ''}`;
      if (mate && model(chosen.get(mate.id)!) !== model(device)) continue;
      state.devices.add(device.id);
      chosen.set(wanted.id, device);
      place(at + 1, score + value);
      state.devices.delete(device.id);
    }
  };

  place(0, strands.length > 0 ? 0 : 0.3);
  return best;
};
