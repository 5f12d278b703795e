import { EntitySchema } from 'typeorm';
import type { FibreKind, LinkDirection } from '../../../domain/index.js';
import { decimal, id, instant, longText, named, optional, reference, text } from '../columns.js';

export interface LinkRow {
  id: number;
  label: string | null;
  kind: FibreKind;
  direction: LinkDirection;
  aDeviceId: number;
  aPort: string | null;
  aInPort: number | null;
  aOutPort: number | null;
  bDeviceId: number;
  bPort: string | null;
  bInPort: number | null;
  bOutPort: number | null;
  strands: number;
  lengthKm: number;
  lossDb: number;
  fiberType: string | null;
  notes: string | null;
  createdAt: number;
  updatedAt: number;
}

export const linkSchema = new EntitySchema<LinkRow>({
  name: 'link',
  tableName: 'links',
  columns: {
    id,
    label: optional(text(50)),
    kind: text(16),
    direction: text(16),
    aDeviceId: named('a_device_id', reference),
    aPort: named('a_port', optional(text(60))),
    aInPort: named('a_in_port', optional(reference)),
    aOutPort: named('a_out_port', optional(reference)),
    bDeviceId: named('b_device_id', reference),
    bPort: named('b_port', optional(text(60))),
    bInPort: named('b_in_port', optional(reference)),
    bOutPort: named('b_out_port', optional(reference)),
    strands: reference,
    lengthKm: named('length_km', decimal),
    lossDb: named('loss_db', decimal),
    fiberType: named('fiber_type', optional(text(100))),
    notes: optional(longText),
    createdAt: named('created_at', instant),
    updatedAt: named('updated_at', instant),
  },
  indices: [
    { name: 'ux_links_label', columns: ['label'], unique: true },
    { name: 'ix_links_a', columns: ['aDeviceId'] },
    { name: 'ix_links_b', columns: ['bDeviceId'] },
  ],
});

export interface CrossConnectRow {
  id: number;
  groupId: string;
  edgeId: string;
  strand: number;
  switchId: number;
  inPort: number;
  outPort: number;
  fromDeviceId: number;
  toDeviceId: number;
  createdAt: number;
}

export const crossConnectSchema = new EntitySchema<CrossConnectRow>({
  name: 'cross_connect',
  tableName: 'cross_connects',
  columns: {
    id,
    groupId: named('group_id', text(36)),
    edgeId: named('edge_id', text(200)),
    strand: reference,
    switchId: named('switch_id', reference),
    inPort: named('in_port', reference),
    outPort: named('out_port', reference),
    fromDeviceId: named('from_device_id', reference),
    toDeviceId: named('to_device_id', reference),
    createdAt: named('created_at', instant),
  },
  indices: [
    { name: 'ix_cross_connects_switch', columns: ['switchId'] },
    { name: 'ix_cross_connects_group', columns: ['groupId'] },
    { name: 'ix_cross_connects_from', columns: ['fromDeviceId'] },
    { name: 'ix_cross_connects_to', columns: ['toDeviceId'] },
  ],
});

export const plantSchemas = [linkSchema, crossConnectSchema];
