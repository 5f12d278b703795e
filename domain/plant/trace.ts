import { SWITCH_LOSS_DB } from '../topology/index.js';
import { isAtSwitch, portLabel, type Link, type LinkEnd, type FibreKind } from './link.js';

/** A way through a patch switch, from an ingress number to an egress number. */
export interface CrossConnect {
  /** The switch, by thing id. */
  readonly switchId: number;
  readonly inPort: number;
  readonly outPort: number;
}

/** Where the fibre arrives next, and what it took to get there. */
export interface TraceHop {
  readonly thingId: number;
  /** The port that it arrives at; `ingress/egress` numbers at a patch switch. */
  readonly port: string;
  readonly via: FibreKind;
  readonly lengthKm: number;
  readonly lossDb: number;
}

/**
 * Why a trace ends: at a port that goes no further (`device`), at a patch switch that nobody has connected through
 * (`unpatched`), at a port with no fibre in it (`unconnected`), or where it has been before (`loop`).
 */
export type TraceEnd = 'device' | 'unpatched' | 'unconnected' | 'loop';

/** Where light goes that leaves one port, hop by hop, until it ends. */
export interface Trace {
  readonly hops: readonly TraceHop[];
  readonly totalLengthKm: number;
  /** dB one way; negative where amplifiers give more than is lost. */
  readonly totalLossDb: number;
  readonly end: TraceEnd;
}

/** A link as seen from one of its ends. */
interface Way {
  readonly link: Link;
  readonly from: LinkEnd;
  readonly to: LinkEnd;
}

const portKey = (thingId: number, port: string) => `${thingId}/port/${port}`;
const inKey = (thingId: number, number: number) => `${thingId}/in/${number}`;
const outKey = (thingId: number, number: number) => `${thingId}/out/${number}`;

/** Fibre adds up in thousandths of a kilometre and hundredths of a dB: the same from both ends, to the last digit. */
const sum = (values: readonly number[]): number =>
  Math.round(values.reduce((total, value) => total + value, 0) * 1e6) / 1e6;

/** The lab's wiring, with the ways through patch switches as they are connected at one time. */
export class Wiring {
  readonly #thingIdOf: (rowId: number) => number;
  readonly #ways = new Map<string, Way>();
  readonly #through = new Map<string, Way>();
  readonly #egressOf = new Map<string, number>();
  readonly #ingressOf = new Map<string, number>();

  /** @param thingIdOf the thing of an inventory row: rows of one device share its ports. */
  constructor(links: readonly Link[], crossConnects: readonly CrossConnect[], thingIdOf: (rowId: number) => number) {
    this.#thingIdOf = thingIdOf;
    for (const link of links) {
      for (const [from, to] of [
        [link.a, link.b],
        [link.b, link.a],
      ] as const) {
        const thing = thingIdOf(from.deviceId);
        const way = { link, from, to };
        if (from.port !== null) {
          (link.kind === 'inline' ? this.#through : this.#ways).set(portKey(thing, from.port), way);
        }
        if (from.inPort !== null) this.#ways.set(inKey(thing, from.inPort), way);
        if (from.outPort !== null) this.#ways.set(outKey(thing, from.outPort), way);
      }
    }
    for (const { switchId, inPort, outPort } of crossConnects) {
      this.#egressOf.set(inKey(switchId, inPort), outPort);
      this.#ingressOf.set(outKey(switchId, outPort), inPort);
    }
  }

  /** Follows the fibre from a port outwards until it ends. Of a pair whose fibres part, the one that sends. */
  trace(thingId: number, port: string): Trace {
    const hops: TraceHop[] = [];
    const seen = new Set<string>();
    const ended = (end: TraceEnd): Trace => ({
      hops,
      totalLengthKm: sum(hops.map((hop) => hop.lengthKm)),
      totalLossDb: sum(hops.map((hop) => hop.lossDb)),
      end,
    });
    const follow = ({ link, to }: Way) => {
      hops.push({
        ...{ thingId: this.#thingIdOf(to.deviceId), port: portLabel(to), via: link.kind },
        ...{ lengthKm: link.lengthKm, lossDb: link.lossDb },
      });
    };

    let way = this.#ways.get(portKey(thingId, port));
    if (!way) return ended('unconnected');
    for (;;) {
      const key = `${way.link.id}/${way.to === way.link.a ? 'a' : 'b'}`;
      if (seen.has(key)) return ended('loop');
      seen.add(key);
      follow(way);
      const arrived: LinkEnd = way.to;
      const thing = this.#thingIdOf(arrived.deviceId);
      if (isAtSwitch(arrived)) {
        const next = this.#throughSwitch(thing, arrived);
        if (!next) return ended('unpatched');
        hops.push({ thingId: thing, port: portLabel(next.from), via: 'patch', lengthKm: 0, lossDb: SWITCH_LOSS_DB });
        way = next;
        continue;
      }
      const through = arrived.port === null ? undefined : this.#through.get(portKey(thing, arrived.port));
      if (!through) return ended('device');
      follow(through);
      const onward = through.to.port === null ? undefined : this.#ways.get(portKey(thing, through.to.port));
      if (!onward) return ended('unconnected');
      way = onward;
    }
  }

  #throughSwitch(thing: number, { inPort, outPort }: LinkEnd): Way | undefined {
    const egress = inPort === null ? undefined : this.#egressOf.get(inKey(thing, inPort));
    if (egress !== undefined) return this.#ways.get(outKey(thing, egress));
    const ingress = outPort === null ? undefined : this.#ingressOf.get(outKey(thing, outPort));
    return ingress === undefined ? undefined : this.#ways.get(inKey(thing, ingress));
  }
}
