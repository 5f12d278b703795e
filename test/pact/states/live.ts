import { z } from 'zod';
import { providerState, type ProviderState } from './provider-state.js';

const EVENTS = ['booking.created', 'booking.changed', 'device.changed', 'power.changed', 'approval.needed'] as const;

export const somebodyWatches: ProviderState = providerState({
  name: 'somebody watches the live stream',
  meaning:
    'Somebody reads `/api/events` from now on. A message of a pact is the last one of that event that the stream then sends.',
  parameters: z.object({
    username: z.string().default('alice').describe('who; they have an account'),
    event: z.enum(EVENTS).describe('which messages the pact is about'),
  }),
  tells: [],
  prepare: async (stage, { username, event }) => {
    await stage.watch(username, event);
    return {};
  },
});
