export { DeliverNotifications } from './deliver-notifications.js';
export { FanOutEvents } from './fan-out-events.js';
export * from './ports.js';
