/** The one door to the Pact library: nothing that happens behind it is told to anybody outside. */
process.env.PACT_DO_NOT_TRACK = 'true';

export { MatchersV3, PactV4, Verifier } from '@pact-foundation/pact';

/** What the pacts call this system. */
export const PROVIDER = 'openlab';
