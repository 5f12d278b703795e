export { DeliverNotifications } from './deliver-notifications.js';
export { FanOutEvents } from './fan-out-events.js';
export { LookAtNotifications } from './look-at-notifications.js';
export * from './ports.js';
export { RemindOfEnds, type RemindingWork } from './remind-of-ends.js';
export { SendDigest } from './send-digest.js';
