import { z } from 'zod';
import type { FindFreeTime } from '../../../application/booking/index.js';
import { isoOf, type LabZone } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { idInPath, idOrText, instant, isoText, name } from '../shared/fields.js';

export interface FreeTimeUseCases {
  readonly findFreeTime: FindFreeTime;
}

const MOST_MINUTES = 60 * 24 * 400;
const MOST_DEVICES = 1000;

const minutes = z.int().min(1).max(MOST_MINUTES);
const tag = 'Free time';

/** When devices can be had. */
export const freeTimeRoutes = (api: Api, { findFreeTime }: FreeTimeUseCases, zone: LabZone): Api =>
  api
    .signedIn({
      method: 'get',
      paths: ['/api/devices/{id}/free-slots'],
      tag,
      summary: 'The maximal free slots of a device',
      params: z.object({ id: idInPath }),
      query: z.object({
        from: instant(zone),
        to: instant(zone),
        minutes: z.coerce.number().pipe(minutes).optional().default(1),
      }),
      refusals: [400, 404],
      reply: {
        status: 200,
        schema: z.object({
          slots: z.array(z.object({ start_time: isoText, end_time: isoText })),
          reasons: z.array(z.string()).optional(),
        }),
        description: 'Of at least so many minutes, in order; `reasons` say why there can be none',
      },
      handle: async ({ params, query }, { caller }) => {
        const { slots, reasons } = await findFreeTime.ofDevice(caller, params.id, query.from, query.to, query.minutes);
        return {
          slots: slots.map(({ start, end }) => ({ start_time: isoOf(start), end_time: isoOf(end) })),
          ...(reasons.length > 0 && { reasons: [...reasons] }),
        };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/api/bookings/earliest'],
      tag,
      summary: 'The earliest time at which devices are free together',
      body: z.object({
        device_ids: z.array(idOrText).max(MOST_DEVICES).nullish(),
        device_types: z
          .array(z.object({ type: name(100), count: z.int().min(1).max(MOST_DEVICES) }))
          .max(100)
          .nullish(),
        minutes,
        from: instant(zone).nullish(),
        horizon_days: z.int().min(1).max(3660).nullish(),
      }),
      refusals: [400],
      reply: {
        status: 200,
        schema: z.object({
          start_time: isoText.nullable(),
          end_time: isoText.nullable(),
          device_ids: z.array(z.int()),
          reasons: z.array(z.string()).optional(),
        }),
        description: 'Where there is none, `start_time` is null and `reasons` say why',
      },
      handle: async ({ body }, { caller }) => {
        const answer = await findFreeTime.earliest(caller, {
          deviceIds: body.device_ids ?? [],
          types: body.device_types ?? [],
          minutes: body.minutes,
          from: body.from ?? null,
          horizonDays: body.horizon_days ?? null,
        });
        if (answer.slot === null) {
          return { start_time: null, end_time: null, device_ids: [], reasons: [...answer.reasons] };
        }
        const { slot, deviceIds } = answer;
        return { start_time: isoOf(slot.start), end_time: isoOf(slot.end), device_ids: [...deviceIds] };
      },
    });
