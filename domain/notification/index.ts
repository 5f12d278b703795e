export { MOST_ATTEMPTS, waitAfter } from './backoff.js';
export { CHANNELS, isPersonal, type Channel } from './channel.js';
export { describeEvent, namedIn, type NameOf } from './describe-event.js';
export { invitationsOf, sequenceOf } from './invitation.js';
export { liveKindsOf, mayReadMessage, type LiveKind } from './live.js';
export type { Fact, Invitation, Message } from './message.js';
export {
  NOBODY_IN_PARTICULAR,
  recipientsOf,
  usualTelling,
  type Recipient,
  type TellingPolicy,
} from './telling-policy.js';
