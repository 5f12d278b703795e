import { z } from 'zod';
import type { KeepTopologies } from '../../../application/topology/index.js';
import { isoOf, type SavedTopology } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { idInPath, idOrText, isoText, text } from '../shared/fields.js';

export interface SavedTopologyUseCases {
  readonly keepTopologies: KeepTopologies;
}

/** Larger drawings than any lab has devices for. */
const MOST_NODES = 2000;
const MOST_EDGES = 10_000;

const Drawn = z.record(z.string(), z.unknown());

const DrawingBody = z.object({
  name: text(200).transform((value) => (value.trim() === '' ? 'Unnamed Topology' : value.trim())),
  nodes: z.array(Drawn).max(MOST_NODES),
  edges: z.array(Drawn).max(MOST_EDGES),
  collaborators: z.array(text(200)).max(100).nullish(),
});

const drawingOf = ({ name, nodes, edges, collaborators }: z.output<typeof DrawingBody>) => ({
  ...{ name, nodes, edges, collaborators: collaborators ?? null },
});

const TopologyReply = z
  .object({
    id: z.int(),
    name: z.string(),
    owner_id: z.int(),
    is_owner: z.boolean(),
    collaborator_ids: z.array(z.int()),
    nodes: z.array(z.unknown()),
    edges: z.array(z.unknown()),
    created_at: isoText,
    updated_at: isoText,
  })
  .openapi('Topology');

const headOf = ({ id, name, ownerId, collaboratorIds, createdAt, updatedAt }: SavedTopology, userId: number) => ({
  ...{ id, name, owner_id: ownerId, is_owner: ownerId === userId, collaborator_ids: [...collaboratorIds] },
  ...{ created_at: isoOf(createdAt), updated_at: isoOf(updatedAt) },
});

const MessageReply = z.object({ message: z.string() });
const oneTopology = z.object({ id: idInPath });
const tag = 'Topologies';

/** Networks that people drew and kept. */
export const savedTopologyRoutes = (api: Api, { keepTopologies }: SavedTopologyUseCases): Api =>
  api
    .signedIn({
      method: 'post',
      paths: ['/topology'],
      tag,
      summary: 'Save a topology',
      body: DrawingBody.extend({ user_id: idOrText.nullish() }),
      refusals: [400, 403],
      reply: {
        status: 200,
        schema: z.object({ topology_id: z.int(), message: z.string() }),
        description: 'Saved, and up for review',
      },
      handle: async ({ body }, { caller }) => {
        const { id } = await keepTopologies.add(caller, drawingOf(body), body.user_id ?? null);
        return { topology_id: id, message: 'Topology created successfully' };
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/topology/list'],
      tag,
      summary: 'The topologies that one owns or shares',
      query: z.object({ user_id: idOrText.optional() }),
      refusals: [403],
      reply: {
        status: 200,
        schema: z.object({ topologies: z.array(TopologyReply.omit({ nodes: true, edges: true })) }),
        description: 'The newest first',
      },
      handle: async ({ query }, { caller }) => {
        const userId = query.user_id ?? null;
        const topologies = await keepTopologies.list(caller, userId);
        return { topologies: topologies.map((topology) => headOf(topology, userId ?? caller.id)) };
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/topology/{id}'],
      tag,
      summary: 'One topology as it was drawn',
      params: oneTopology,
      refusals: [403, 404],
      reply: {
        status: 200,
        schema: z.object({ topology: TopologyReply }),
        description: 'For its owner and collaborators',
      },
      handle: async ({ params }, { caller }) => {
        const topology = await keepTopologies.find(caller, params.id);
        const { nodes, edges } = topology;
        return { topology: { ...headOf(topology, caller.id), nodes: [...nodes], edges: [...edges] } };
      },
    })
    .signedIn({
      method: 'put',
      paths: ['/topology/{id}'],
      tag,
      summary: 'Change a topology; its owner may also say who shares it',
      params: oneTopology,
      body: DrawingBody,
      refusals: [400, 403, 404],
      reply: { status: 200, schema: MessageReply, description: 'Saved, and up for review again' },
      handle: async ({ params, body }, { caller }) => {
        await keepTopologies.change(caller, params.id, drawingOf(body));
        return { message: 'Topology updated successfully' };
      },
    })
    .signedIn({
      method: 'delete',
      paths: ['/topology/{id}'],
      tag,
      summary: 'Delete a topology with its review',
      params: oneTopology,
      refusals: [403, 404],
      reply: { status: 200, schema: MessageReply, description: 'It is gone; bookings made from it stay' },
      handle: async ({ params }, { caller }) => {
        await keepTopologies.remove(caller, params.id);
        return { message: 'Topology deleted successfully' };
      },
    });
