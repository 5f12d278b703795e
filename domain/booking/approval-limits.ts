import type { ApprovalLimits } from '../identity/index.js';
import { forbidden, HOUR, lengthOf, type DomainError, type LabZone } from '../shared/index.js';
import type { Booking } from './booking.js';
import { stretchesOf, stretchOf } from './stretch.js';

/**
 * Why somebody with these limits may not confirm the booking; null when they may.
 * @param holding what its whole group holds.
 */
export const beyondApprovalLimits = (
  { maxDays, maxDeviceHours }: ApprovalLimits,
  booking: Pick<Booking, 'deviceId' | 'slot'>,
  holding: readonly Pick<Booking, 'deviceId' | 'slot'>[],
  zone: LabZone,
): DomainError | null => {
  const onDevice = holding.filter(({ deviceId }) => deviceId === booking.deviceId).map(({ slot }) => slot);
  const { start, end } = stretchOf(booking.slot, stretchesOf(onDevice));
  const days = Math.ceil(zone.daysBetween(start, end) * 100) / 100;
  const hours = Math.ceil((holding.reduce((sum, { slot }) => sum + lengthOf(slot), 0) / HOUR) * 100) / 100;
  const reasons = [
    ...(maxDays !== null && days > maxDays
      ? [`You may confirm at most ${maxDays} days of one device, and this is ${days}.`]
      : []),
    ...(maxDeviceHours !== null && hours > maxDeviceHours
      ? [`You may confirm at most ${maxDeviceHours} device-hours of one group, and this is ${hours}.`]
      : []),
  ];
  if (reasons.length === 0) return null;
  return forbidden('approval.beyond-limits', reasons.join(' '), { limits: { maxDays, maxDeviceHours }, days, hours });
};
