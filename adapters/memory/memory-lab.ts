import type { UnitOfWork } from '../../application/shared/ports.js';
import type { Stores } from '../../application/stores.js';
import { MemoryDeviceHealth } from './administration.js';
import { MemoryBookings, MemoryCalendars, MemoryFavourites, MemoryKeptAnswers } from './booking.js';
import { MemoryAuditChain } from './audit.js';
import { MemoryAccessTokens } from './feeds.js';
import { MemoryEventLog } from './events.js';
import { MemoryInvitations, MemoryUsers } from './identity.js';
import {
  MemoryAttachments,
  memoryCatalogues,
  MemoryDeviceHistory,
  MemoryDevices,
  MemoryDeviceTags,
  MemoryMaintenance,
  MemoryThingBookings,
} from './inventory.js';
import { MemorySettings } from './settings.js';
import { MemoryPower } from './power.js';
import { MemoryCrossConnects, MemoryLinks } from './plant.js';
import { MemoryOutbox, MemoryPeople } from './notification.js';
import type { LabState, NextId, Tables } from './tables.js';
import { MemoryTopologies } from './topology.js';

const emptyTables = (): Tables => ({
  users: new Map(),
  sessions: new Map(),
  invitations: new Map(),
  deviceTypes: new Map(),
  manufacturers: new Map(),
  sites: new Map(),
  tags: new Map(),
  devices: new Map(),
  deviceTags: new Map(),
  deviceChanges: new Map(),
  attachments: new Map(),
  maintenance: new Map(),
  deviceHealth: new Map(),
  bookings: new Map(),
  decisions: new Map(),
  favourites: new Map(),
  goneNames: new Map(),
  keptAnswers: new Map(),
  links: new Map(),
  crossConnects: new Map(),
  topologies: new Map(),
  topologyReviews: new Map(),
  audit: new Map(),
  auditSeals: new Map(),
  settings: new Map(),
  profiles: new Map(),
  events: new Map(),
  places: new Map(),
  notifications: new Map(),
  doneOnce: new Map(),
  accessTokens: new Map(),
  leases: new Map(),
  pdus: new Map(),
  powerOutlets: new Map(),
  powerReadings: new Map(),
  powerWords: new Map(),
  powerCommands: new Map(),
});

const copyOf = (tables: Tables): Tables =>
  Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [name, new Map(rows as Map<unknown, unknown>)]),
  ) as unknown as Tables;

/** A lab in memory: one writer at a time works on a copy, which replaces the original only when it succeeds. */
export class MemoryLab implements UnitOfWork<Stores>, LabState {
  #tables = emptyTables();
  #lastId = 0;
  #queue: Promise<unknown> = Promise.resolve();

  /** What was last committed. */
  get tables(): Tables {
    return this.#tables;
  }

  run<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result> {
    return this.transaction((tables) => work(this.#storesOf(tables)));
  }

  transaction<Result>(work: (tables: Tables) => Promise<Result>): Promise<Result> {
    const turn = this.#queue.then(async () => {
      const copy = copyOf(this.#tables);
      const result = await work(copy);
      this.#tables = copy;
      return result;
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** An identifier that was never used. */
  readonly nextId: NextId = () => (this.#lastId += 1);

  /** From here on identifiers are greater than this one. */
  passIds(id: number): void {
    this.#lastId = Math.max(this.#lastId, id);
  }

  #storesOf(tables: Tables): Stores {
    const { nextId } = this;
    return {
      users: new MemoryUsers(tables, nextId),
      invitations: new MemoryInvitations(tables),
      ...memoryCatalogues(tables, nextId),
      devices: new MemoryDevices(tables, nextId),
      deviceTags: new MemoryDeviceTags(tables),
      deviceHistory: new MemoryDeviceHistory(tables, nextId),
      attachments: new MemoryAttachments(tables, nextId),
      maintenance: new MemoryMaintenance(tables, nextId),
      thingBookings: new MemoryThingBookings(tables),
      deviceHealth: new MemoryDeviceHealth(() => tables),
      calendars: new MemoryCalendars(() => tables),
      bookings: new MemoryBookings(tables, nextId),
      favourites: new MemoryFavourites(tables, nextId),
      keptAnswers: new MemoryKeptAnswers(tables),
      links: new MemoryLinks(tables, nextId),
      crossConnects: new MemoryCrossConnects(() => tables, nextId),
      topologies: new MemoryTopologies(tables, nextId),
      events: new MemoryEventLog(tables, nextId),
      auditChain: new MemoryAuditChain(tables),
      settings: new MemorySettings(tables),
      power: new MemoryPower(tables, nextId),
      outbox: new MemoryOutbox(tables, nextId),
      people: new MemoryPeople(tables),
      accessTokens: new MemoryAccessTokens(tables, nextId),
      audit: {
        append: async (entry) => {
          tables.audit.set(nextId(), entry);
        },
      },
    };
  }
}
