import {
  alternativesTo,
  defaultBookingPolicy,
  indexPlant,
  invalid,
  isoOf,
  judge,
  LabZone,
  malformed,
  notFound,
  parseTopology,
  resolveTopology,
  timeSlot,
} from 'openlab-domain';

/** What the lab's rules say of a lab that is known from a file. Times are milliseconds, `now` too. */
export class LabRules {
  #zone;
  #calendars;
  #plant;

  constructor(lab) {
    this.#zone = new LabZone(lab.timezone);
    this.#calendars = new Map(lab.devices.map((device) => [device.id, this.#calendarOf(device, lab)]));
    this.#plant = indexPlant(this.#plantOf(lab));
  }

  /** Whether the user can have the device, and if not, why and what else. */
  check({ device_id: deviceId, user_id: userId, start, end }, now) {
    const calendar = this.#calendars.get(deviceId);
    if (!calendar) throw notFound('desk.no-device', `There is no device ${deviceId}.`);
    const terms = {
      requesterId: userId,
      role: 'User',
      groupId: null,
      held: [],
      now,
      zone: this.#zone,
      policy: defaultBookingPolicy,
      automatic: () => false,
    };
    const wanted = { thing: calendar.thing, slot: this.#slot(start, end), consent: false };
    const { grants, refusals } = judge([wanted], new Map([[deviceId, calendar]]), terms);
    if (refusals.length === 0) return { free: true, status: grants[0].status };
    const alike = [...this.#calendars.values()].filter(
      ({ thing }) => thing.type === calendar.thing.type && thing.id !== deviceId,
    );
    return {
      free: false,
      refusals: refusals.map(({ code, detail }) => ({ code, detail })),
      instead: alternativesTo(wanted, calendar, alike, [], terms).map(({ deviceName, slot }) => ({
        device: deviceName,
        start: isoOf(slot.start),
        end: isoOf(slot.end),
      })),
    };
  }

  /** Which devices can be the drawn network, the best way first; or what is in the way, and what would help. */
  resolve({ nodes, edges, start, end }, now) {
    const resolution = resolveTopology(parseTopology(nodes, edges), this.#plant, {
      window: this.#slot(start, end),
      now,
    });
    if (resolution.status === 'infeasible') {
      const { proved, detail, relaxations } = resolution;
      return { resolved: false, proved, detail, would_help: relaxations.map((change) => change.detail) };
    }
    return {
      resolved: true,
      options: resolution.options.map(({ score, nodes: chosen }) => ({
        score,
        devices: Object.fromEntries(
          chosen.map(({ nodeId, deviceId }) => [nodeId, this.#calendars.get(deviceId).thing.name]),
        ),
      })),
    };
  }

  #slot(start, end) {
    if (typeof start !== 'string' || typeof end !== 'string') {
      throw malformed('desk.no-times', 'start and end must be texts, such as 2030-03-04T09:00.');
    }
    const slot = timeSlot(this.#zone.parse(start), this.#zone.parse(end));
    if (slot.end <= slot.start) throw invalid('desk.no-time', 'The slot must end after it starts.');
    return slot;
  }

  #calendarOf({ id, type, name }, { bookings, maintenance }) {
    const slotOf = ({ start, end }) => this.#slot(start, end);
    return {
      thing: { id, rowIds: [id], type, name, status: 'active', schedulable: true },
      holds: bookings
        .filter(({ deviceId }) => deviceId === id)
        .map((booking) => ({
          bookingId: booking.id,
          groupId: String(booking.id),
          ownerId: booking.userId,
          ownerUsername: booking.username,
          slot: slotOf(booking),
          status: booking.status,
        })),
      maintenance: maintenance
        .filter(({ deviceId }) => deviceId === id)
        .map((window) => ({ slot: slotOf(window), reason: window.reason })),
    };
  }

  /** Everything hangs on one patch switch. */
  #plantOf({ devices, patches }) {
    const unknown = { manufacturer: null, model: null, site: null, firmware: null, tags: [], ok: 0, faults: 0 };
    return {
      devices: devices.map(({ id, type, name, ports }) => {
        const { holds, maintenance } = this.#calendars.get(id);
        return {
          ...{ ...unknown, id, name, type, bookable: true, status: 'active' },
          ports: ports.map((port) => ({ name: port, kind: null })),
          busy: holds.map(({ slot }) => slot),
          maintenance: maintenance.map(({ slot }) => slot),
        };
      }),
      switches: [{ id: 100, name: 'Patch switch', size: 32, usable: true, maintenance: [] }],
      patches: patches.map((patch, at) => ({ ...patch, id: at + 1, switchId: 100, lengthKm: 0.01, lossDb: 0.5 })),
      direct: [],
      trunks: [],
      inline: [],
      heldPorts: [],
      heldTrunks: [],
    };
  }
}
