/** Ways to join two devices, best first. */
export const LINK_KINDS = ['direct', 'patch', 'trunk', 'inline'] as const;

/**
 * One way to join two devices: a fixed fibre, one patch switch, trunks between switches, or through inline elements.
 */
export type LinkKind = (typeof LINK_KINDS)[number];

/** Both limits included; versions compare number by number. */
export interface FirmwareRange {
  readonly min?: string;
  readonly max?: string;
}

/** A number with the unit it was written in: `10km` is 10 km, `100G` is 100 g, `8` has none. */
export interface Quantity {
  readonly value: number;
  /** Small letters; empty when none was given. */
  readonly unit: string;
}

/** What is asked of a device. Names compare by `nameKey`. */
export interface Wants {
  /** At least so many ports, of `portKind` where that is given. */
  readonly ports?: number;
  readonly portKind?: string;
  readonly vendor?: string;
  readonly model?: string;
  readonly site?: string;
  readonly firmware?: FirmwareRange;
  readonly tagsAll?: readonly string[];
  readonly tagsAny?: readonly string[];
  readonly tagsNone?: readonly string[];
  /** Everything else that is a number, by its name in the request: `length`, `gain`, `dataRate`, `wavelength` … */
  readonly quantities?: Readonly<Record<string, Quantity>>;
}

/** A device as it was drawn. */
export interface LogicalNode {
  readonly id: string;
  /** Name of a device type, as it was written. */
  readonly type: string;
  /** Hard: a device that misses one is no candidate. */
  readonly requirements: Wants;
  /** Soft: a device that misses one fits less. */
  readonly preferences: Wants;
  /** The device that it must be. */
  readonly pin: number | null;
  /** Devices that it must not be. */
  readonly exclude: readonly number[];
  /** All nodes with one label must become devices of one model. */
  readonly alike: string | null;
  /** How much its fit counts against that of the other nodes; above 0. */
  readonly weight: number;
}

/** A link as it was drawn. Limits are of one strand; null is no limit. */
export interface LogicalEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** So many links side by side, at least 1. */
  readonly multiplicity: number;
  readonly direction: 'both' | 'source_to_target';
  readonly maxLossDb: number | null;
  readonly minLengthKm: number | null;
  readonly maxLengthKm: number | null;
  /** The ways that may be used; null is all. */
  readonly kinds: readonly LinkKind[] | null;
}

/** The network somebody drew, checked: ids are unique, edges join two different nodes of it. */
export interface LogicalTopology {
  readonly nodes: readonly LogicalNode[];
  readonly edges: readonly LogicalEdge[];
}
