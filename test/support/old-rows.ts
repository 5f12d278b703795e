import {
  OLD_TABLES,
  type OldBooking,
  type OldLab,
  type OldSchedulerDevice,
} from '../../application/move-in/rules/index.js';

/** An old lab without a row. */
export const emptyOldLab = Object.fromEntries(OLD_TABLES.map((table) => [table, []])) as unknown as OldLab;

/** An owner's row on device 1, on a morning in winter. */
export const oldBooking = (id: number, given: Partial<OldBooking> = {}): OldBooking => ({
  ...{ booking_id: id, device_id: 1, user_id: 1, is_collaborator: 0, grouped_booking_id: `g${id}` },
  ...{ start_time: '2027-01-11 09:00:00', end_time: '2027-01-11 12:00:00', status: 'CONFIRMED', comment: null },
  ...{ collaborators: null, created_at: '2026-11-01 08:00:00' },
  ...given,
});

/** A row of the old scheduler. */
export const oldDevice = (id: number, given: Partial<OldSchedulerDevice> = {}): OldSchedulerDevice => ({
  ...{ id, polatis_name: null, deviceType: 'ROADM', deviceName: `ROADM ${id}`, ip_address: null, status: 'Available' },
  ...{ maintenance_start: null, maintenance_end: null, Out_Port: 0, In_Port: 0 },
  ...given,
});
