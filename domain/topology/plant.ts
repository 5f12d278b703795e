import type { TimeSlot } from '../shared/index.js';

/** Which way light may pass between the ends `a` and `b` of a wire or through an element. */
export type WireDirection = 'both' | 'a_to_b' | 'b_to_a';

/** A port of a device. Names do not repeat within a thing. */
export interface PlantPort {
  readonly name: string;
  /** `line`, `client`, `add_drop` …; null when nobody wrote it down. */
  readonly kind: string | null;
}

/** One bookable thing with the ports of all its rows. */
export interface PlantDevice {
  /** Id of the thing: the lowest id of its rows. */
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly site: string | null;
  readonly firmware: string | null;
  readonly tags: readonly string[];
  /** Active and of a schedulable type. */
  readonly bookable: boolean;
  /** Status word, for explanations. */
  readonly status: string;
  readonly ports: readonly PlantPort[];
  /** Slots of bookings that keep this user out. Turnaround gaps and shared bookings are applied by whoever fills it. */
  readonly busy: readonly TimeSlot[];
  readonly maintenance: readonly TimeSlot[];
  /** Past uses that went well. */
  readonly ok: number;
  /** Past uses in which the device failed; a user's cancellation is none. */
  readonly faults: number;
}

/** A port of a thing. Port names do not repeat within a thing. */
export interface PortEnd {
  readonly deviceId: number;
  readonly port: string;
}

/** A permanent fibre between two device ports. */
export interface DirectWire {
  readonly id: number;
  readonly a: PortEnd;
  readonly b: PortEnd;
  readonly direction: WireDirection;
  readonly lengthKm: number;
  readonly lossDb: number;
}

/** An optical switch that joins any ingress to any egress, each used once. */
export interface PatchSwitch {
  /** Id of the thing that the switch is. */
  readonly id: number;
  readonly name: string;
  /** Number of ingress ports, and of egress ports. */
  readonly size: number;
  readonly usable: boolean;
  readonly maintenance: readonly TimeSlot[];
}

/** A fibre (pair) from a device port to a patch switch. */
export interface PatchWire {
  readonly id: number;
  readonly deviceId: number;
  readonly port: string;
  readonly switchId: number;
  /** Ingress that the device sends into; null when it only receives. */
  readonly inNo: number | null;
  /** Egress that sends to the device; null when it only sends. */
  readonly outNo: number | null;
  readonly lengthKm: number;
  readonly lossDb: number;
}

/** Where a trunk is plugged into a patch switch. */
export interface TrunkEnd {
  readonly switchId: number;
  /** Ingress at which light from the other switch arrives. */
  readonly inNo: number;
  /** Egress from which light leaves for the other switch. */
  readonly outNo: number;
}

/** One duplex pair between two patch switches; a bundle is several of them. */
export interface Trunk {
  readonly id: number;
  readonly a: TrunkEnd;
  readonly b: TrunkEnd;
  readonly lengthKm: number;
  readonly lossDb: number;
}

/** A way through a spool, amplifier or attenuator, from its port a to its port b. */
export interface InlineWay {
  readonly id: number;
  readonly deviceId: number;
  readonly portA: string;
  readonly portB: string;
  readonly direction: WireDirection;
  readonly lengthKm: number;
  /** Negative is gain. */
  readonly lossDb: number;
}

/** A device port that a cross-connect of a live booking holds. */
export interface HeldPort extends PortEnd {
  readonly slot: TimeSlot;
}

/** A trunk that a live booking holds. */
export interface HeldTrunk {
  readonly trunkId: number;
  readonly slot: TimeSlot;
}

/** Everything the resolver knows of the lab. */
export interface Plant {
  readonly devices: readonly PlantDevice[];
  readonly switches: readonly PatchSwitch[];
  readonly direct: readonly DirectWire[];
  readonly patches: readonly PatchWire[];
  readonly trunks: readonly Trunk[];
  readonly inline: readonly InlineWay[];
  readonly heldPorts: readonly HeldPort[];
  readonly heldTrunks: readonly HeldTrunk[];
}

/** dB that passing one patch switch costs, on top of the fibres to it. */
export const SWITCH_LOSS_DB = 1;
