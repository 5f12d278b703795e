import { z } from 'zod';
import type { OutletView, PduView, PlannedOrder, PowerCommand } from '../../../application/power/index.js';
import { isoOf, OUTLET_MODES } from '../../../domain/index.js';
import { isoText } from '../shared/fields.js';

const NOT_KNOWN = 'N/A';

const State = z.enum(['on', 'off', 'transitioning', 'unknown', 'unavailable']);
const Mode = z.enum(OUTLET_MODES);

const numberOrNothing = z.union([z.number(), z.literal(NOT_KNOWN)]);

/** Seconds since something was read; null when it never was. */
const ageOf = (readAt: number | null, now: number): number | null =>
  readAt === null ? null : Math.max(0, Math.round((now - readAt) / 1000));

export const PduReply = z
  .object({
    id: z.int(),
    name: z.string(),
    host: z.string(),
    port: z.int(),
    driver: z.string(),
    user: z.string(),
    pdu_path: z.string().nullable(),
    external_id: z.string().nullable(),
    manufacturer: z.string().nullable(),
    model: z.string().nullable(),
    serial_number: z.string().nullable(),
    sensors: z.array(z.object({ slot_idx: z.int() })),
    outlets: z.array(z.object({ device_ip: z.string().nullable(), outlet_idx: z.int(), mode: Mode })),
    connected: z.boolean(),
    detail: z.string().nullable(),
    last_updated: isoText.nullable(),
    age_seconds: z.int().nullable(),
    temperature: z.number().nullable(),
    humidity: z.number().nullable(),
    power: z.number().nullable(),
    energy_kwh: z.number().nullable(),
    current: z.number().nullable(),
  })
  .openapi('Pdu');

export const pduReply = (view: PduView, now: number): z.input<typeof PduReply> => {
  const { pdu, connected, problem, readAt, outlets, celsius, relativeHumidity, watts, kilowattHours, amperes } = view;
  return {
    ...{ id: pdu.id, name: pdu.name, host: pdu.host, port: pdu.port, user: pdu.user ?? '' },
    ...{ driver: pdu.identity?.driver ?? pdu.driver, pdu_path: pdu.pduPath, external_id: pdu.externalId },
    manufacturer: pdu.identity?.manufacturer ?? null,
    model: pdu.identity?.model ?? null,
    serial_number: pdu.identity?.serialNumber ?? null,
    sensors: [{ slot_idx: 0 }],
    outlets: outlets.map(({ number, device, mode }) => ({
      ...{ device_ip: device?.managementIp ?? null, outlet_idx: number, mode },
    })),
    connected,
    detail: problem?.detail ?? null,
    last_updated: readAt === null ? null : isoOf(readAt),
    age_seconds: ageOf(readAt, now),
    ...{ temperature: celsius, humidity: relativeHumidity, power: watts, energy_kwh: kilowattHours, current: amperes },
  };
};

export const OutletReply = z
  .object({
    number: z.int(),
    status: State,
    name: z.string().nullable(),
    device: z.string().optional(),
    device_id: z.int().nullable(),
    mode: Mode,
    watts: z.number().nullable(),
    switchable: z.boolean(),
    hold: z.object({ until: isoText, reason: z.string(), by: z.string() }).nullable(),
  })
  .openapi('Outlet');

export const outletReply = (outlet: OutletView): z.input<typeof OutletReply> => {
  const { number, state, name, device, label, mode, watts, switchable, hold } = outlet;
  const called = device?.name ?? label ?? name;
  return {
    ...{ number, status: state, name, mode, watts, switchable, device_id: device?.id ?? null },
    ...(called !== null && { device: called }),
    hold: hold && { until: isoOf(hold.until), reason: hold.reason, by: hold.by },
  };
};

export const StatusReply = z.object({
  total_pdus: z.int(),
  connected_pdus: z.int(),
  avg_temperature: numberOrNothing,
  total_power: numberOrNothing,
});

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const statusReply = (views: readonly PduView[]): z.input<typeof StatusReply> => {
  const temperatures = known(views.map(({ celsius }) => celsius));
  const powers = known(views.map(({ watts }) => watts));
  return {
    total_pdus: views.length,
    connected_pdus: views.filter(({ connected }) => connected).length,
    avg_temperature:
      temperatures.length === 0 ? NOT_KNOWN : Math.round((10 * sum(temperatures)) / temperatures.length) / 10,
    total_power: powers.length === 0 ? NOT_KNOWN : sum(powers),
  };
};

export const PowerReply = z.object({ power: numberOrNothing, unit: z.literal('Watt'), message: z.string().optional() });

export const powerReply = ({ watts, problem }: PduView): z.input<typeof PowerReply> =>
  watts === null
    ? { power: NOT_KNOWN, unit: 'Watt', message: problem?.detail ?? 'This PDU does not tell its power.' }
    : { power: watts, unit: 'Watt' };

export const JobReply = z.object({
  job_id: z.int(),
  order: z.string(),
  outlet: z.int(),
  state: z.enum(['waiting', 'sent', 'resting', 'done']),
  outcome: z.enum(['confirmed', 'unconfirmed', 'failed', 'dropped']).nullable(),
  detail: z.string().nullable(),
  status: State.nullable(),
  created_at: isoText,
  finished_at: isoText.nullable(),
});

export const jobReply = (command: PowerCommand): z.input<typeof JobReply> => {
  const { id, order, outlet, state, outcome, problem, after, createdAt, finishedAt } = command;
  return {
    ...{ job_id: id, order, outlet, state, outcome, status: after, detail: problem?.detail ?? null },
    created_at: isoOf(createdAt),
    finished_at: finishedAt === null ? null : isoOf(finishedAt),
  };
};

export const PlanReply = z.object({
  items: z.array(
    z.object({
      at: isoText,
      device_id: z.int(),
      device_name: z.string(),
      pdu: z.string(),
      outlet: z.int(),
      action: z.enum(['on', 'off', 'hold']),
      reason: z.string(),
      booking_id: z.int().nullable(),
      commands: z.array(z.string()),
    }),
  ),
});

export const planReply = (changes: readonly PlannedOrder[]): z.input<typeof PlanReply> => ({
  items: changes.map(({ at, device, feed, wish, set, order }) => ({
    at: isoOf(at),
    ...{ device_id: device.id, device_name: device.name, pdu: feed.pduName, outlet: feed.outlet },
    ...{ action: wish.action, reason: wish.reason, booking_id: wish.bookingId },
    commands: set ? [`SET ${feed.pduName} outlet ${feed.outlet} ${set}${order === null ? '' : `: ${order}`}`] : [],
  })),
});
