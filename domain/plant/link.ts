import type { Instant } from '../shared/index.js';

/** The kinds of fixed fibre. */
export const FIBRE_KINDS = ['direct', 'patch', 'trunk', 'inline'] as const;

/**
 * `direct`: permanent fibre (or plug) between two device ports. `patch`: device port to a patch switch, which is end b.
 * `trunk`: patch switch to patch switch. `inline`: the way through a spool, amplifier or attenuator.
 */
export type FibreKind = (typeof FIBRE_KINDS)[number];

/** Which way light can go between the ends of a link. */
export const LINK_DIRECTIONS = ['both', 'a_to_b', 'b_to_a'] as const;

/** Which way light can go between the ends a and b of a link. */
export type LinkDirection = (typeof LINK_DIRECTIONS)[number];

/** Where a link ends: at a port of a device, or at numbers of a patch switch. */
export interface LinkEnd {
  /** The inventory row that has the port. */
  readonly deviceId: number;
  /** Null at a patch switch. */
  readonly port: string | null;
  /** Ingress number of a patch switch: light goes into the switch here. */
  readonly inPort: number | null;
  /** Egress number of a patch switch: light leaves the switch here. */
  readonly outPort: number | null;
}

/** One piece of fixed fibre, as the lab is wired. */
export interface LinkFacts {
  /** The lab's own number of the link, for example `L0001`. */
  readonly label: string | null;
  readonly kind: FibreKind;
  readonly direction: LinkDirection;
  readonly a: LinkEnd;
  readonly b: LinkEnd;
  /** 2 is a duplex pair, 1 is one fibre. */
  readonly strands: 1 | 2;
  /** Kilometres of fibre; 0 is a plug, or inside a box. */
  readonly lengthKm: number;
  /** dB one way with connectors; negative is the nominal gain of an amplifier. */
  readonly lossDb: number;
  readonly fiberType: string | null;
  readonly notes: string | null;
}

/** A link that the lab has written down. */
export interface Link extends LinkFacts {
  readonly id: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Whether the end is at numbers of a patch switch. */
export const isAtSwitch = (end: LinkEnd): boolean => end.port === null;

/** `37/229` for a duplex pair of a switch, `37/` and `/229` for one fibre; the name of any other port. */
export const portLabel = ({ port, inPort, outPort }: LinkEnd): string => port ?? `${inPort ?? ''}/${outPort ?? ''}`;
