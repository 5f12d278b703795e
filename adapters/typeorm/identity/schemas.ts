import { EntitySchema } from 'typeorm';
import type { AccountStatus, Role } from '../../../domain/index.js';
import { id, instant, named, optional, reference, text } from '../columns.js';

export interface UserRow {
  id: number;
  username: string;
  usernameKey: string;
  email: string | null;
  emailKey: string | null;
  discordId: string | null;
  role: Role;
  status: AccountStatus;
  passwordHash: string;
  createdAt: number;
  approvalMaxDays: number | null;
  approvalMaxDeviceHours: number | null;
  lastActiveAt: number | null;
}

export const userSchema = new EntitySchema<UserRow>({
  name: 'user',
  tableName: 'users',
  columns: {
    id,
    username: text(50),
    usernameKey: named('username_key', text(100)),
    email: optional(text(254)),
    emailKey: named('email_key', optional(text(254))),
    discordId: named('discord_id', optional(text(32))),
    role: text(16),
    status: text(16),
    passwordHash: named('password_hash', text(100)),
    createdAt: named('created_at', instant),
    approvalMaxDays: named('approval_max_days', optional(reference)),
    approvalMaxDeviceHours: named('approval_max_device_hours', optional(reference)),
    lastActiveAt: named('last_active_at', optional(instant)),
  },
  indices: [
    { name: 'ux_users_username', columns: ['usernameKey'], unique: true },
    { name: 'ux_users_email', columns: ['emailKey'], unique: true },
  ],
});

export interface SessionRow {
  id: string;
  userId: number;
  createdAt: number;
  expiresAt: number;
}

export const sessionSchema = new EntitySchema<SessionRow>({
  name: 'session',
  tableName: 'sessions',
  columns: {
    id: { ...text(64), primary: true },
    userId: named('user_id', reference),
    createdAt: named('created_at', instant),
    expiresAt: named('expires_at', instant),
  },
  indices: [
    { name: 'ix_sessions_user', columns: ['userId'] },
    { name: 'ix_sessions_expiry', columns: ['expiresAt'] },
  ],
});

export interface InvitationRow {
  tokenDigest: string;
  role: Role;
  expiresAt: number;
  invitedBy: number | null;
  id: string | null;
  email: string | null;
}

export const invitationSchema = new EntitySchema<InvitationRow>({
  name: 'invitation',
  tableName: 'invitations',
  columns: {
    tokenDigest: { ...named('token_digest', text(64)), primary: true },
    role: text(16),
    expiresAt: named('expires_at', instant),
    invitedBy: named('invited_by', optional(reference)),
    id: named('invitation_id', optional(text(36))),
    email: optional(text(254)),
  },
});

export const identitySchemas = [userSchema, sessionSchema, invitationSchema];
