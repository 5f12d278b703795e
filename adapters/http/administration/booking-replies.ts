import { z } from 'zod';
import type {
  BookingDossier,
  ContendingUse,
  DeviceUse,
  ShownBooking,
} from '../../../application/administration/index.js';
import { isoOf, legacyStatusOf, type TimeSlot } from '../../../domain/index.js';
import { isoText } from '../shared/fields.js';
import { HealthReply, healthReply } from './health-reply.js';

const Status = z.enum(['PENDING', 'CONFLICTING', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'EXPIRED']);
const Times = { start_time: isoText, end_time: isoText };

const timesReply = ({ start, end }: TimeSlot) => ({ start_time: isoOf(start), end_time: isoOf(end) });

const bookingFields = {
  booking_id: z.int(),
  grouped_booking_id: z.string(),
  user: z.object({ id: z.int(), username: z.string(), role: z.string() }),
  device: z.object({
    id: z.int(),
    name: z.string(),
    type: z.string(),
    /** The same as `type`, for the first frontend. */
    deviceType: z.string(),
    status: z.enum(['Available', 'Maintenance', 'Unavailable']).nullable(),
  }),
  collaborators: z.array(z.string()),
  ...Times,
  status: Status,
  comment: z.string().nullable(),
  conflict: z.boolean(),
  conflict_notes: z.array(z.string()).nullable(),
  awaiting_my_action: z.boolean(),
  created_at: isoText,
  updated_at: isoText,
  decided_at: isoText.nullable(),
  decision_comment: z.string().nullable(),
};

export const OverseenBookingReply = z.object(bookingFields).openapi('OverseenBooking');

export const overseenBookingReply = (booking: ShownBooking): z.input<typeof OverseenBookingReply> => ({
  booking_id: booking.id,
  grouped_booking_id: booking.groupId,
  user: { id: booking.ownerId, username: booking.ownerUsername, role: booking.ownerRole },
  device: {
    id: booking.deviceId,
    name: booking.deviceName,
    type: booking.deviceType,
    deviceType: booking.deviceType,
    status: booking.deviceStatus === null ? null : legacyStatusOf(booking.deviceStatus),
  },
  collaborators: [...booking.collaborators],
  ...timesReply(booking.slot),
  status: booking.status,
  comment: booking.comment === '' ? null : booking.comment,
  conflict: booking.contended,
  conflict_notes: booking.contended ? ['Somebody else has the device in that slot, or asked for it first.'] : null,
  awaiting_my_action: booking.awaitsAsker,
  created_at: isoOf(booking.createdAt),
  updated_at: isoOf(booking.updatedAt),
  decided_at: booking.decidedAt === null ? null : isoOf(booking.decidedAt),
  decision_comment: booking.decisionComment,
});

const Owner = z.object({ id: z.int(), username: z.string() });

const UseReply = z.object({ booking_id: z.int(), ...Times, status: Status, owner: Owner });

const useReply = ({ id, slot, status, ownerId, ownerUsername }: DeviceUse): z.input<typeof UseReply> => ({
  booking_id: id,
  ...timesReply(slot),
  status,
  owner: { id: ownerId, username: ownerUsername },
});

const ContenderReply = UseReply.extend({
  /** The same as `owner`, for the first frontend. */
  user: Owner,
  overlap_start: isoText,
  overlap_end: isoText,
});

const contenderReply = (use: ContendingUse): z.input<typeof ContenderReply> => ({
  ...useReply(use),
  user: { id: use.ownerId, username: use.ownerUsername },
  overlap_start: isoOf(use.overlap.start),
  overlap_end: isoOf(use.overlap.end),
});

/** The booking under `booking` for one frontend, and its fields beside it for the other. */
const shown = z.object({
  ...bookingFields,
  device: bookingFields.device.extend({ interchangeable: z.boolean() }),
});

export const DossierReply = shown
  .extend({
    booking: shown,
    timeline: z.array(UseReply),
    conflicts: z.array(ContenderReply),
    device_health: HealthReply.nullable(),
    history: z.array(UseReply),
  })
  .openapi('BookingDossier');

export const dossierReply = (dossier: BookingDossier): z.input<typeof DossierReply> => {
  const { device, ...flat } = overseenBookingReply(dossier.booking);
  const booking = { ...flat, device: { ...device, interchangeable: dossier.interchangeable } };
  return {
    ...booking,
    booking,
    timeline: dossier.timeline.map(useReply),
    conflicts: dossier.contenders.map(contenderReply),
    device_health: dossier.health === null ? null : healthReply(dossier.health),
    history: dossier.history.map(useReply),
  };
};
