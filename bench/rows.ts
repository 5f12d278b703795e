import { addToDate, DAY, HOUR, isoOf, MINUTE, type Instant } from '../domain/index.js';
import type { HttpCall } from './client.js';
import { ASKER, freeHour, oneDayGroup, type LabSize, type SeededLab } from './seeded-lab.js';

/** One line of the benchmark: a call, the lab it is asked of, and what it may take. */
export interface Row {
  readonly name: string;
  readonly lab: LabSize;
  readonly signedIn: boolean;
  /** Whether its floor is one transaction that writes the same rather than the same reads. */
  readonly writes: boolean;
  /** The nth such call; only calls that write must differ. */
  call(lab: SeededLab, nth: number): HttpCall;
  /** Milliseconds of processor time of one request, on SQLite. */
  readonly target: number | null;
  /** Processor time of one request, as a multiple of its floor, on SQLite. */
  readonly targetRatio: number | null;
}

/** 10,000 bookings in one week. */
const busyLab: LabSize = { devices: 200, bookingsEach: 50 };
/** 10,000 bookings: 2,000 to come, 8,000 of the half year before. */
const rememberingLab: LabSize = { devices: 200, bookingsEach: 10, pastBookingsEach: 40 };
const largeLab: LabSize = { devices: 2000, bookingsEach: 0 };
const hugeLab: LabSize = { devices: 10_000, bookingsEach: 0 };

const READ_RATIO = 2.5;

const reading = { signedIn: true, writes: false, target: null, targetRatio: READ_RATIO } as const;

const writing = { signedIn: true, writes: true, target: null, targetRatio: null } as const;

const wish = (path: string, deviceId: number, start: Instant): HttpCall => ({
  method: 'POST',
  path,
  body: { bookings: [{ device_id: deviceId, start_time: isoOf(start), end_time: isoOf(start + 50 * MINUTE) }] },
});

/** Further ahead than the calls that book come. */
const NEVER_BOOKED = 1_000_000;

const conflictsOn = (lab: SeededLab, days: number): HttpCall => ({
  method: 'POST',
  path: '/check-conflicts',
  body: {
    device_ids: Array.from({ length: 50 }, (_, index) => index + 1),
    start: isoOf(lab.weekStart),
    end: isoOf(lab.weekStart + days * DAY),
  },
});

/** A look into the inventory, in labs of both sizes: in the larger one it may take twice as long. */
const inventoryRows = (what: string, path: string, target: number): Row[] =>
  [
    { lab: largeLab, devices: '2,000', most: target },
    { lab: hugeLab, devices: '10,000', most: 2 * target },
  ].map(({ lab, devices, most }) => ({
    ...reading,
    name: `GET /api/inventory/devices, ${what}, ${devices} devices`,
    lab,
    target: most,
    targetRatio: null,
    call: () => ({ method: 'GET', path: `/api/inventory/devices?${path}` }),
  }));

export const rows: readonly Row[] = [
  {
    ...reading,
    name: 'GET /health',
    lab: busyLab,
    signedIn: false,
    targetRatio: null,
    call: () => ({ method: 'GET', path: '/health' }),
  },
  {
    ...reading,
    name: 'GET /api/auth/me',
    lab: busyLab,
    targetRatio: null,
    call: () => ({ method: 'GET', path: '/api/auth/me' }),
  },
  {
    ...reading,
    name: 'GET /api/devices, 200 devices',
    lab: busyLab,
    target: 0.9,
    call: () => ({ method: 'GET', path: '/api/devices' }),
  },
  {
    ...reading,
    name: 'GET /api/devices, 2,000 devices',
    lab: largeLab,
    target: 8,
    call: () => ({ method: 'GET', path: '/api/devices' }),
  },
  {
    ...reading,
    name: 'GET /bookings/for-week, 10,000 bookings in it',
    lab: busyLab,
    target: 40,
    call: ({ week }) => ({ method: 'GET', path: `/bookings/for-week?start=${week}` }),
  },
  {
    ...reading,
    name: 'POST /check-conflicts, 50 devices, 1 day',
    lab: busyLab,
    target: 3,
    call: (lab) => conflictsOn(lab, 1),
  },
  {
    ...reading,
    name: 'POST /check-conflicts, 50 devices, 7 days',
    lab: busyLab,
    call: (lab) => conflictsOn(lab, 7),
  },
  {
    ...reading,
    name: 'POST /api/bookings/preview, single slot',
    lab: busyLab,
    target: 1,
    call: (lab) => {
      const { deviceId, start } = freeHour(lab, NEVER_BOOKED);
      return wish('/api/bookings/preview', deviceId, start);
    },
  },
  {
    ...reading,
    name: 'POST /api/bookings/preview, refused, with alternatives',
    lab: busyLab,
    targetRatio: null,
    call: (lab) => wish('/api/bookings/preview', 1, lab.weekStart),
  },
  ...inventoryRows('page of 50', 'limit=50&offset=0', 3),
  ...inventoryRows('filtered by status', 'limit=50&offset=0&status=active', 3),
  ...inventoryRows('search that finds a few', 'limit=50&offset=0&search=roadm-19', 5),
  ...inventoryRows('search that finds a tenth', 'limit=50&offset=0&search=roadm', 5),
  ...inventoryRows('search that finds nothing', 'limit=50&offset=0&search=unknown', 5),
  {
    ...reading,
    name: 'POST /availability/forecast, 50 devices, 10,000 bookings',
    lab: rememberingLab,
    target: 5,
    targetRatio: null,
    call: ({ weekStart }) => ({
      method: 'POST',
      path: '/availability/forecast',
      body: {
        device_ids: Array.from({ length: 50 }, (_, index) => index + 1),
        start_time: isoOf(weekStart + 9 * HOUR),
        end_time: isoOf(weekStart + 13 * HOUR),
      },
    }),
  },
  {
    ...writing,
    name: 'POST /bookings, single slot',
    lab: busyLab,
    target: 1,
    call: (lab, nth) => {
      const { deviceId, start } = freeHour(lab, nth);
      return wish('/bookings', deviceId, start);
    },
  },
  {
    ...reading,
    name: 'GET /bookings/user/{id}?grouped=true, 500 of 10,000 bookings',
    lab: busyLab,
    target: 10,
    call: () => ({ method: 'GET', path: `/bookings/user/${ASKER.id}?grouped=true` }),
  },
  {
    ...writing,
    name: 'PATCH group extend, 5 devices by 30 days',
    lab: { devices: 200, bookingsEach: 0, groups: 4000 },
    target: 25,
    call: (lab, nth) => {
      const { groupId, day } = oneDayGroup(lab, nth);
      const body = { new_end_date: addToDate(day, 30) };
      return { method: 'PATCH', path: `/api/bookings/group/${groupId}/extend`, body };
    },
  },
  {
    ...reading,
    name: 'POST /api/bookings/earliest, 30 devices, 30,000 bookings',
    lab: { devices: 30, bookingsEach: 1000 },
    target: 50,
    call: ({ size, weekStart }) => ({
      method: 'POST',
      path: '/api/bookings/earliest',
      body: {
        device_ids: Array.from({ length: size.devices }, (_, index) => index + 1),
        ...{ minutes: 240, from: isoOf(weekStart) },
      },
    }),
  },
  {
    ...reading,
    name: 'GET /admin/v2/bookings, page of 25, 10,000 bookings',
    lab: busyLab,
    target: 5,
    targetRatio: null,
    call: () => ({ method: 'GET', path: '/admin/v2/bookings' }),
  },
  {
    ...reading,
    name: 'GET /admin/v2/bookings, searched and filtered by status',
    lab: busyLab,
    target: 5,
    targetRatio: null,
    call: () => ({
      method: 'GET',
      path: '/admin/v2/bookings?status=PENDING,CONFLICTING&search=roadm&sort=end_time:desc',
    }),
  },
  {
    ...reading,
    name: 'GET /admin/v2/dashboard, 10,000 bookings',
    lab: busyLab,
    target: 10,
    targetRatio: null,
    call: () => ({ method: 'GET', path: '/admin/v2/dashboard' }),
  },
  {
    ...writing,
    name: 'POST /admin/v2/bookings/approve, 100 bookings',
    lab: { devices: 2000, bookingsEach: 50, undecided: true },
    call: ({ size }, nth) => {
      const sets = size.devices / 100;
      const ids = Array.from({ length: 100 }, (_, index) => {
        const device = (nth % sets) * 100 + index;
        return device * size.bookingsEach + Math.floor(nth / sets) + 1;
      });
      return { method: 'POST', path: '/admin/v2/bookings/approve', body: { booking_ids: ids } };
    },
  },
];
