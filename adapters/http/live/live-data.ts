import type { PlacedEvent } from '../../../application/events/index.js';
import {
  isoOf,
  liveKindsOf,
  mayReadMessage,
  type Actor,
  type EventBooking,
  type LabEvent,
} from '../../../domain/index.js';

const bookingData = ({ id, deviceId, deviceType, deviceName, start, end, status }: EventBooking) => ({
  ...{ booking_id: id, device_id: deviceId, device_type: deviceType, device_name: deviceName },
  ...{ start_time: isoOf(start), end_time: isoOf(end), status },
});

/** What everybody may see of an event. E-mail addresses and what somebody wrote are not part of it. */
const openDataOf = (event: LabEvent): object => {
  const common = { type: event.type, at: isoOf(event.at), actor_id: event.actorId };
  if ('groupId' in event) {
    const { groupId, ownerId, collaboratorIds, bookings } = event;
    return {
      ...common,
      ...{ group_id: groupId, owner_id: ownerId, collaborator_ids: collaboratorIds },
      bookings: bookings.map(bookingData),
    };
  }
  if ('affected' in event) {
    const { device, start, end, reason } = event;
    return { ...common, device, start_time: isoOf(start), end_time: isoOf(end), reason };
  }
  if ('pdu' in event) {
    const { pdu, outlet, device, bookingId, before, after, confirmed } = event;
    return { ...common, pdu, outlet, device, booking_id: bookingId, before, after, confirmed };
  }
  return 'device' in event ? { ...common, device: event.device } : common;
};

const wholeDataOf = (event: LabEvent): object => ({
  ...openDataOf(event),
  ...('message' in event && { message: event.message }),
});

/** The texts of one event, made once for all who look on. */
export class LiveTexts {
  readonly #open = new WeakMap<LabEvent, string>();
  readonly #whole = new WeakMap<LabEvent, string>();

  /**
   * The event as the viewer's stream shows it, empty where it is not theirs to see. Ids rise: a place has room for two.
   * @param after the last id that the viewer has.
   */
  of({ place, event }: PlacedEvent, viewer: Actor, after: number): string {
    const kinds = liveKindsOf(event, viewer);
    if (kinds.length === 0) return '';
    const data = mayReadMessage(event, viewer)
      ? textOf(this.#whole, event, wholeDataOf)
      : textOf(this.#open, event, openDataOf);
    return kinds
      .map((kind, index) => ({ kind, id: idOf(place) + index }))
      .filter(({ id }) => id > after)
      .map(({ kind, id }) => `id: ${id}\nevent: ${kind}\ndata: ${data}\n\n`)
      .join('');
  }
}

const IDS_A_PLACE = 2;

/** The first id of a place in the stream. */
export const idOf = (place: number): number => place * IDS_A_PLACE;

/** The last place of which nothing is missing to somebody who has that id. */
export const placeBefore = (id: number): number => Math.max(0, Math.ceil(id / IDS_A_PLACE) - 1);

const textOf = (known: WeakMap<LabEvent, string>, event: LabEvent, dataOf: (event: LabEvent) => object): string => {
  const kept = known.get(event);
  if (kept !== undefined) return kept;
  const text = JSON.stringify(dataOf(event));
  known.set(event, text);
  return text;
};
