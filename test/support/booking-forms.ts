/** One item of `POST /bookings`, as the frontends send it. */
export interface ItemForm {
  readonly device_type?: string;
  readonly device_name?: string;
  readonly device_id?: number;
  readonly start_time: string;
  readonly end_time: string;
  readonly status?: string;
}

/** A day of the frontend's grid: 00:01 to 23:59. In winter lab time is UTC. */
export const dayOf = (date: string) => ({ start_time: `${date}T00:01:00.000Z`, end_time: `${date}T23:59:00.000Z` });

/** The form of `POST /bookings` for one device on days of the grid. */
export const daysOf = (deviceId: number, dates: readonly string[], more: object = {}, status = 'PENDING') => ({
  bookings: dates.map((date): ItemForm => ({ device_id: deviceId, ...dayOf(date), status })),
  ...more,
});

/** A refusal in a reply. */
export interface RefusalReply {
  readonly code: string;
  readonly detail: string;
  readonly device_id: number;
  readonly holders: readonly { booking_id: number; owner_username: string; status: string }[];
  readonly maintenance: readonly { reason: string }[];
  readonly alternatives: readonly {
    kind: 'time' | 'device';
    device_id: number;
    device_name: string;
    start_time: string;
    end_time: string;
  }[];
}
