import { Fields } from '../fields.js';
import { JsonApi } from '../json-api.js';

const count = (word: string, things: readonly unknown[]) => `${things.length} ${word}${things.length === 1 ? '' : 's'}`;

const at = (fields: Fields): string => new Date(fields.text('at')).toISOString();

const slotsIn = (data: Fields): string[] =>
  data
    .list('bookings')
    .map((booking) =>
      [
        `#${booking.number('booking_id')} ${booking.text('device_type')} ${booking.text('device_name')}`,
        `(${booking.number('device_id')}) ${booking.text('start_time')} to ${booking.text('end_time')}`,
        booking.text('status'),
      ].join(' '),
    );

/** What the monitor writes into its log for each message of the stream. */
const lines: Readonly<Record<string, (data: Fields) => string>> = {
  'booking.created': (data) => `${at(data)} user ${data.number('owner_id')} booked ${slotsIn(data).join(', ')}`,
  'booking.changed': (data) => `${at(data)} ${data.text('type')}: ${slotsIn(data).join(', ')}`,
  'approval.needed': (data) =>
    `${at(data)} ${count('booking', data.list('bookings'))} of ${data.text('group_id')} for: ${data.text('message')}`,
  'device.changed': (data) => {
    const device = data.one('device');
    const what = `${device.text('type')} ${device.text('name')} (${device.number('id')}) is ${device.text('status')}`;
    return `${at(data)} ${data.text('type')}: ${what}`;
  },
  'power.changed': (data) => {
    const told = data.flag('confirmed') ? 'confirmed' : 'not confirmed';
    const outlet = `${data.text('pdu')} outlet ${data.number('outlet')} (${data.one('device').text('name')})`;
    return `${at(data)} ${outlet}: ${data.text('before')} to ${data.text('after')}, ${told}`;
  },
};

/** A script that watches the lab: what it asks, and what it reads of the answers. */
export class LabMonitor {
  readonly #api: JsonApi;

  /** @param session null for what needs none. */
  constructor(url: string, session: string | null) {
    this.#api = new JsonApi(url, session);
  }

  /** @throws Error for an event that it does not know, or without what it needs of it. */
  static lineFor(event: string, data: unknown): string {
    const line = lines[event];
    if (!line) throw new Error(`unknown event ${event}`);
    return line(new Fields(data));
  }

  async health(): Promise<string> {
    return (await this.#api.ask('GET', '/health')).text('status');
  }

  async ready(): Promise<string> {
    return (await this.#api.ask('GET', '/ready')).text('status');
  }

  /** @returns the session to ask with. */
  async signIn(username: string, password: string): Promise<string> {
    const reply = await this.#api.send('POST', '/login', { username, password });
    const [, session = ''] = /^session_id=([^;]+)/.exec(reply.headers.getSetCookie()[0] ?? '') ?? [];
    return session;
  }

  /** The address at which the stream is open without a session. */
  async streamAddress(): Promise<string> {
    return (await this.#api.ask('POST', '/api/events/tokens')).text('url');
  }

  /** How a stream that may not be read answers. */
  async knock(): Promise<number> {
    const reply = await this.#api.send('GET', '/api/events?token=revoked');
    new Fields(await reply.json()).text('code');
    return reply.status;
  }

  async deviceStatuses(): Promise<string[]> {
    const devices = (await this.#api.ask('GET', '/api/devices')).items();
    return devices.map((device) => `${device.number('id')} ${device.text('deviceName')} ${device.text('status')}`);
  }

  /** What is known of how devices are. */
  async deviceHealth() {
    return (await this.#api.ask('GET', '/admin/v2/devices')).list('items').map((device) => {
      const health = device.one('health');
      const heard = new Date(health.text('heartbeat_at')).toISOString();
      return `${device.text('name')} ${health.text('status')} at ${heard}`;
    });
  }

  async figures() {
    const dashboard = await this.#api.ask('GET', '/admin/v2/dashboard');
    const cards = dashboard.list('cards').map((card) => [card.text('id'), card.number('value')] as const);
    const counts = dashboard.one('device_counts');
    return {
      ...Object.fromEntries(cards),
      devices: ['total', 'active', 'maintenance', 'offline'].map((name) => counts.number(name)),
      today: dashboard.number('today_bookings'),
      week: dashboard.number('week_bookings'),
    };
  }

  async powerTotals() {
    const status = await this.#api.ask('GET', '/control-panel/status');
    return {
      ...{ pdus: status.number('total_pdus'), connected: status.number('connected_pdus') },
      ...{ celsius: status.number('avg_temperature'), watts: status.number('total_power') },
    };
  }

  async pdus() {
    return (await this.#api.ask('GET', '/control-panel/pdus')).items().map((pdu) => ({
      ...{ name: pdu.text('name'), host: pdu.text('host'), connected: pdu.flag('connected') },
      ...{ trouble: pdu.textOrNull('detail'), ageSeconds: pdu.numberOrNull('age_seconds') },
      ...{ watts: pdu.numberOrNull('power'), celsius: pdu.numberOrNull('temperature') },
      humidity: pdu.numberOrNull('humidity'),
    }));
  }

  async outlets(pdu: string): Promise<string[]> {
    const outlets = (await this.#api.ask('GET', `/control-panel/pdus/${pdu}/outlets`)).items();
    return outlets.map((outlet) => `${outlet.number('number')} ${outlet.text('device')} ${outlet.text('status')}`);
  }
}
