import { BookingLedger } from './booking-ledger.js';
import { Deed } from './deed.js';
import { DeviceLedger } from './device-ledger.js';
import type { BookingFacts } from './known-booking.js';
import type { Records } from './records.js';
import { possiblyLast, type Write } from './write.js';

/** Everything that people were told, to be held against what the database says. */
export class Ledger {
  readonly bookings: BookingLedger;
  readonly devices = new DeviceLedger();
  readonly #registrations = new Map<string, Deed>();
  /** Names by `user/group`; empty where there is none. */
  readonly #favourites = new Map<string, Write<string>[]>();

  constructor(facts: BookingFacts) {
    this.bookings = new BookingLedger(facts);
  }

  registers(username: string): Deed {
    const deed = new Deed();
    this.#registrations.set(username, deed);
    return deed;
  }

  /** @param name what the favourite is to be called; empty when it is to be removed. */
  favours(userId: number, groupId: string, name: string): Deed {
    const deed = new Deed();
    const key = `${userId}/${groupId}`;
    this.#favourites.set(key, [...(this.#favourites.get(key) ?? []), { deed, value: name }]);
    return deed;
  }

  /** Every acknowledgement that was lost, and everything that is there though it was refused or asked for in part. */
  disagreements(records: Records): string[] {
    const accounts = [...this.#registrations].flatMap(([username, deed]) => {
      const there = records.usernames.has(username);
      if (deed.surelyBy(records.from) && !there) return [`user ${username} was registered and is gone`];
      return deed.isRefused && there ? [`user ${username} was refused and is there`] : [];
    });
    const favourites = [...this.#favourites].flatMap(([key, writes]) => {
      const name = records.favourites.get(key) ?? '';
      const due = possiblyLast([{ deed: Deed.beforeAll, value: '' }, ...writes], records);
      return due.includes(name) ? [] : [`favourite ${key} is '${name}' instead of '${due.join(`' or '`)}'`];
    });
    return [
      ...this.bookings.disagreements(records),
      ...this.devices.disagreements(records),
      ...accounts,
      ...favourites,
    ];
  }
}
