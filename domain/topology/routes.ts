import type { LinkKind } from './logical-topology.js';
import type { Occupancy } from './occupancy.js';
import type { PlannedRoute } from './planned-route.js';
import { SWITCH_LOSS_DB } from './plant.js';
import type { PortTable } from './plant-index.js';
import { bitOf, linkScore, type Problem, type Strand } from './problem.js';
import type { Wiring } from './wiring.js';

const TOLERANCE = 1e-9;
const NONE: readonly never[] = [];

/** Plans routes between two devices with what is still free. */
export class RoutePlanner {
  readonly #problem: Problem;
  readonly #wiring: Wiring;
  readonly #ports: PortTable;
  /** From so many free trunks on, a bundle cannot run out. */
  readonly #plenty: number;
  /** Kinds of longer routes with their numbers of trunks or elements, the best first. */
  readonly #stages: readonly { readonly kind: 'trunk' | 'inline'; readonly steps: number; readonly most: number }[];
  #looked = 0;
  /** Number of the kind of each element's end; -1 for those like no other. */
  readonly #likeOf: Int32Array;

  constructor(problem: Problem, wiring: Wiring) {
    this.#problem = problem;
    this.#wiring = wiring;
    this.#ports = problem.lab.index.ports;
    this.#plenty = problem.strands.length;
    this.#likeOf = likesOf(problem);
    const stages = (kind: 'trunk' | 'inline', count: number) =>
      Array.from({ length: count }, (_, at) => ({ kind, steps: at + 1, most: linkScore(kind, at + 1, 0, Infinity) }));
    this.#stages = [...stages('trunk', problem.hops), ...stages('inline', problem.inline)].sort(
      (one, other) => other.most - one.most,
    );
  }

  /** How many routes have been looked at, good or not. */
  get looked(): number {
    return this.#looked;
  }

  /**
   * Every route that an optimal option could need, the best kinds first. Where nothing depends on which of several like
   * ports or trunks is taken, one of them stands for all, and routes that take more than another for less are left out.
   *
   * @param isWorth asked before each kind with the most that it can score; nothing more is looked for once it is not.
   */
  *routes(
    strand: Strand,
    from: number,
    to: number,
    taken: Occupancy,
    isWorth: (most: number) => boolean = () => true,
  ): Generator<PlannedRoute, void> {
    const { picky } = this.#problem;
    if ((strand.kinds & bitOf('direct')) !== 0) {
      if (!isWorth(linkScore('direct', 0, 0, Infinity))) return;
      const found = this.#direct(strand, from, to, taken);
      yield* found;
      // Nothing but a strand between the same two nodes can use a fibre between the two devices.
      if (!picky && !strand.isMixed && found.length > 0) return;
    }
    const [outs, ins] = [this.#exits(strand, from, taken, true), this.#exits(strand, to, taken, false)];
    if ((strand.kinds & bitOf('patch')) !== 0) {
      if (!isWorth(linkScore('patch', 0, 0, Infinity))) return;
      const { switchOf } = this.#ports;
      const found: PlannedRoute[] = [];
      for (const out of outs) {
        for (const into of ins) {
          if (switchOf[out] === switchOf[into]) this.#add(strand, 'patch', [out, into], NONE, NONE, found);
        }
      }
      yield* found;
    }
    const mayChain = this.#wiring.hasWays && (this.#wiring.hasCrossings || !strand.isPatchSafe);
    for (const { kind, steps, most } of this.#stages) {
      if ((strand.kinds & bitOf(kind)) === 0 || (kind === 'inline' && !mayChain)) continue;
      if (!isWorth(most)) return;
      const found: PlannedRoute[] = [];
      if (kind === 'inline') this.#chains(strand, from, to, { outs, ins, elements: steps }, taken, found);
      else for (const out of outs) for (const into of ins) this.#trunk(strand, out, into, steps, taken, found);
      yield* found.length < 2 ? found : found.sort((one, other) => other.score - one.score);
    }
  }

  #suits({ duplex }: Strand, port: number, sends: boolean): boolean {
    const { sends: s, receives: r } = this.#ports;
    return duplex ? s[port] === 1 && r[port] === 1 : sends ? s[port] === 1 : r[port] === 1;
  }

  #direct(strand: Strand, from: number, to: number, taken: Occupancy): PlannedRoute[] {
    const { base, peer, device } = this.#ports;
    const found: PlannedRoute[] = [];
    for (let port = base[from]!; port < base[from + 1]!; port += 1) {
      const other = peer[port]!;
      if (other < 0 || device[other] !== to || taken.usedPort[port] === 1 || taken.usedPort[other] === 1) continue;
      if (!this.#suits(strand, port, true)) continue;
      // A fibre that goes one way only is of no use to a duplex link, so it goes first to one that needs no more.
      this.#add(strand, 'direct', [port, other], NONE, NONE, found);
    }
    if (this.#problem.picky || found.length < 2) return found;
    if (!strand.duplex) {
      found.sort((a, b) => Number(this.#isDuplex(a.ports[0]!)) - Number(this.#isDuplex(b.ports[0]!)));
    }
    return found.slice(0, 1);
  }

  #isDuplex(port: number): boolean {
    return this.#ports.sends[port] === 1 && this.#ports.receives[port] === 1;
  }

  /** Free patched ports that the strand could use: all that differ, or one for each switch. */
  #exits(strand: Strand, place: number, taken: Occupancy, sends: boolean): number[] {
    const { base, switchOf } = this.#ports;
    const found: number[] = [];
    for (let port = base[place]!; port < base[place + 1]!; port += 1) {
      if (switchOf[port]! < 0 || taken.usedPort[port] === 1 || !this.#suits(strand, port, sends)) continue;
      const known = found.findIndex((other) => this.#isLike(other, port));
      if (known < 0) found.push(port);
      else if (!strand.duplex && this.#isDuplex(found[known]!) && !this.#isDuplex(port)) found[known] = port;
    }
    return found;
  }

  #isLike(a: number, b: number): boolean {
    const { switchOf, loss, length } = this.#ports;
    if (switchOf[a] !== switchOf[b]) return false;
    return !this.#problem.picky || (loss[a] === loss[b] && length[a] === length[b]);
  }

  #trunk(strand: Strand, out: number, into: number, hops: number, taken: Occupancy, found: PlannedRoute[]): void {
    const { switchOf } = this.#ports;
    const { picky } = this.#problem;
    const { freeTrunks, paths } = this.#wiring;
    for (const path of paths(switchOf[out]!, switchOf[into]!)) {
      if (path.length > hops) return;
      // What a shorter path with trunks enough for everybody can do, no longer one does better.
      const isPlenty = !picky && path.every((bundle) => freeTrunks[bundle]!.length >= this.#plenty);
      if (path.length < hops && isPlenty) return;
      if (path.length < hops) continue;
      if (picky) {
        for (const trunks of this.#choices(path, taken)) this.#add(strand, 'trunk', [out, into], trunks, NONE, found);
        continue;
      }
      const trunks = path.map((bundle) => ({ bundle, at: taken.firstTrunk(bundle) }));
      if (trunks.every(({ at }) => at >= 0)) this.#add(strand, 'trunk', [out, into], trunks, NONE, found);
      if (isPlenty) return;
    }
  }

  /** Every choice of one trunk for each bundle. */
  #choices(path: readonly number[], taken: Occupancy): { bundle: number; at: number }[][] {
    const { bundles } = this.#problem.lab.index;
    return path.reduce<{ bundle: number; at: number }[][]>(
      (choices, bundle) => {
        const seen = new Set<string>();
        const left = taken.trunksLeft(bundle).filter((at) => {
          const { lossDb, lengthKm } = bundles[bundle]!.trunks[at]!;
          const key = `${lossDb}/${lengthKm}`;
          return !seen.has(key) && seen.add(key);
        });
        return choices.flatMap((choice) => left.map((at) => [...choice, { bundle, at }]));
      },
      [[]],
    );
  }

  #chains(
    strand: Strand,
    from: number,
    to: number,
    { outs, ins, elements }: { outs: readonly number[]; ins: readonly number[]; elements: number },
    taken: Occupancy,
    found: PlannedRoute[],
  ): void {
    const { base, switchOf, peer, device } = this.#ports;
    const { wayEndOf, wayEndsAt, crossingAt, lab } = this.#wiring;
    const { ways } = lab.index;
    const { picky } = this.#problem;
    const { isPatchSafe } = strand;
    const endsAt = picky || !isPatchSafe ? wayEndsAt : crossingAt;

    const enter = (entry: number, ports: readonly number[], entered: readonly number[], seen: readonly number[]) => {
      this.#looked += 1;
      const way = entry >> 1;
      const owner = ways.device[way]!;
      if (taken.usedDevice[owner] === 1 || owner === from || owner === to) return;
      if (entered.some((other) => ways.device[other >> 1] === owner)) return;
      const sameType = entered.filter((other) => this.#sameType(ways.device[other >> 1]!, owner)).length;
      if (!taken.allows(owner, entered.length, sameType)) return;
      const isForward = (entry & 1) === 0;
      const [along, against] = isForward ? [ways.forward, ways.backward] : [ways.backward, ways.forward];
      if (along[way] === 0 || (strand.duplex && against[way] === 0)) return;
      const [into, exit] = isForward ? [ways.portA[way]!, ways.portB[way]!] : [ways.portB[way]!, ways.portA[way]!];
      if (taken.usedPort[into] === 1 || taken.usedPort[exit] === 1) return;
      if (!this.#suits(strand, into, false) || !this.#suits(strand, exit, true)) return;
      leave(exit, [...ports, into, exit], [...entered, entry], seen);
    };

    const leave = (exit: number, ports: readonly number[], entered: readonly number[], seen: readonly number[]) => {
      const at = switchOf[exit]!;
      if (at < 0) {
        const other = peer[exit]!;
        if (taken.usedPort[other] === 1) return;
        if (entered.length === elements) {
          if (device[other] === to) this.#add(strand, 'inline', [...ports, other], NONE, entered, found);
        } else if (wayEndOf[other]! >= 0) enter(wayEndOf[other]!, ports, entered, seen);
        return;
      }
      // Passing a switch twice takes more than going straight through it, unless that is not allowed.
      const again = seen.includes(at);
      if (again && !picky && (isPatchSafe || seen[0] !== at)) return;
      if (entered.length === elements) {
        // A patch between the same two ports takes less and scores more.
        if (isPatchSafe && seen[0] === at && switchOf[ports[0]!] === at) return;
        for (const into of ins) {
          if (switchOf[into] === at) this.#add(strand, 'inline', [...ports, into], NONE, entered, found);
        }
      } else if (picky || !again) {
        for (const next of this.#distinct(endsAt[at]!, taken, entered)) enter(next, ports, entered, [...seen, at]);
      }
    };

    for (let port = base[from]!; port < base[from + 1]!; port += 1) {
      const other = peer[port]!;
      if (other < 0 || taken.usedPort[port] === 1 || taken.usedPort[other] === 1) continue;
      const entry = wayEndOf[other]!;
      if (entry >= 0 && this.#suits(strand, port, true)) enter(entry, [port], [], []);
    }
    for (const out of outs) {
      const at = switchOf[out]!;
      for (const entry of this.#distinct(endsAt[at]!, taken, NONE)) enter(entry, [out], [], [at]);
    }
  }

  #sameType(a: number, b: number): boolean {
    const { typeOf } = this.#problem.lab.index;
    return typeOf[a] === typeOf[b];
  }

  /** Elements of which one can stand for the others: like wired, of one type, and nothing that a node could be. */
  #distinct(ends: readonly number[], taken: Occupancy, entered: readonly number[]): readonly number[] {
    const { ways } = this.#problem.lab.index;
    const seen = new Set<number>();
    return ends.filter((end) => {
      const owner = ways.device[end >> 1]!;
      if (taken.usedDevice[owner] === 1 || entered.some((other) => ways.device[other >> 1] === owner)) return false;
      const like = this.#likeOf[end]!;
      return like < 0 || (!seen.has(like) && seen.add(like));
    });
  }

  #add(
    strand: Strand,
    kind: LinkKind,
    ports: readonly number[],
    trunks: PlannedRoute['trunks'],
    ways: readonly number[],
    found: PlannedRoute[],
  ): void {
    const { lab, picky } = this.#problem;
    const table = this.#ports;
    this.#looked += 1;
    let loss = 0;
    let length = 0;
    for (let at = 0; at < ports.length; at += 2) {
      const [a, b] = [ports[at]!, ports[at + 1]!];
      loss += table.loss[a]!;
      length += table.length[a]!;
      if (table.switchOf[a]! >= 0) {
        loss += table.loss[b]! + SWITCH_LOSS_DB;
        length += table.length[b]!;
      }
    }
    for (const { bundle, at } of trunks) {
      const { lossDb, lengthKm } = lab.index.bundles[bundle]!.trunks[at]!;
      loss += lossDb + SWITCH_LOSS_DB;
      length += lengthKm;
    }
    for (const way of ways) {
      loss += lab.index.ways.loss[way >> 1]!;
      length += lab.index.ways.length[way >> 1]!;
    }
    if (picky) {
      if (loss > strand.maxLoss + TOLERANCE) return;
      if (length < strand.minLength - TOLERANCE || length > strand.maxLength + TOLERANCE) return;
    }
    const steps = kind === 'trunk' ? trunks.length : ways.length;
    found.push({ kind, score: linkScore(kind, steps, loss, strand.maxLoss), ports, trunks, ways, loss, length });
  }
}

const likesOf = ({ lab, candidates, picky }: Problem): Int32Array => {
  const { ways, typeOf, ports, devices } = lab.index;
  const like = new Int32Array(2 * ways.id.length).fill(-1);
  if (picky || ways.id.length === 0) return like;
  const isCandidate = new Uint8Array(devices.length);
  for (const { places } of new Set(candidates)) for (const place of places) isCandidate[place] = 1;
  const kinds = new Map<string, number>();
  ways.device.forEach((owner, way) => {
    const [a, b] = [ways.portA[way]!, ways.portB[way]!];
    if (isCandidate[owner] === 1 || ports.switchOf[a]! < 0 || ports.switchOf[b]! < 0) return;
    const wired = [a, b].map((port) => [ports.switchOf[port], ports.sends[port], ports.receives[port]].join('/'));
    const kind = [typeOf[owner], ...wired, ways.forward[way], ways.backward[way]].join('|');
    const number = kinds.get(kind) ?? kinds.size;
    kinds.set(kind, number);
    like[2 * way] = 2 * number;
    like[2 * way + 1] = 2 * number + 1;
  });
  return like;
};
