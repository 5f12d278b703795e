import { EntitySchema } from 'typeorm';
import type { BookingStatus } from '../../../domain/index.js';
import { id, instant, longText, named, optional, reference, text } from '../columns.js';

export interface BookingRow {
  id: number;
  groupId: string;
  deviceId: number;
  ownerId: number;
  startsAt: number;
  endsAt: number;
  status: BookingStatus;
  comment: string;
  createdAt: number;
  updatedAt: number;
  /** What the device was called when it was removed; null while it is in the inventory. */
  goneType: string | null;
  goneName: string | null;
  decidedBy: number | null;
  decidedAt: number | null;
  decisionComment: string | null;
}

export const bookingSchema = new EntitySchema<BookingRow>({
  name: 'booking',
  tableName: 'bookings',
  columns: {
    id,
    groupId: named('group_id', text(36)),
    deviceId: named('device_id', reference),
    ownerId: named('owner_id', reference),
    startsAt: named('starts_at', instant),
    endsAt: named('ends_at', instant),
    status: text(16),
    comment: longText,
    createdAt: named('created_at', instant),
    updatedAt: named('updated_at', instant),
    goneType: named('gone_type', optional(text(100))),
    goneName: named('gone_name', optional(text(200))),
    decidedBy: named('decided_by', optional(reference)),
    decidedAt: named('decided_at', optional(instant)),
    decisionComment: named('decision_comment', optional(text(1000))),
  },
  indices: [
    { name: 'ix_bookings_slots', columns: ['deviceId', 'status', 'endsAt', 'startsAt'] },
    { name: 'ix_bookings_ahead', columns: ['endsAt', 'startsAt', 'status', 'createdAt'] },
    { name: 'ix_bookings_decided', columns: ['decidedAt'] },
    { name: 'ix_bookings_owner', columns: ['ownerId'] },
    { name: 'ix_bookings_group', columns: ['groupId'] },
  ],
});

export interface CollaboratorRow {
  bookingId: number;
  userId: number;
}

export const collaboratorSchema = new EntitySchema<CollaboratorRow>({
  name: 'booking_collaborator',
  tableName: 'booking_collaborators',
  columns: {
    bookingId: { ...named('booking_id', reference), primary: true },
    userId: { ...named('user_id', reference), primary: true },
  },
  indices: [{ name: 'ix_booking_collaborators_user', columns: ['userId'] }],
});

export interface KeptAnswerRow {
  userId: number;
  key: string;
  fingerprint: string;
  answer: string | null;
  createdAt: number;
}

const keptAnswerSchema = new EntitySchema<KeptAnswerRow>({
  name: 'kept_answer',
  tableName: 'kept_answers',
  columns: {
    userId: { ...named('user_id', reference), primary: true },
    key: { ...named('request_key', text(200)), primary: true },
    fingerprint: text(64),
    answer: optional(longText),
    createdAt: named('created_at', instant),
  },
  indices: [{ name: 'ix_kept_answers_age', columns: ['createdAt'] }],
});

export interface FavouriteRow {
  id: number;
  userId: number;
  groupId: string;
  name: string;
  /** JSON array of devices. */
  deviceSnapshot: string;
  createdAt: number;
  updatedAt: number;
}

export const favouriteSchema = new EntitySchema<FavouriteRow>({
  name: 'favourite',
  tableName: 'favourites',
  columns: {
    id,
    userId: named('user_id', reference),
    groupId: named('group_id', text(36)),
    name: text(200),
    deviceSnapshot: named('device_snapshot', longText),
    createdAt: named('created_at', instant),
    updatedAt: named('updated_at', instant),
  },
  indices: [{ name: 'ux_favourites_group', columns: ['userId', 'groupId'], unique: true }],
});

export const bookingSchemas = [bookingSchema, collaboratorSchema, keptAnswerSchema, favouriteSchema];
