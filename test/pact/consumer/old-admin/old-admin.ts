import { Fields } from '../fields.js';
import { JsonApi } from '../json-api.js';

/** What the form of a device sends: its ports are texts, and the parts of its maintenance are sent as they were typed. */
export interface OldDeviceForm {
  readonly polatis_name: string;
  readonly deviceType: string;
  readonly deviceName: string;
  readonly ip_address: string;
  readonly status: 'Available' | 'Maintenance';
  readonly maintenance_start_segment: string;
  readonly maintenance_start_date: string;
  readonly maintenance_end_segment: string;
  readonly maintenance_end_date: string;
  readonly In_Port: string | number;
  readonly Out_Port: string | number;
  readonly maintenance_start: string | null;
  readonly maintenance_end: string | null;
}

export interface PduForm {
  readonly name: string;
  readonly host: string;
  readonly user: string;
  readonly passwd: string;
  readonly pdu_path: string;
  /** Forgotten by the form after it has added one. */
  readonly external_id?: string;
  readonly sensors: readonly { readonly slot_idx: number }[];
  readonly outlets: readonly never[];
}

const device = (fields: Fields) => ({
  id: fields.number('id'),
  title: `${fields.text('deviceType')} ${fields.text('deviceName')}`,
  address: fields.textOrNull('ip_address'),
  patch: fields.textOrNull('polatis_name'),
  status: fields.text('status'),
  maintenance: [fields.textOrNull('maintenance_start'), fields.textOrNull('maintenance_end')],
  ports: [fields.number('In_Port'), fields.number('Out_Port')],
});

const bookingRecord = (fields: Fields) => ({
  id: fields.number('booking_id'),
  user: `${fields.text('username')} (${fields.number('user_id')})`,
  device: `${fields.text('device_type')} ${fields.text('device_name')}`,
  address: fields.textOrNull('ip_address'),
  from: new Date(fields.text('start_time')).toISOString(),
  to: new Date(fields.text('end_time')).toISOString(),
  button: fields.text('status') === 'CONFLICTING' ? 'Resolve' : 'Confirm',
  comment: fields.textOrNull('comment'),
});

const scheduled = (fields: Fields) => ({
  device: `${fields.text('device_type')} ${fields.text('device_name')}`,
  owner: fields.text('username'),
  from: new Date(fields.text('start_time')).toISOString(),
  to: new Date(fields.text('end_time')).toISOString(),
  status: fields.text('status'),
  isCollaborator: fields.flag('is_collaborator'),
});

/** The admin page at /admin/legacy: only there are bookings decided, devices kept and PDUs driven. */
export class OldAdmin {
  readonly #api: JsonApi;

  constructor(url: string, session: string | null) {
    this.#api = new JsonApi(url, session);
  }

  /** Null for those who may not use the page. */
  async whoAmI() {
    const session = await this.#api.ask('GET', '/admin/checkAdminSession');
    if (!session.flag('logged_in') || !session.flag('is_admin')) return null;
    return { id: session.number('user_id'), name: session.text('username') };
  }

  /** @throws Refused; and Error for those who are no administrators, though the server has signed them in. */
  async signIn(username: string, password: string) {
    const reply = await this.#api.ask('POST', '/admin/login', { username, password });
    if (!reply.flag('is_admin')) throw new Error('not an administrator');
    return { id: reply.number('user_id'), shown: reply.text('message') };
  }

  async register(username: string, email: string, password: string, secret: string, discordId: string) {
    const account = { username, email, password, password2: password };
    const form = { ...account, admin_secret: secret, discord_id: discordId };
    const reply = await this.#api.ask('POST', '/admin/register', form);
    return { id: reply.number('id'), name: reply.text('username') };
  }

  async devices() {
    return (await this.#api.ask('GET', '/admin/devices')).items().map(device);
  }

  /** @returns what is put into the table. */
  async addDevice(form: OldDeviceForm) {
    return device(await this.#api.ask('POST', '/admin/devices', form));
  }

  async saveDevice(id: number, form: OldDeviceForm): Promise<void> {
    await this.#api.ask('PUT', `/admin/devices/${id}`, { id, ...form });
  }

  async removeDevice(id: number): Promise<void> {
    await this.#api.ask('DELETE', `/admin/devices/${id}`);
  }

  async undecided() {
    return (await this.#api.ask('GET', '/admin/bookings/pending')).items().map(bookingRecord);
  }

  async records() {
    return (await this.#api.ask('GET', '/admin/bookings/all')).items().map(bookingRecord);
  }

  /** Anything but a success is shown as `Update failed`. */
  async decide(bookingId: number, status: 'CONFIRMED' | 'REJECTED'): Promise<boolean> {
    return (await this.#api.send('PUT', `/admin/bookings/${bookingId}`, { status })).ok;
  }

  /** @param sunday on which the shown week begins. */
  async schedule(sunday: string) {
    return (await this.#api.ask('GET', `/bookings/for-week?start=${sunday}`)).items().map(scheduled);
  }

  async pdus() {
    return (await this.#api.ask('GET', '/control-panel/pdus')).items().map((pdu) => ({
      title: `${pdu.text('name')} at ${pdu.text('host')}`,
      connected: pdu.flag('connected'),
      readings: ['temperature', 'humidity', 'power'].map((reading) => pdu.numberOrNull(reading)),
    }));
  }

  /** Printed as they are, numbers or `N/A`. */
  async totals() {
    const status = await this.#api.ask('GET', '/control-panel/status');
    return {
      pdus: [status.number('total_pdus'), status.number('connected_pdus')],
      averages: [status.numberOrText('avg_temperature'), status.numberOrText('total_power')],
    };
  }

  async outlets(pdu: string) {
    return (await this.#api.ask('GET', `/control-panel/pdus/${pdu}/outlets`)).items().map((outlet) => ({
      number: outlet.number('number'),
      status: outlet.text('status'),
      device: outlet.text('device'),
    }));
  }

  /** Any success will do; of a failure the whole text is shown. */
  async #done(method: string, path: string, body?: object): Promise<string> {
    const reply = await this.#api.send(method, `/control-panel/pdus${path}`, body);
    return reply.ok ? 'done' : reply.text();
  }

  connect(pdu: string): Promise<string> {
    return this.#done('POST', `/${pdu}/connect`);
  }

  addPdu(form: PduForm): Promise<string> {
    return this.#done('POST', '', form);
  }

  removePdu(pdu: string): Promise<string> {
    return this.#done('DELETE', `/${pdu}`);
  }

  switch(pdu: string, outlet: number, status: 'on' | 'off'): Promise<string> {
    return this.#done('POST', `/${pdu}/outlets/${outlet}/control`, { status });
  }

  label(pdu: string, outlet: number, deviceName: string): Promise<string> {
    return this.#done('PUT', `/${pdu}/outlets/${outlet}/device`, { device_name: deviceName });
  }
}
