import { z } from 'zod';
import { providerState, type ProviderState } from './provider-state.js';

export const somebodyHasANotification: ProviderState = providerState({
  name: 'somebody has a notification',
  meaning:
    'What happened before is on the pages of those whom it concerns, and so on the page of somebody: their booking was decided, say. The newest one there counts.',
  parameters: z.object({
    username: z.string().default('alice').describe('whose page; they have an account'),
    read: z.boolean().default(false).describe('whether they have read it'),
  }),
  tells: ['notificationId'],
  prepare: async (stage, { username, read }) => {
    await stage.tellEverybody();
    const { lookAtNotifications } = stage.useCases;
    const person = stage.person(username);
    const { items } = await lookAtNotifications.own(person, { limit: 1, offset: 0, unread: false });
    if (!items[0])
      throw new Error(`nothing concerns '${username}': begin with what does, such as 'the booking was decided'`);
    if (read) await lookAtNotifications.markRead(person, items[0].id);
    return { notificationId: items[0].id };
  },
});

export const somebodyHasACalendarToken: ProviderState = providerState({
  name: 'somebody has a calendar token',
  meaning: 'Somebody made an address of a calendar, which programs read without a session.',
  parameters: z.object({
    username: z.string().default('alice').describe('who; they have an account'),
    scope: z.enum(['user', 'device', 'lab']).default('user').describe('what the calendar has'),
    device: z.string().default('ROADM 1').describe('which one, where the calendar is of a device'),
  }),
  tells: ['tokenId', 'token'],
  prepare: async (stage, { username, scope, device }) => {
    const deviceId = scope === 'device' ? stage.device(device) : null;
    const { token, secret } = await stage.useCases.keepTokens.make(stage.person(username), scope, deviceId);
    return { tokenId: token.id, token: secret };
  },
});
