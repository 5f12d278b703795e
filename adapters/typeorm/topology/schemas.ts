import { EntitySchema } from 'typeorm';
import type { ReviewStatus } from '../../../domain/index.js';
import { id, instant, longText, named, optional, reference, text } from '../columns.js';

export interface TopologyRow {
  id: number;
  name: string;
  ownerId: number;
  /** JSON arrays, as they were drawn. */
  nodes: string;
  edges: string;
  createdAt: number;
  updatedAt: number;
}

export const topologySchema = new EntitySchema<TopologyRow>({
  name: 'topology',
  tableName: 'topologies',
  columns: {
    id,
    name: text(200),
    ownerId: named('owner_id', reference),
    nodes: longText,
    edges: longText,
    createdAt: named('created_at', instant),
    updatedAt: named('updated_at', instant),
  },
  indices: [{ name: 'ix_topologies_owner', columns: ['ownerId'] }],
});

export interface TopologyCollaboratorRow {
  topologyId: number;
  userId: number;
}

export const topologyCollaboratorSchema = new EntitySchema<TopologyCollaboratorRow>({
  name: 'topology_collaborator',
  tableName: 'topology_collaborators',
  columns: {
    topologyId: { ...named('topology_id', reference), primary: true },
    userId: { ...named('user_id', reference), primary: true },
  },
  indices: [{ name: 'ix_topology_collaborators_user', columns: ['userId'] }],
});

export interface TopologyReviewRow {
  topologyId: number;
  status: ReviewStatus;
  submittedBy: number;
  submittedAt: number;
  resolvedAt: number | null;
  conflictCount: number;
}

export const topologyReviewSchema = new EntitySchema<TopologyReviewRow>({
  name: 'topology_review',
  tableName: 'topology_reviews',
  columns: {
    topologyId: { ...named('topology_id', reference), primary: true },
    status: text(16),
    submittedBy: named('submitted_by', reference),
    submittedAt: named('submitted_at', instant),
    resolvedAt: named('resolved_at', optional(instant)),
    conflictCount: named('conflict_count', reference),
  },
  indices: [{ name: 'ix_topology_reviews_status', columns: ['status', 'submittedAt'] }],
});

export const topologySchemas = [topologySchema, topologyCollaboratorSchema, topologyReviewSchema];
