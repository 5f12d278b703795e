import { EntitySchema } from 'typeorm';
import type { NotificationState } from '../../../application/notification/ports.js';
import type { Channel } from '../../../domain/index.js';
import { id, instant, named, optional, reference, text } from '../columns.js';

export interface NotificationRow {
  id: number;
  eventId: number;
  type: string;
  channel: Channel;
  userId: number;
  text: string;
  link: string;
  state: NotificationState;
  attempts: number;
  dueAt: number;
  lastError: string | null;
  createdAt: number;
  sentAt: number | null;
  readAt: number | null;
}

const notificationSchema = new EntitySchema<NotificationRow>({
  name: 'notification',
  tableName: 'notifications',
  columns: {
    id,
    eventId: named('event_id', reference),
    type: text(48),
    channel: text(16),
    userId: named('user_id', reference),
    text: text(1000),
    link: text(200),
    state: text(16),
    attempts: reference,
    dueAt: named('due_at', instant),
    lastError: named('last_error', optional(text(1000))),
    createdAt: named('created_at', instant),
    sentAt: named('sent_at', optional(instant)),
    readAt: named('read_at', optional(instant)),
  },
  indices: [
    { name: 'ux_notifications_once', columns: ['eventId', 'channel', 'userId'], unique: true },
    { name: 'ix_notifications_due', columns: ['state', 'channel', 'dueAt'] },
    { name: 'ix_notifications_user', columns: ['userId', 'channel'] },
  ],
});

export interface DoneOnceRow {
  key: string;
  at: number;
}

const doneOnceSchema = new EntitySchema<DoneOnceRow>({
  name: 'done_once',
  tableName: 'done_once',
  columns: { key: { ...named('deed', text(100)), primary: true }, at: instant },
});

export const notificationSchemas = [notificationSchema, doneOnceSchema];
