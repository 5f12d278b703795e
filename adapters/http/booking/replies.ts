import { z } from 'zod';
import type {
  BookingGroupView,
  BookingListing,
  DeviceConflicts,
  GrantedRequest,
  Preview,
} from '../../../application/booking/index.js';
import { isoOf, legacyStatusOf, type TimeSlot } from '../../../domain/index.js';
import { isoText } from '../shared/fields.js';
import { remembering } from '../shared/remembering.js';
import { checkReply, refusalReply } from './refusal-reply.js';

const Status = z.enum(['PENDING', 'CONFLICTING', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'EXPIRED']);

const Times = { start_time: isoText, end_time: isoText };

const timesReply = ({ start, end }: TimeSlot) => ({ start_time: isoOf(start), end_time: isoOf(end) });

export const GrantedReply = z.object({
  message: z.string(),
  count: z.int(),
  grouped_booking_id: z.string(),
  bookings: z.array(z.object({ booking_id: z.int(), device_id: z.int(), ...Times, status: Status })),
});

export const grantedBookingReply = ({ id, deviceId, slot, status }: GrantedRequest['bookings'][number]) => ({
  booking_id: id,
  device_id: deviceId,
  ...timesReply(slot),
  status,
});

export const grantedReply = ({ groupId, bookings }: GrantedRequest): z.input<typeof GrantedReply> => ({
  message: `Created ${bookings.length} booking(s) successfully.`,
  count: bookings.length,
  grouped_booking_id: groupId,
  bookings: bookings.map(grantedBookingReply),
});

const AlternativeReply = z.object({
  kind: z.enum(['time', 'device']),
  device_id: z.int(),
  device_name: z.string(),
  ...Times,
});

const RefusalReply = z
  .object({
    code: z.string(),
    detail: z.string(),
    device_id: z.int(),
    device_name: z.string(),
    device_type: z.string(),
    ...Times,
    holders: z.array(z.object({ booking_id: z.int(), owner_username: z.string(), status: Status, ...Times })),
    maintenance: z.array(z.object({ ...Times, reason: z.string() })),
    alternatives: z.array(AlternativeReply),
  })
  .openapi('Refusal');

export const PreviewReply = z.object({
  ok: z.boolean(),
  bookings: z.array(
    z.object({ device_id: z.int(), device_name: z.string(), device_type: z.string(), ...Times, status: Status }),
  ),
  refusals: z.array(RefusalReply),
  policy: z.array(
    z.object({
      rule: z.string(),
      limit: z.union([z.string(), z.number()]),
      actual: z.union([z.string(), z.number()]),
      ok: z.boolean(),
      detail: z.string().optional(),
      device_id: z.int(),
      device_name: z.string(),
      ...Times,
    }),
  ),
});

export const previewReply = ({ ok, grants, refusals, policy }: Preview): z.input<typeof PreviewReply> => ({
  ok,
  bookings: grants.map(({ thing, slot, status }) => ({
    device_id: thing.id,
    device_name: thing.name,
    device_type: thing.type,
    ...timesReply(slot),
    status,
  })),
  refusals: refusals.map(refusalReply),
  policy: policy.map(checkReply),
});

export const WeekReply = z
  .object({
    booking_id: z.int(),
    user_id: z.int(),
    username: z.string(),
    owner_username: z.string(),
    device_id: z.int(),
    device_type: z.string(),
    device_name: z.string(),
    start_time: isoText,
    end_time: isoText,
    status: Status,
    grouped_booking_id: z.string(),
    collaborators: z.array(z.string()),
    is_collaborator: z.boolean(),
  })
  .openapi('WeekBooking');

export const weekReply = (listings: readonly BookingListing[]): z.input<typeof WeekReply>[] => {
  // Most bookings begin and end with others, and telling an instant takes longer than the rest of an entry.
  const iso = remembering(isoOf);
  return listings.map((listing) => ({
    booking_id: listing.id,
    user_id: listing.ownerId,
    username: listing.ownerUsername,
    owner_username: listing.ownerUsername,
    device_id: listing.deviceId,
    device_type: listing.deviceType,
    device_name: listing.deviceName,
    start_time: iso(listing.slot.start),
    end_time: iso(listing.slot.end),
    status: listing.status,
    grouped_booking_id: listing.groupId,
    collaborators: [...listing.collaborators],
    // Bookings are listed once, under their owner.
    is_collaborator: false,
  }));
};

export const UserBookingReply = z
  .object({
    booking_id: z.int(),
    device_type: z.string(),
    device_name: z.string(),
    ip_address: z.string().nullable(),
    ...Times,
    status: Status,
    collaborators: z.array(z.string()),
    owner_id: z.int(),
    owner_username: z.string(),
    is_owner: z.boolean(),
    is_collaborator: z.boolean(),
    grouped_booking_id: z.string(),
    decided_at: isoText.nullable(),
    decision_comment: z.string().nullable(),
  })
  .openapi('UserBooking');

/** @param userId whose list it is. */
export const userBookingReply = (listing: BookingListing, userId: number): z.input<typeof UserBookingReply> => ({
  booking_id: listing.id,
  device_type: listing.deviceType,
  device_name: listing.deviceName,
  ip_address: listing.managementIp,
  ...timesReply(listing.slot),
  status: listing.status,
  collaborators: [...listing.collaborators],
  owner_id: listing.ownerId,
  owner_username: listing.ownerUsername,
  is_owner: listing.ownerId === userId,
  is_collaborator: listing.ownerId !== userId,
  grouped_booking_id: listing.groupId,
  decided_at: listing.decidedAt === null ? null : isoOf(listing.decidedAt),
  decision_comment: listing.decisionComment,
});

export const GroupReply = z
  .object({
    grouped_booking_id: z.string(),
    owner_id: z.int(),
    owner_username: z.string(),
    collaborators: z.array(z.string()),
    start_date: z.string(),
    end_date: z.string(),
    created_at: isoText,
    status: z.enum(['PENDING', 'APPROVED', 'EXPIRED', 'DECLINED', 'CANCELLED']),
    devices: z.array(
      z.object({
        device_id: z.int(),
        device_name: z.string(),
        device_type: z.string(),
        dates: z.array(z.string()),
      }),
    ),
    device_count: z.int(),
    booking_ids: z.array(z.int()),
    owner_booking_ids: z.array(z.int()),
    is_owner: z.boolean(),
    is_collaborator: z.boolean(),
  })
  .openapi('BookingGroup');

/** @param userId whose list it is. */
export const groupReply = (group: BookingGroupView, userId: number): z.input<typeof GroupReply> => ({
  grouped_booking_id: group.groupId,
  owner_id: group.ownerId,
  owner_username: group.ownerUsername,
  collaborators: [...group.collaborators],
  start_date: group.firstDate,
  end_date: group.lastDate,
  created_at: isoOf(group.createdAt),
  status: group.status,
  devices: group.devices.map((device) => ({
    device_id: device.deviceId,
    device_name: device.deviceName,
    device_type: device.deviceType,
    dates: [...device.dates],
  })),
  device_count: group.devices.length,
  booking_ids: [...group.bookingIds],
  owner_booking_ids: [...group.bookingIds],
  is_owner: group.ownerId === userId,
  is_collaborator: group.ownerId !== userId,
});

export const ConflictsReply = z
  .object({
    device_id: z.int(),
    device_name: z.string(),
    status: z.string(),
    conflicts: z.array(
      z.object({
        date: z.string(),
        start_time: z.string(),
        end_time: z.string(),
        conflict_type: z.enum(['booking', 'maintenance']),
      }),
    ),
  })
  .openapi('DeviceConflicts');

export const conflictsReply = ({ deviceId, thing, conflicts }: DeviceConflicts): z.input<typeof ConflictsReply> => ({
  device_id: deviceId,
  device_name: `${thing.type} - ${thing.name}`,
  status: legacyStatusOf(thing.status),
  conflicts: conflicts.map(({ date, from, to, kind }) => ({
    date,
    start_time: from,
    end_time: to,
    conflict_type: kind,
  })),
});
