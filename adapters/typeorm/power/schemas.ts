import { EntitySchema } from 'typeorm';
import type { CommandOutcome, CommandState, PowerOrder } from '../../../application/power/index.js';
import type { OutletMode, OutletState, Role } from '../../../domain/index.js';
import { id, instant, longText, named, optional, reference, text } from '../columns.js';

export interface PduRow {
  id: number;
  name: string;
  nameKey: string;
  driver: string;
  host: string;
  port: number;
  credentials: string;
  user: string | null;
  pduPath: string | null;
  externalId: string | null;
  /** JSON object; null until it answered. */
  identity: string | null;
  createdAt: number;
}

export const pduSchema = new EntitySchema<PduRow>({
  name: 'pdu',
  tableName: 'pdus',
  columns: {
    id,
    name: text(100),
    nameKey: named('name_key', text(200)),
    driver: text(32),
    host: text(255),
    port: reference,
    credentials: longText,
    user: named('user_name', optional(text(100))),
    pduPath: named('pdu_path', optional(text(200))),
    externalId: named('external_id', optional(text(100))),
    identity: optional(longText),
    createdAt: named('created_at', instant),
  },
  indices: [
    { name: 'ux_pdus_name', columns: ['nameKey'], unique: true },
    { name: 'ux_pdus_address', columns: ['host', 'port'], unique: true },
  ],
});

export interface OutletRow {
  pduId: number;
  number: number;
  deviceId: number | null;
  label: string | null;
  mode: OutletMode | null;
  boundName: string | null;
  /** JSON objects. */
  hold: string | null;
  hand: string | null;
  failures: number;
  retryAt: number | null;
}

export const outletSchema = new EntitySchema<OutletRow>({
  name: 'power_outlet',
  tableName: 'power_outlets',
  columns: {
    pduId: { ...named('pdu_id', reference), primary: true },
    number: { ...named('outlet', reference), primary: true },
    deviceId: named('device_id', optional(reference)),
    label: optional(text(200)),
    mode: optional(text(16)),
    boundName: named('bound_name', optional(text(255))),
    hold: named('manual_hold', optional(longText)),
    hand: named('hand_switch', optional(longText)),
    failures: reference,
    retryAt: named('retry_at', optional(instant)),
  },
  indices: [{ name: 'ix_power_outlets_device', columns: ['deviceId'] }],
});

export interface ReadingRow {
  pduId: number;
  /** JSON object; null before the first. */
  reading: string | null;
  readAt: number | null;
  triedAt: number;
  /** JSON object; null when it could be read. */
  problem: string | null;
}

export const readingSchema = new EntitySchema<ReadingRow>({
  name: 'power_reading',
  tableName: 'power_readings',
  columns: {
    pduId: { ...named('pdu_id', reference), primary: true },
    reading: optional(longText),
    readAt: named('read_at', optional(instant)),
    triedAt: named('tried_at', instant),
    problem: optional(longText),
  },
});

export interface WordRow {
  pduId: number;
  number: number;
  to: 'on' | 'off';
  by: string | null;
  at: number;
}

export const wordSchema = new EntitySchema<WordRow>({
  name: 'power_word',
  tableName: 'power_words',
  columns: {
    pduId: { ...named('pdu_id', reference), primary: true },
    number: { ...named('outlet', reference), primary: true },
    to: named('switched_to', text(8)),
    by: named('said_by', optional(text(100))),
    at: named('said_at', instant),
  },
});

export interface CommandRow {
  id: number;
  pduId: number;
  outlet: number;
  order: PowerOrder;
  state: CommandState;
  step: 'on' | 'off' | null;
  attempts: number;
  outcome: CommandOutcome | null;
  actorId: number | null;
  actorName: string;
  actorRole: Role | null;
  rule: string | null;
  reason: string;
  deviceId: number | null;
  bookingId: number | null;
  before: OutletState | null;
  after: OutletState | null;
  /** JSON object. */
  problem: string | null;
  createdAt: number;
  sentAt: number | null;
  restUntil: number | null;
  finishedAt: number | null;
}

export const commandSchema = new EntitySchema<CommandRow>({
  name: 'power_command',
  tableName: 'power_commands',
  columns: {
    id,
    pduId: named('pdu_id', reference),
    outlet: reference,
    order: named('switch_order', text(8)),
    state: text(8),
    step: optional(text(8)),
    attempts: reference,
    outcome: optional(text(16)),
    actorId: named('actor_id', optional(reference)),
    actorName: named('actor_name', text(100)),
    actorRole: named('actor_role', optional(text(16))),
    rule: optional(text(100)),
    reason: text(1000),
    deviceId: named('device_id', optional(reference)),
    bookingId: named('booking_id', optional(reference)),
    before: named('state_before', optional(text(16))),
    after: named('state_after', optional(text(16))),
    problem: optional(longText),
    createdAt: named('created_at', instant),
    sentAt: named('sent_at', optional(instant)),
    restUntil: named('rest_until', optional(instant)),
    finishedAt: named('finished_at', optional(instant)),
  },
  indices: [
    { name: 'ix_power_commands_open', columns: ['state', 'id'] },
    { name: 'ix_power_commands_pdu', columns: ['pduId'] },
  ],
});

export const powerSchemas = [pduSchema, outletSchema, readingSchema, wordSchema, commandSchema];
