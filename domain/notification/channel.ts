/** Ways by which people hear of what happened: on their page, by mail, or in one of the lab's two chat rooms. */
export const CHANNELS = ['in-app', 'email', 'booking-webhook', 'admin-webhook'] as const;

/** One way by which people hear of what happened. */
export type Channel = (typeof CHANNELS)[number];

/** Whether the channel reaches one person at a time; the others reach everybody in a room. */
export const isPersonal = (channel: Channel): boolean => channel === 'in-app' || channel === 'email';
