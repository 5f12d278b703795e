/**
 * What is known of the power at an outlet.
 *
 * - `transitioning`: the PDU says that it is on its way to another state.
 * - `unknown`: the PDU answered, and what it said is neither on nor off.
 * - `unavailable`: the PDU says that it cannot tell, because a part of it is broken or gone.
 *
 * Only `off` means that there is no power. Everything but `on` and `off` may have power.
 */
export type OutletState = 'on' | 'off' | 'transitioning' | 'unknown' | 'unavailable';
