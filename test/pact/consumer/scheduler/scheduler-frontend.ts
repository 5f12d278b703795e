import { Fields } from '../fields.js';
import { JsonApi, Refused } from '../json-api.js';

export interface DrawnNode {
  readonly id: string;
  readonly deviceType: string;
  readonly parameters: object;
}

export interface DrawnEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly parameters?: object;
}

export interface Drawing {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

/** One device on one day of the grid. */
export interface CartItem {
  readonly device_type: string;
  readonly device_name: string;
  readonly start_time: string;
  readonly end_time: string;
  readonly status: 'PENDING' | 'CONFLICTING';
}

export interface Slot {
  readonly start_time: string;
  readonly end_time: string;
}

const deviceIn = (fields: Fields) => ({
  id: fields.number('device_id'),
  name: fields.text('device_name'),
  type: fields.text('device_type'),
});

const weekBooking = (fields: Fields) => ({
  id: fields.number('booking_id'),
  device: deviceIn(fields),
  ownerId: fields.number('user_id'),
  owner: fields.text('owner_username'),
  username: fields.text('username'),
  from: new Date(fields.text('start_time')).toISOString(),
  to: new Date(fields.text('end_time')).toISOString(),
  status: fields.text('status'),
  session: fields.text('grouped_booking_id').slice(0, 8).toUpperCase(),
  collaborators: fields.texts('collaborators'),
  isCollaborator: fields.flag('is_collaborator'),
});

const group = (fields: Fields) => ({
  id: fields.text('grouped_booking_id'),
  ownerId: fields.number('owner_id'),
  owner: fields.text('owner_username'),
  collaborators: fields.texts('collaborators'),
  days: `${fields.text('start_date')} to ${fields.text('end_date')}`,
  createdAt: new Date(fields.text('created_at')).toISOString(),
  status: fields.text('status'),
  devices: fields.list('devices').map((device) => ({ ...deviceIn(device), dates: device.texts('dates') })),
  deviceCount: fields.number('device_count'),
  bookingIds: fields.numbers('booking_ids'),
  ownBookingIds: fields.numbers('owner_booking_ids'),
  isOwner: fields.flag('is_owner'),
  isCollaborator: fields.flag('is_collaborator'),
});

const favourite = (fields: Fields) => ({
  id: fields.number('id'),
  name: fields.text('name'),
  groupId: fields.text('grouped_booking_id'),
  devices: fields.list('device_snapshot').map(deviceIn),
  updatedAt: new Date(fields.text('updated_at')).toISOString(),
});

const mapping = (fields: Fields) => ({
  id: fields.text('mapping_id'),
  fit: fields.number('total_fit_score'),
  nodes: fields.list('node_mappings').map((node) => ({
    node: node.text('logical_node_id'),
    device: node.number('physical_device_id'),
    name: node.text('physical_device_name'),
    type: node.text('physical_device_type'),
    fit: node.number('fit_score'),
    confidence: node.text('confidence'),
    explanation: node.text('explanation'),
    alternatives: node.list('alternatives').map((other) => ({
      ...deviceIn(other),
      fit: other.number('fit_score'),
      available: other.flag('available'),
    })),
  })),
  links: fields.list('link_mappings').map((link) => ({
    edge: link.text('logical_edge_id'),
    from: link.text('source_mapping'),
    to: link.text('target_mapping'),
    link: link.text('physical_link_id'),
    fit: link.number('fit_score'),
  })),
});

const cookieOf = (reply: Response): string | undefined => reply.headers.getSetCookie()[0];

/** The scheduler's pages, as far as they talk to the server: what they send, and what they read of the replies. */
export class SchedulerFrontend {
  readonly #url: string;
  readonly #api: JsonApi;
  /** What the pages of the new admin area ask with. */
  readonly #admin: JsonApi;

  constructor(url: string, session: string | null) {
    this.#url = url;
    this.#api = new JsonApi(url, session);
    this.#admin = new JsonApi(url, session, true);
  }

  /** What the browser asks before the page may send JSON, with the cookie, from its own port. */
  async maySendJson(origin: string): Promise<boolean> {
    const reply = await fetch(`${this.#url}/bookings`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    // The stand-in of the tests says for itself what the pact says too.
    const allowed = (name: string) => new Set(reply.headers.get(`access-control-allow-${name}`)?.split(', '));
    return allowed('origin').has(origin) && allowed('origin').size === 1 && allowed('credentials').has('true');
  }

  /** Null when nobody is signed in. */
  async whoAmI() {
    const reply = await this.#api.send('GET', '/api/auth/me');
    const user = new Fields(await reply.json());
    if (!user.flag('authenticated')) return null;
    return { id: user.number('user_id'), name: user.text('username'), isAdmin: user.flag('is_admin') };
  }

  /** @returns what is shown, and the cookie that the browser keeps, if any. */
  async signIn(username: string, password: string) {
    const reply = await this.#api.send('POST', '/login', { username, password });
    const shown = new Fields(await reply.json()).text(reply.ok ? 'message' : 'detail');
    return { shown, cookie: cookieOf(reply) };
  }

  /** @returns the cookie that the browser keeps. */
  async register(username: string, email: string | null, password: string) {
    const form = { username, email, password, password2: password };
    const reply = await this.#api.send('POST', '/users/register', form);
    await reply.json();
    return cookieOf(reply);
  }

  async signOut(): Promise<string> {
    return (await this.#api.ask('POST', '/logout')).text('message');
  }

  async session() {
    const reply = await this.#api.ask('GET', '/session');
    return reply.flag('logged_in') ? { id: reply.number('user_id'), name: reply.text('username') } : null;
  }

  async findUsers(part: string, limit: number): Promise<string[]> {
    const reply = await this.#api.ask('GET', `/api/users/search?q=${part}&limit=${limit}`);
    return reply.items().map((user) => user.text('username'));
  }

  async devices() {
    return (await this.#api.ask('GET', '/api/devices')).items().map((device) => ({
      id: device.number('id'),
      type: device.text('deviceType'),
      name: device.text('deviceName'),
      address: device.textOrNull('ip_address'),
      patch: device.textOrNull('polatis_name'),
      status: device.text('status'),
      maintenance: [device.textOrNull('maintenance_start'), device.textOrNull('maintenance_end')],
      ports: [device.number('In_Port'), device.number('Out_Port')],
    }));
  }

  async week(start: string) {
    return (await this.#api.ask('GET', `/bookings/for-week?start=${start}`)).items().map(weekBooking);
  }

  /**
   * @param collaborators left out by the drawing page.
   * @throws Error with what is shown: one text for every slot that somebody has, the server's own for all else.
   */
  async book(userId: number, message: string, bookings: readonly CartItem[], collaborators?: readonly string[]) {
    const form = { user_id: userId, message, bookings, ...(collaborators && { collaborators }) };
    try {
      return (await this.#api.ask('POST', '/bookings', form)).number('count');
    } catch (error) {
      const isTaken =
        error instanceof Refused && (error.status === 409 || /conflict|already booked/.test(error.message));
      throw isTaken ? new Error('Selections conflict with existing bookings.') : error;
    }
  }

  async groups(userId: number) {
    return (await this.#api.ask('GET', `/bookings/user/${userId}?grouped=true`)).items().map(group);
  }

  async cancel(groupId: string, userId: number) {
    await this.#api.ask('DELETE', `/api/bookings/group/${groupId}`, { user_id: userId });
  }

  async extend(groupId: string, userId: number, newEnd: string) {
    await this.#api.ask('PATCH', `/api/bookings/group/${groupId}/extend`, { user_id: userId, new_end_date: newEnd });
  }

  async rebook(groupId: string, userId: number, start: string, end: string) {
    const form = { user_id: userId, start_date: start, end_date: end, message: '' };
    await this.#api.ask('POST', `/api/bookings/group/${groupId}/rebook`, form);
  }

  async rebookForMyself(userId: number, ids: readonly number[], start: string, end: string, message: string) {
    const form = { user_id: userId, start_date: start, end_date: end, booking_ids: ids, message };
    await this.#api.ask('POST', `/bookings/rebook/${ids[0] ?? 0}`, form);
  }

  async setCollaborators(ownerId: number, ids: readonly number[], collaborators: readonly string[]) {
    const form = { owner_id: ownerId, collaborators, booking_ids: ids };
    await this.#api.ask('PATCH', `/api/bookings/${ids[0] ?? 0}/collaborators`, form);
  }

  async favourites(userId: number) {
    return (await this.#api.ask('GET', `/bookings/favorites/${userId}`)).items().map(favourite);
  }

  /** @param name left out when it is blank. */
  async saveFavourite(userId: number, groupId: string, devices: readonly object[], name?: string) {
    const form = { user_id: userId, grouped_booking_id: groupId, device_snapshot: devices };
    await this.#api.ask('POST', '/bookings/favorites', { ...form, ...(name !== undefined && { name }) });
  }

  async renameFavourite(id: number, name: string) {
    await this.#api.ask('PUT', `/bookings/favorites/${id}`, { name });
  }

  async removeFavourite(id: number) {
    await this.#api.ask('DELETE', `/bookings/favorites/${id}`);
  }

  async checkAvailability(drawing: Drawing) {
    const { nodes, edges } = drawing;
    const reply = await this.#api.ask('POST', '/topology/check-availability', { nodes, edges });
    const availability = reply.one('availability').entries();
    return Object.fromEntries(availability.map(([node, found]) => [node, found.text('status')]));
  }

  async resolve(drawing: Drawing, slot: Slot) {
    const reply = await this.#api.ask('POST', '/topology/resolve', { ...drawing, ...slot });
    return { options: reply.number('total_options'), mappings: reply.list('mappings').map(mapping) };
  }

  async suggest(drawing: Drawing, slot: Slot) {
    const reply = await this.#api.ask('POST', '/topology/suggest', { ...drawing, ...slot });
    return reply.list('recommendations').map((recommendation) => ({
      id: recommendation.text('mapping_id'),
      scores: ['recommendation', 'performance', 'availability', 'efficiency', 'reliability'].map((score) =>
        recommendation.number(`${score}_score`),
      ),
      rationale: recommendation.text('rationale'),
      earliest: recommendation.textOrNull('earliest_available_slot'),
      mapping: mapping(recommendation.one('mapping')),
    }));
  }

  async forecast(deviceIds: readonly number[], slot: Slot) {
    const form = { device_ids: deviceIds, ...slot, forecast_window_days: 7 };
    return (await this.#api.ask('POST', '/availability/forecast', form)).list('forecasts').map((forecast) => ({
      device: forecast.number('device_id'),
      probability: forecast.number('availability_probability'),
      confidence: forecast.number('confidence'),
      factors: forecast.texts('factors'),
      earliest: forecast.textOrNull('earliest_available_slot'),
    }));
  }

  async conflicts() {
    const reply = await this.#admin.ask('GET', '/admin/v2/bookings?status=CONFLICTING');
    return reply.list('items').map((booking) => ({
      id: booking.number('booking_id'),
      device: `${booking.one('device').text('deviceType')} ${booking.one('device').text('name')}`,
      user: booking.one('user').text('username'),
      collaborators: booking.texts('collaborators').length,
      from: new Date(booking.text('start_time')).toISOString(),
      to: new Date(booking.text('end_time')).toISOString(),
      status: booking.text('status'),
    }));
  }

  async conflict(bookingId: number) {
    const booking = await this.#admin.ask('GET', `/admin/v2/bookings/${bookingId}`);
    const device = booking.one('device');
    return {
      device: `${device.text('deviceType')} ${device.text('name')}`,
      interchangeable: device.flag('interchangeable'),
      user: booking.one('user').text('username'),
      from: new Date(booking.text('start_time')).toISOString(),
      to: new Date(booking.text('end_time')).toISOString(),
      others: booking.list('conflicts').map((conflict) => conflict.one('user').text('username')),
    };
  }
}
