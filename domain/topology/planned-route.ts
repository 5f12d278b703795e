import type { LinkKind } from './logical-topology.js';

/** A way for one strand, with everything it takes. */
export interface PlannedRoute {
  readonly kind: LinkKind;
  readonly score: number;
  /** In the order of the light: source port, entry and exit of each element, target port. */
  readonly ports: readonly number[];
  readonly trunks: readonly { readonly bundle: number; readonly at: number }[];
  /** Entry ends of the inline elements. */
  readonly ways: readonly number[];
  readonly loss: number;
  readonly length: number;
}
