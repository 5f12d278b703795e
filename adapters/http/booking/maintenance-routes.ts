import { z } from 'zod';
import type { PlanMaintenance } from '../../../application/booking/index.js';
import { isoOf, type LabZone, type MaintenanceWindow } from '../../../domain/index.js';
import { AffectedBookings, affectedBookings } from '../shared/affected-bookings.js';
import type { Api } from '../shared/api.js';
import { idInPath, instant, isoText, text } from '../shared/fields.js';

export interface MaintenanceUseCases {
  readonly planMaintenance: PlanMaintenance;
}

const WindowReply = z
  .object({
    id: z.int(),
    start_time: isoText,
    end_time: isoText,
    reason: z.string(),
    created_by: z.int().nullable(),
    created_at: isoText,
  })
  .openapi('MaintenanceWindow');

const windowReply = ({ id, slot, reason, createdBy, createdAt }: MaintenanceWindow): z.input<typeof WindowReply> => ({
  id,
  start_time: isoOf(slot.start),
  end_time: isoOf(slot.end),
  reason,
  created_by: createdBy,
  created_at: isoOf(createdAt),
});

const AnnouncedReply = WindowReply.extend({
  affected_bookings: AffectedBookings,
});

const oneDevice = z.object({ id: idInPath });
const tag = 'Maintenance';

/** Times in which a device may not be booked. */
export const maintenanceRoutes = (api: Api, { planMaintenance }: MaintenanceUseCases, zone: LabZone): Api =>
  api
    .signedIn({
      method: 'get',
      paths: ['/api/devices/{id}/maintenance'],
      tag,
      summary: 'Maintenance windows of a device',
      params: oneDevice,
      refusals: [404],
      reply: { status: 200, schema: z.array(WindowReply), description: 'By start' },
      handle: async ({ params }) => (await planMaintenance.list(params.id)).map(windowReply),
    })
    .signedIn({
      method: 'post',
      paths: ['/api/devices/{id}/maintenance'],
      tag,
      summary: 'Announce maintenance',
      params: oneDevice,
      body: z.object({
        start_time: instant(zone),
        end_time: instant(zone),
        reason: text(1000).nullish(),
      }),
      refusals: [400, 403, 404],
      reply: { status: 201, schema: AnnouncedReply, description: 'The window, and the bookings that it hits' },
      handle: async ({ params, body }, { caller }) => {
        const { start_time, end_time, reason } = body;
        const { window, affected } = await planMaintenance.add(caller, params.id, start_time, end_time, reason ?? '');
        return {
          ...windowReply(window),
          affected_bookings: affectedBookings(affected),
        };
      },
    })
    .signedIn({
      method: 'delete',
      paths: ['/api/devices/{id}/maintenance/{windowId}'],
      tag,
      summary: 'Remove a maintenance window',
      params: oneDevice.extend({ windowId: idInPath }),
      refusals: [403, 404],
      reply: { status: 200, schema: z.object({ message: z.string() }), description: 'It is gone' },
      handle: async ({ params }, { caller }) => {
        await planMaintenance.remove(caller, params.id, params.windowId);
        return { message: `Maintenance window ${params.windowId} deleted` };
      },
    });
