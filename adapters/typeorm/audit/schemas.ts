import { EntitySchema } from 'typeorm';
import type { Role } from '../../../domain/index.js';
import { id, instant, longText, named, optional, reference, text } from '../columns.js';

export interface AuditRow {
  id: number;
  at: number;
  actorId: number | null;
  actorName: string;
  actorRole: Role | null;
  action: string;
  entityType: string;
  entityId: string | null;
  entityLabel: string | null;
  message: string;
  /** JSON object. */
  metadata: string;
  requestId: string | null;
  address: string | null;
}

const auditSchema = new EntitySchema<AuditRow>({
  name: 'audit_entry',
  tableName: 'audit_log',
  columns: {
    id,
    at: instant,
    actorId: named('actor_id', optional(reference)),
    actorName: named('actor_name', text(100)),
    actorRole: named('actor_role', optional(text(16))),
    action: text(64),
    entityType: named('entity_type', text(32)),
    entityId: named('entity_id', optional(text(64))),
    entityLabel: named('entity_label', optional(text(200))),
    message: text(1000),
    metadata: longText,
    requestId: named('request_id', optional(text(64))),
    address: optional(text(64)),
  },
  indices: [{ name: 'ix_audit_log_at', columns: ['at'] }],
});

export interface SealRow {
  place: number;
  entryId: number;
  hash: string;
}

const sealSchema = new EntitySchema<SealRow>({
  name: 'audit_seal',
  tableName: 'audit_seals',
  columns: { place: { ...reference, primary: true }, entryId: named('entry_id', reference), hash: text(64) },
  indices: [{ name: 'ux_audit_seals_entry', columns: ['entryId'], unique: true }],
});

/** One row: where the chain ends. */
export interface HeadRow {
  name: string;
  place: number;
  hash: string;
}

const headSchema = new EntitySchema<HeadRow>({
  name: 'audit_head',
  tableName: 'audit_head',
  columns: { name: { ...text(16), primary: true }, place: reference, hash: text(64) },
});

export const auditSchemas = [auditSchema, sealSchema, headSchema];
