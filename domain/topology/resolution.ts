import type { Instant, TimeSlot } from '../shared/index.js';
import type { LinkKind } from './logical-topology.js';
import type { PortEnd } from './plant.js';

/** Why a device cannot be a node, or two devices not an edge. Part of the public interface. */
export type ReasonCode =
  | 'C1' // another type
  | `C2.${'ports' | 'vendor' | 'model' | 'site' | 'firmware' | 'tags' | 'quantity' | 'alike'}`
  | 'C3' // pinned elsewhere, or excluded
  | 'C4' // booked in the window
  | 'C5' // in maintenance in the window
  | 'C6' // not bookable
  | 'C7' // needed by another node
  | 'C8' // no route for an edge
  | 'C9' // too few wired ports
  | 'C10' // trunks full
  | 'C11' // patch ports held by other bookings
  | 'C12'; // quota or policy

/** How much the parts of a fit count; only their proportions matter. */
export interface FitWeights {
  /** Of each preference. */
  readonly preference: number;
  readonly waste: number;
  readonly reliability: number;
  readonly slack: number;
  readonly rarity: number;
}

/** What this person may still hold; what is left out has no limit. */
export interface Quota {
  /** Devices, inline elements included. */
  readonly devices?: number;
  readonly deviceHours?: number;
  /** Devices of a type, by its name in any letter case. */
  readonly ofType?: Readonly<Record<string, number>>;
  /** Longest window, in milliseconds. */
  readonly longest?: number;
  /** The window ends no later. */
  readonly until?: Instant;
}

/** When the topology is wanted, and how hard to look for it. */
export interface ResolveTerms {
  readonly window: TimeSlot;
  readonly now: Instant;
  /** How many options, the best first. Default 3. */
  readonly options?: number;
  /** How many search nodes an option may cost: the answer depends on it, and never on the speed of the machine. */
  readonly nodeBudget?: number;
  /** Stop when the best known is within this share of the bound. 0 asks for proof. Default 0.005. */
  readonly gap?: number;
  readonly quota?: Quota;
  /** False for whoever only asks whether it is possible: all of it stands against itself then. Default true. */
  readonly explained?: boolean;
  readonly weights?: Partial<FitWeights>;
  /** Trunk hops of one link. Default 3. */
  readonly trunkHops?: number;
  /** Inline elements of one link. Default 2. */
  readonly inlineElements?: number;
}

/** One part of a fit. */
export interface ScoreTerm {
  /** `vendor`, `ports`, `waste`, `reliability` … */
  readonly name: string;
  readonly weight: number;
  /** From 0 to 1. */
  readonly score: number;
  readonly detail: string;
}

/** Counts of devices by the first rule that excluded them. */
export type ReasonCounts = Readonly<Partial<Record<ReasonCode, number>>>;

/** A device that could have been the node as well, against the one that was chosen. */
export interface OtherDevice {
  readonly deviceId: number;
  readonly fit: number;
  /** Fit of this device less that of the chosen one. */
  readonly difference: number;
  /** The term that lost most against the chosen device; null when none did. */
  readonly loses: { readonly term: string; readonly by: number } | null;
  /** Free over the window and in no other place of this option. */
  readonly available: boolean;
  /** Edges that could not be routed if this device took the place and all else stayed. */
  readonly breaks: readonly string[];
}

/** The device that a node becomes, and why it. */
export interface NodeChoice {
  readonly nodeId: string;
  readonly deviceId: number;
  /** From 0 to 1. */
  readonly fit: number;
  readonly terms: readonly ScoreTerm[];
  /** How many devices could have been this node. */
  readonly candidates: number;
  /** Why the others could not. */
  readonly reasons: ReasonCounts;
  /** When the first of those that are booked or in maintenance is free for as long; null when none is, or is known. */
  readonly nextFree: Instant | null;
  /** The next best, at most 3. */
  readonly alternatives: readonly OtherDevice[];
}

/** One step of the light from the source device to the target device. */
export type Hop =
  | { readonly via: 'direct'; readonly wireId: number; readonly lengthKm: number; readonly lossDb: number }
  | { readonly via: 'patch'; readonly wireId: number; readonly lengthKm: number; readonly lossDb: number }
  | {
      readonly via: 'switch';
      readonly switchId: number;
      /** Cross-connects, ingress to egress: one, and one back for a duplex link. */
      readonly connects: readonly { readonly inNo: number; readonly outNo: number }[];
      readonly lossDb: number;
    }
  | { readonly via: 'trunk'; readonly trunkId: number; readonly lengthKm: number; readonly lossDb: number }
  | {
      readonly via: 'inline';
      readonly wayId: number;
      readonly deviceId: number;
      readonly fromPort: string;
      readonly toPort: string;
      readonly lengthKm: number;
      readonly lossDb: number;
    };

/** How one strand of an edge runs. */
export interface Route {
  readonly edgeId: string;
  /** Counts from 0 to the edge's multiplicity. */
  readonly strand: number;
  readonly kind: LinkKind;
  /** From 0 to 1. */
  readonly score: number;
  readonly source: PortEnd;
  readonly target: PortEnd;
  readonly hops: readonly Hop[];
  /** Every device port that the link holds, those of inline elements included. */
  readonly ports: readonly PortEnd[];
  readonly trunkIds: readonly number[];
  /** Devices that are booked with the link. */
  readonly inlineDeviceIds: readonly number[];
  readonly lengthKm: number;
  readonly lossDb: number;
  /** Why no better kind of link; null when there is none better. */
  readonly whyNotBetter: string | null;
}

/** One way to build the whole topology. */
export interface TopologyOption {
  /** Counts from 1. */
  readonly rank: number;
  readonly nodes: readonly NodeChoice[];
  readonly routes: readonly Route[];
  /** All devices to book, ascending: of nodes and inline elements. */
  readonly deviceIds: readonly number[];
  /** From 0 to 1. */
  readonly score: number;
  /** No option that differs as much from the earlier ones scores more. */
  readonly bound: number;
  /** (bound - score) / bound. */
  readonly gap: number;
  /** The gap is within the tolerance asked for. */
  readonly proved: boolean;
  /** The budget ended the search. */
  readonly truncated: boolean;
  /** Score of option 1 less this one's. */
  readonly behindFirst: number;
}

/** One change with which the topology could be built. */
export interface Relaxation {
  readonly kind: 'drop-requirement' | 'unpin' | 'shift' | 'drop-edge' | 'drop-node';
  /** The change in machine words, for example `node-1.requirements.vendor`. */
  readonly change: string;
  readonly detail: string;
  /** For `shift`: the window that works. */
  readonly window: TimeSlot | null;
}

/** Why the topology cannot be built over the window, and what would help. */
export interface Infeasible {
  readonly status: 'infeasible';
  /** False when the budget ended the search before it found an option or the proof that there is none. */
  readonly proved: boolean;
  /** Ids of an irreducible set: dropping any one makes the rest of it possible. */
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
  readonly detail: string;
  /** Per node of the set, and of the surplus: why devices fell. */
  readonly reasons: Readonly<Record<string, ReasonCounts>>;
  /** Per node of the set, and of the surplus: when its first blocked device is free for as long. */
  readonly nextFree: Readonly<Record<string, Instant | null>>;
  /** More nodes than devices for them; null when that is not what is wrong. */
  readonly shortage: { readonly nodes: readonly string[]; readonly deviceIds: readonly number[] } | null;
  /**
   * Nodes that are left without a device when as many as can have one, the earlier ones first; each with what the
   * matter is. Empty when there are devices enough, and what is wrong is between them.
   */
  readonly surplus: Readonly<Record<string, string>>;
  /** Single changes that were tried and work, the cheapest first. */
  readonly relaxations: readonly Relaxation[];
}

/** Ways to build the topology. */
export interface Resolved {
  readonly status: 'resolved';
  /** At least one, the best first. */
  readonly options: readonly TopologyOption[];
}

/** An answer of the resolver. */
export type Resolution = Resolved | Infeasible;

/** What an earliest time is searched with. */
export interface EarliestTerms extends Omit<ResolveTerms, 'window'> {
  /** Not before this instant, and wholly before that. */
  readonly within: TimeSlot;
  /** Milliseconds. */
  readonly length: number;
}

/** The first window in which the topology can be built, or why there is none. */
export type Earliest =
  | { readonly status: 'found'; readonly window: TimeSlot; readonly options: readonly TopologyOption[] }
  | { readonly status: 'none'; readonly infeasible: Infeasible };

/** Chances of a device from the forecast, each from 0 to 1. */
export interface DeviceChances {
  /** No fault and no maintenance until the window ends. */
  readonly staysUp: number;
  /** Nobody takes the slot before the booking is confirmed. */
  readonly staysFree: number;
}

/** One of the four scores, with what it was calculated from. */
export interface AdviceScore {
  readonly score: number;
  readonly inputs: Readonly<Record<string, number>>;
}

/** An option judged as a configuration. */
export interface Advice {
  readonly performance: AdviceScore;
  readonly availability: AdviceScore;
  readonly efficiency: AdviceScore;
  readonly reliability: AdviceScore & {
    /** The device that is the least reliable, with the reliability that it exceeds with 90 %. */
    readonly lowest: { readonly deviceId: number; readonly quantile10: number };
  };
  /** 0.30 performance + 0.25 availability + 0.25 efficiency + 0.20 reliability. */
  readonly recommendation: number;
  /** 1 when every device is free over the window, else 0: a fact, and no part of the chances. */
  readonly freeNow: 0 | 1;
  readonly rationale: string;
}
