import { z } from 'zod';
import {
  PDU_LIMITS,
  type KeepPdus,
  type OrderPower,
  type PduView,
  type ViewPower,
} from '../../../application/power/index.js';
import { DomainError, OUTLET_MODES, type LabZone } from '../../../domain/index.js';
import type { Clock } from '../../../application/shared/ports.js';
import type { Api } from '../shared/api.js';
import { id, idInPath, instant, text } from '../shared/fields.js';
import { PduBody, pduForm } from './pdu-body.js';
import {
  JobReply,
  jobReply,
  OutletReply,
  outletReply,
  PduReply,
  pduReply,
  PlanReply,
  planReply,
  PowerReply,
  powerReply,
  StatusReply,
  statusReply,
} from './replies.js';

export interface PowerUseCases {
  readonly viewPower: ViewPower;
  readonly orderPower: OrderPower;
  readonly keepPdus: KeepPdus;
}

const onePdu = z.object({ name: text(PDU_LIMITS.name, 1) });

const outletInPath = z
  .string()
  .regex(/^\d{1,5}$/, 'is not an outlet number')
  .transform(Number)
  .refine((value) => value >= 1 && value <= PDU_LIMITS.outletNumber, { message: 'is not an outlet number' })
  .openapi({ type: 'integer', minimum: 1 });

const oneOutlet = onePdu.extend({ number: outletInPath });

/** `?refresh=true` asks the PDU itself before answering. */
const Refresh = z.object({ refresh: z.enum(['true', 'false', '1', '0']).optional() });

const wantsRefresh = ({ refresh }: z.output<typeof Refresh>): boolean => refresh === 'true' || refresh === '1';

const MessageReply = z.object({ message: z.string() });
const tag = 'Power';

/** @throws DomainError `pdu.not-connected` for one that does not answer. */
const connected = (view: PduView): PduView => {
  if (view.connected) return view;
  const { problem, pdu } = view;
  throw new DomainError(
    'unavailable',
    problem?.code ?? 'pdu.not-connected',
    `PDU is not connected. ${problem?.detail ?? `${pdu.name} has not been read yet; connecting to it asks it now.`}`,
  );
};

/** Undefined leaves the outlet as it is; null and a blank name take its device away. */
const choiceOf = (deviceId: number | null | undefined, deviceName: string | null | undefined) => {
  if (deviceId != null) return { id: deviceId };
  const name = deviceName?.trim();
  if (name) return { name };
  return deviceId === undefined && deviceName === undefined ? undefined : null;
};

/** The control panel: PDUs, their outlets, and what becomes of them. */
export const powerRoutes = (
  api: Api,
  { viewPower, orderPower, keepPdus }: PowerUseCases,
  zone: LabZone,
  clock: Clock,
): Api =>
  api
    .signedIn({
      method: 'get',
      paths: ['/control-panel/pdus'],
      tag,
      summary: 'PDUs with what they told last',
      refusals: [403],
      reply: { status: 200, schema: z.array(PduReply), description: 'By id; credentials are never told' },
      handle: async (_input, { caller }) => (await viewPower.list(caller)).map((view) => pduReply(view, clock.now())),
    })
    .signedIn({
      method: 'post',
      paths: ['/control-panel/pdus'],
      tag,
      summary: 'Add a PDU',
      body: PduBody,
      refusals: [400, 403],
      reply: { status: 200, schema: PduReply, description: 'The PDU as it is listed' },
      handle: async ({ body }, { caller }) => {
        const pdu = await keepPdus.add(caller, pduForm(body));
        return pduReply(await viewPower.one(caller, pdu.name), clock.now());
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/control-panel/status'],
      tag,
      summary: 'All PDUs together',
      refusals: [403],
      reply: { status: 200, schema: StatusReply, description: 'Numbers, or N/A where nothing is known' },
      handle: async (_input, { caller }) => statusReply(await viewPower.list(caller)),
    })
    .signedIn({
      method: 'get',
      paths: ['/control-panel/power/plan'],
      tag,
      summary: 'What will be switched in the next hours, and why; sends nothing',
      query: z.object({ hours: z.coerce.number().min(0).max(168).default(12) }),
      refusals: [403],
      reply: { status: 200, schema: PlanReply, description: 'By time: how it is wished now, then every change' },
      handle: async ({ query }, { caller }) => planReply(await viewPower.plan(caller, query.hours)),
    })
    .signedIn({
      method: 'get',
      paths: ['/control-panel/jobs/{id}'],
      tag,
      summary: 'How a job goes',
      params: z.object({ id: idInPath }),
      refusals: [404],
      reply: { status: 200, schema: JobReply, description: 'Done when its state says so' },
      handle: async ({ params }, { caller }) => jobReply(await orderPower.job(caller, params.id)),
    })
    .signedIn({
      method: 'get',
      paths: ['/control-panel/pdus/{name}'],
      tag,
      summary: 'One PDU',
      params: onePdu,
      query: Refresh,
      refusals: [403, 404, 503],
      reply: { status: 200, schema: PduReply, description: 'As it told last, or now with refresh' },
      handle: async ({ params, query }, { caller }) =>
        pduReply(await viewPower.one(caller, params.name, wantsRefresh(query)), clock.now()),
    })
    .signedIn({
      method: 'delete',
      paths: ['/control-panel/pdus/{name}'],
      tag,
      summary: 'Forget a PDU; nothing is switched',
      params: onePdu,
      refusals: [403, 404, 409],
      reply: { status: 200, schema: MessageReply, description: 'It is forgotten' },
      handle: async ({ params }, { caller }) => {
        await keepPdus.remove(caller, params.name);
        return { message: `PDU ${params.name} deleted successfully` };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/control-panel/pdus/{name}/connect'],
      tag,
      summary: 'Ask a PDU now, also one that was left alone because it did not answer',
      params: onePdu,
      refusals: [403, 404, 503],
      reply: { status: 200, schema: MessageReply, description: 'It answered' },
      handle: async ({ params }, { caller }) => {
        const { name } = await orderPower.connect(caller, params.name);
        return { message: `PDU ${name} connected successfully` };
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/control-panel/pdus/{name}/power'],
      tag,
      summary: 'Power of a PDU',
      params: onePdu,
      query: Refresh,
      refusals: [403, 404, 503],
      reply: { status: 200, schema: PowerReply, description: 'In watts, or N/A with the reason' },
      handle: async ({ params, query }, { caller }) =>
        powerReply(await viewPower.one(caller, params.name, wantsRefresh(query))),
    })
    .signedIn({
      method: 'get',
      paths: ['/control-panel/pdus/{name}/sensors'],
      tag,
      summary: 'Sensors of a PDU',
      params: onePdu,
      query: Refresh,
      refusals: [403, 404, 503],
      reply: {
        status: 200,
        schema: z.object({
          temperature: z.number().nullable(),
          humidity: z.number().nullable(),
          power: z.number().nullable(),
        }),
        description: 'Degrees Celsius, per cent and watts; null where there is no such sensor',
      },
      handle: async ({ params, query }, { caller }) => {
        const view = connected(await viewPower.one(caller, params.name, wantsRefresh(query)));
        return { temperature: view.celsius, humidity: view.relativeHumidity, power: view.watts };
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/control-panel/pdus/{name}/outlets'],
      tag,
      summary: 'Outlets of a PDU',
      params: onePdu,
      query: Refresh,
      refusals: [403, 404, 503],
      reply: { status: 200, schema: z.array(OutletReply), description: 'By number; those that the caller may see' },
      handle: async ({ params, query }, { caller }) =>
        connected(await viewPower.one(caller, params.name, wantsRefresh(query))).outlets.map(outletReply),
    })
    .signedIn({
      method: 'post',
      paths: ['/control-panel/pdus/{name}/outlets/{number}/control'],
      tag,
      summary: 'Switch an outlet on or off; answers when the PDU says that it is so',
      params: oneOutlet,
      body: z.object({ status: text(40) }),
      refusals: [400, 403, 404, 503],
      reply: {
        status: 200,
        schema: MessageReply.extend({ outlet: z.object({ number: z.int(), status: z.string() }) }),
        description: 'The state that was read back',
      },
      handle: async ({ params, body }, { caller }) => {
        const { name, number } = params;
        const status = await orderPower.switch(caller, name, number, body.status);
        return { message: `PDU ${name} outlet ${number} is ${status}`, outlet: { number, status } };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/control-panel/pdus/{name}/outlets/{number}/cycle'],
      tag,
      summary: 'Switch an outlet off and, after a rest, on again',
      params: oneOutlet,
      refusals: [403, 404],
      reply: {
        status: 202,
        schema: z.object({ job_id: z.int(), state: z.string() }),
        description: 'The job that does it; it ends with on, also after a crash',
      },
      handle: async ({ params }, { caller }) => {
        const { id: jobId, state } = await orderPower.cycle(caller, params.name, params.number);
        return { job_id: jobId, state };
      },
    })
    .signedIn({
      method: 'put',
      paths: ['/control-panel/pdus/{name}/outlets/{number}/device'],
      tag,
      summary: 'Say what an outlet feeds, and how it is switched',
      params: oneOutlet,
      body: z.object({
        device_name: text(200).nullish(),
        device_id: id.nullish(),
        mode: z.enum(OUTLET_MODES).nullish(),
      }),
      refusals: [400, 403, 404],
      reply: {
        status: 200,
        schema: MessageReply.extend({ device_name: z.string().nullable() }),
        description: 'What it feeds now',
      },
      handle: async ({ params, body }, { caller }) => {
        const { device_id, device_name, mode } = body;
        const fed = await keepPdus.assign(caller, params.name, params.number, choiceOf(device_id, device_name), mode);
        return { message: `PDU ${params.name} outlet ${params.number} device name updated`, device_name: fed };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/control-panel/pdus/{name}/outlets/{number}/hold'],
      tag,
      summary: 'Keep the lab from switching an outlet by itself for a while',
      params: oneOutlet,
      body: z.object({ until: instant(zone), reason: text(500) }),
      refusals: [400, 403, 404],
      reply: { status: 200, schema: MessageReply, description: 'It is held' },
      handle: async ({ params, body }, { caller }) => {
        await keepPdus.hold(caller, params.name, params.number, body.until, body.reason);
        return { message: `PDU ${params.name} outlet ${params.number} is held` };
      },
    })
    .signedIn({
      method: 'delete',
      paths: ['/control-panel/pdus/{name}/outlets/{number}/hold'],
      tag,
      summary: 'End a hold',
      params: oneOutlet,
      refusals: [403, 404],
      reply: { status: 200, schema: MessageReply, description: 'It is not held' },
      handle: async ({ params }, { caller }) => {
        await keepPdus.release(caller, params.name, params.number);
        return { message: `PDU ${params.name} outlet ${params.number} is not held` };
      },
    });
