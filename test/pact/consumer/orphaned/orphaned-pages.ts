import type { Fields } from '../fields.js';
import { JsonApi } from '../json-api.js';

const decided = (reply: Fields) => ({
  succeeded: reply.numbers('succeeded'),
  failed: reply.list('failed').length,
});

/** Pages that are written and that nothing mounts: the client with segments of days, and a newer admin's decisions. */
export class OrphanedPages {
  readonly #api: JsonApi;

  constructor(url: string, session: string) {
    this.#api = new JsonApi(url, session);
  }

  async bookings(userId: number) {
    return (await this.#api.ask('GET', `/bookings/user/${userId}`)).items().map((booking) => ({
      id: booking.number('booking_id'),
      device: `${booking.text('device_type')} ${booking.text('device_name')}`,
      address: booking.textOrNull('ip_address'),
      from: new Date(booking.text('start_time')).toISOString(),
      to: new Date(booking.text('end_time')).toISOString(),
      status: booking.text('status'),
    }));
  }

  /** @param bookings with times as the clocks of the lab show them, without a zone. */
  async book(userId: number, bookings: readonly object[]): Promise<string> {
    return (await this.#api.ask('POST', '/bookings', { user_id: userId, message: '', bookings })).text('message');
  }

  async cancel(bookingId: number, userId: number): Promise<void> {
    await this.#api.ask('PUT', `/api/bookings/${bookingId}/cancel`, { user_id: userId });
  }

  async remove(bookingId: number): Promise<void> {
    await this.#api.ask('DELETE', `/bookings/${bookingId}`);
  }

  async conflicts(deviceIds: readonly number[], start: string, end: string) {
    const found = await this.#api.ask('POST', '/check-conflicts', { device_ids: deviceIds, start, end });
    return found.items().map((device) => ({
      device: device.number('device_id'),
      conflicts: device
        .list('conflicts')
        .map((conflict) =>
          ['date', 'start_time', 'end_time', 'conflict_type'].map((name) => conflict.text(name)).join(' '),
        ),
    }));
  }

  async approve(ids: readonly number[], comment: string) {
    return decided(await this.#api.ask('POST', '/admin/v2/bookings/approve', { booking_ids: ids, comment }));
  }

  async decline(ids: readonly number[], comment: string) {
    return decided(await this.#api.ask('POST', '/admin/v2/bookings/decline', { booking_ids: ids, comment }));
  }

  async resolve(bookingId: number) {
    const resolution = [{ booking_id: bookingId, status: 'CONFIRMED' }];
    return decided(await this.#api.ask('POST', '/admin/v2/bookings/conflicts/resolve', { resolution }));
  }
}
