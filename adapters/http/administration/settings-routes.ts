import { z } from 'zod';
import type { ChangeSettings } from '../../../application/settings/index.js';
import type { Api } from '../shared/api.js';

export interface SettingsUseCases {
  readonly changeSettings: ChangeSettings;
}

const Value = z.union([z.string().max(200), z.number(), z.boolean(), z.null()]);
const ValuesReply = z.object({ values: z.record(z.string(), z.union([z.string(), z.number(), z.null()])) });
const tag = 'Administration';

/** The lab's rules, as they count now. */
export const settingsRoutes = (api: Api, { changeSettings }: SettingsUseCases): Api =>
  api
    .signedIn({
      method: 'get',
      paths: ['/admin/v2/settings'],
      tag,
      summary: 'Every setting that can be changed while the lab runs, with its value',
      refusals: [403],
      reply: { status: 200, schema: ValuesReply, description: 'null is no limit' },
      handle: async (_input, { caller }) => ({ values: await changeSettings.current(caller) }),
    })
    .signedIn({
      method: 'put',
      paths: ['/admin/v2/settings'],
      tag,
      summary: 'Change settings; those that are not named stay',
      body: z.object({ values: z.record(z.string().max(64), Value) }),
      refusals: [400, 403],
      reply: { status: 200, schema: ValuesReply, description: 'They count at once' },
      handle: async ({ body }, { caller }) => ({ values: await changeSettings.execute(caller, body.values) }),
    });
