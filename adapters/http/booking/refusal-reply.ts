import { isoOf, type ItemCheck, type Refusal } from '../../../domain/index.js';

const holderReply = ({ bookingId, ownerUsername, status, slot }: Refusal['holders'][number]) => ({
  booking_id: bookingId,
  owner_username: ownerUsername,
  status,
  start_time: isoOf(slot.start),
  end_time: isoOf(slot.end),
});

/** A refusal as `POST /bookings` and the preview write it. */
export const refusalReply = (refusal: Refusal) => ({
  code: refusal.code,
  detail: refusal.detail,
  device_id: refusal.deviceId,
  device_name: refusal.deviceName,
  device_type: refusal.deviceType,
  start_time: isoOf(refusal.slot.start),
  end_time: isoOf(refusal.slot.end),
  holders: refusal.holders.map(holderReply),
  maintenance: refusal.maintenance.map(({ slot, reason }) => ({
    start_time: isoOf(slot.start),
    end_time: isoOf(slot.end),
    reason,
  })),
  alternatives: refusal.alternatives.map(({ kind, deviceId, deviceName, slot }) => ({
    kind,
    device_id: deviceId,
    device_name: deviceName,
    start_time: isoOf(slot.start),
    end_time: isoOf(slot.end),
  })),
});

/** A rule held against one item; the sentence only where it is broken. */
export const checkReply = ({ rule, limit, actual, ok, detail, deviceId, deviceName, slot }: ItemCheck) => ({
  ...{ rule, limit, actual, ok },
  ...(!ok && { detail }),
  device_id: deviceId,
  device_name: deviceName,
  start_time: isoOf(slot.start),
  end_time: isoOf(slot.end),
});
