import { z } from 'zod';
import { providerState, type ProviderState } from './provider-state.js';

export const somebodyHasSavedATopology: ProviderState = providerState({
  name: 'somebody has saved a topology',
  meaning:
    'Somebody drew devices in a row, `node-0` to the last one with `edge-0` and so on between them, and saved it.',
  parameters: z.object({
    username: z.string().default('alice').describe('who; they have an account'),
    name: z.string().default('ring').describe('of the topology'),
    types: z.array(z.string()).default(['ROADM', 'ILA']).describe('of the devices, from one end to the other'),
    collaborators: z.array(z.string()).default([]).describe('usernames; they have accounts'),
  }),
  tells: ['topologyId'],
  prepare: async (stage, { username, name, types, collaborators }) => {
    const nodes = types.map((deviceType, index) => ({ id: `node-${index}`, deviceType, parameters: {} }));
    const edges = nodes.slice(1).map(({ id: target }, index) => ({
      ...{ id: `edge-${index}`, source: `node-${index}`, target, parameters: {} },
    }));
    const drawing = { name, nodes, edges, collaborators };
    const { id } = await stage.useCases.keepTopologies.add(stage.person(username), drawing, null);
    return { topologyId: id };
  },
});
