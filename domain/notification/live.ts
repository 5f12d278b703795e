import type { LabEvent } from '../events/index.js';
import { may, type Actor } from '../identity/index.js';

/** What a live page is told has happened. */
export type LiveKind = 'booking.created' | 'booking.changed' | 'device.changed' | 'power.changed' | 'approval.needed';

const MAKES: readonly string[] = ['booking.requested', 'booking.rebooked'];
const ASKS: readonly string[] = [...MAKES, 'booking.extended'];

const needsDecision = (event: LabEvent): boolean =>
  ASKS.includes(event.type) &&
  'bookings' in event &&
  event.bookings.some(({ status }) => status === 'PENDING' || status === 'CONFLICTING');

/**
 * What the event is for somebody who looks, in order; nothing where it is not theirs to see. Bookings and devices are
 * everybody's, as in the week view.
 */
export const liveKindsOf = (event: LabEvent, viewer: Actor): LiveKind[] => {
  const type: string = event.type;
  if (type.startsWith('booking.')) {
    const kind = MAKES.includes(type) ? 'booking.created' : 'booking.changed';
    return needsDecision(event) && may(viewer, 'bookings:write') ? [kind, 'approval.needed'] : [kind];
  }
  if (['device.', 'maintenance.', 'fibre.'].some((about) => type.startsWith(about))) return ['device.changed'];
  if (type.startsWith('power.')) {
    return may(viewer, 'devices:read') || event.concerns.includes(viewer.id) ? ['power.changed'] : [];
  }
  return [];
};

/** Whether the viewer may read what was written with it: those whom it concerns, and who may read all bookings. */
export const mayReadMessage = (event: LabEvent, viewer: Actor): boolean =>
  event.concerns.includes(viewer.id) || may(viewer, 'bookings:read');
