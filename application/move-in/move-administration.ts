import { mistakesIn, type Instant, type SettingKey, type User } from '../../domain/index.js';
import {
  jsonIn,
  objectIn,
  roleNamed,
  utcOf,
  type MoveLog,
  type OldDeed,
  type OldInvitation,
  type OldSetting,
} from './rules/index.js';
import type { Invitation, TokenDigest } from '../identity/ports.js';
import type { KeptSetting } from '../settings/ports.js';
import { SYSTEM } from '../shared/audit-actor.js';
import type { AuditEntry } from '../shared/ports.js';

/** Invitations that can still be accepted. */
export const moveInvitations = (
  rows: readonly OldInvitation[],
  now: Instant,
  digest: TokenDigest,
  log: MoveLog,
): Invitation[] =>
  rows.flatMap((row): Invitation[] => {
    const refuse = (rule: string, detail: string): [] => {
      log.refuse('admin_invitations', row.id, rule, detail);
      return [];
    };
    const role = roleNamed(row.role);
    const expiresAt = utcOf(row.expires_at);
    if (role === null) return refuse('invitation.role', `there is no role '${row.role}'`);
    if (row.accepted_at !== null) return refuse('invitation.accepted', `was accepted at ${row.accepted_at}`);
    if (expiresAt <= now) return refuse('invitation.over', `could be accepted until ${row.expires_at}`);
    log.take('admin_invitations', row.id);
    if (row.handle !== null)
      log.change('admin_invitations', row.id, 'invitation.handle', `the handle '${row.handle}' has no place`);
    const named = { id: `moved-in-${row.id}`, email: row.email, invitedBy: row.invited_by };
    return [{ ...named, role, expiresAt, tokenDigest: digest(row.token) }];
  });

const settingOf = ({ key, value: text }: OldSetting): { readonly key: SettingKey; readonly value: unknown } | null => {
  const value = jsonIn(text);
  if (key === 'booking_window_days') return { key: 'booking.horizonDays', value };
  if (key === 'max_days') return { key: 'booking.maxDays', value };
  if (key === 'approval_required') return { key: 'approval.mode', value: value === false ? 'automatic' : 'manual' };
  return null;
};

/** The settings that the new lab has too. The old lab kept whatever it was sent, and followed none of it. */
export const moveSettings = (rows: readonly OldSetting[], log: MoveLog): KeptSetting[] =>
  rows.flatMap((row): KeptSetting[] => {
    const setting = settingOf(row);
    if (!setting || mistakesIn({ [setting.key]: setting.value }).length > 0) {
      const why = setting ? `'${row.value.slice(0, 100)}' is no value of ${setting.key}` : 'there is no such setting';
      log.refuse('admin_settings', row.id, 'setting.no-place', `${row.key}: ${why}`);
      return [];
    }
    log.take('admin_settings', row.id);
    log.change(
      'admin_settings',
      row.id,
      'setting.in-force',
      `${row.key} is ${setting.key} = ${row.value}, and in force from now on`,
    );
    return [{ ...setting, changedAt: utcOf(row.updated_at), changedBy: row.updated_by ?? SYSTEM.id }];
  });

const LONGEST_ACTION = 64;
const LONGEST_ENTITY = 32;

/** What was done in the old lab, as it said so. */
export const moveDeeds = (rows: readonly OldDeed[], people: readonly User[], log: MoveLog): AuditEntry[] => {
  const users = new Map(people.map((user) => [user.id, user]));
  return [...rows]
    .sort((a, b) => (a.created_at < b.created_at ? -1 : 1))
    .map((row) => {
      log.take('admin_audit_log', row.id);
      const actor = row.actor_id === null ? undefined : users.get(row.actor_id);
      const role = row.actor_role === null ? null : roleNamed(row.actor_role);
      return {
        at: utcOf(row.created_at),
        actor: { id: actor?.id ?? null, name: actor?.username ?? 'unknown', role },
        ...{ action: row.action.slice(0, LONGEST_ACTION), entityType: row.entity_type.slice(0, LONGEST_ENTITY) },
        ...{ entityId: row.entity_id, entityLabel: null },
        message: row.message ?? row.action.replaceAll('_', ' '),
        metadata: { ...objectIn(row.payload), outcome: row.outcome, movedIn: row.id },
      };
    });
};
