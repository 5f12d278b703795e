import { inWords, invalid, mergeItems, timeSlot, type Instant, type WantedItem } from '../../domain/index.js';
import type { CalendarReader, DeviceReference } from './ports.js';

/** One device in one slot, as it was written in a request. */
export interface RequestedItem {
  readonly device: DeviceReference;
  readonly start: Instant;
  readonly end: Instant;
  /** The client's wish to contend; the server decides what the booking becomes. */
  readonly consent: boolean;
  /** Whoever asks has no way to accept that. */
  readonly uncontended?: boolean;
}

/** A refusal that names every device that the lab does not have. */
export const unknownDevices = (references: readonly DeviceReference[]) => {
  const names = references.map((device) => ('id' in device ? `device ${device.id}` : `${device.type} ${device.name}`));
  const devices = [...new Set(names)];
  return invalid('booking.unknown-device', `Unknown device${devices.length > 1 ? 's' : ''}: ${inWords(devices)}.`, {
    devices,
  });
};

/** @throws DomainError `booking.no-items`, `booking.unknown-device` naming all of them, or `slot.invalid`. */
export const wantedItems = async (
  items: readonly RequestedItem[],
  calendars: Pick<CalendarReader, 'things'>,
): Promise<WantedItem[]> => {
  if (items.length === 0) throw invalid('booking.no-items', 'No booking slots provided.');
  const things = await calendars.things(items.map((item) => item.device));
  const strangers = items.filter((_, index) => !things[index]).map((item) => item.device);
  if (strangers.length > 0) throw unknownDevices(strangers);
  return mergeItems(
    items.flatMap(({ start, end, consent, uncontended = false }, index) => {
      const thing = things[index];
      return thing ? [{ thing, slot: timeSlot(start, end), consent, uncontended }] : [];
    }),
  );
};
