import {
  assertMay,
  conflict,
  inWords,
  invalid,
  notFound,
  schedulableByDefault,
  type Actor,
  type Device,
  type DeviceType,
  type Instant,
} from '../../domain/index.js';
import { cancelWhatHolds, holdingTheseThings } from '../booking/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import type {
  Catalogue,
  CatalogueStores,
  Dated,
  InventoryStores,
  InventoryWork,
  Named,
  NewDeviceType,
  NewManufacturer,
  NewSite,
  NewTag,
} from './ports.js';

/** What somebody says of an entry; what is left out stays as it is. */
export interface CatalogueForms {
  readonly deviceTypes: Partial<NewDeviceType>;
  readonly manufacturers: Partial<NewManufacturer>;
  readonly sites: Partial<NewSite>;
  readonly tags: Partial<NewTag>;
}

/** One of the lists that devices refer to. */
export type CatalogueName = keyof CatalogueForms;

const TITLES: Readonly<Record<CatalogueName, string>> = {
  deviceTypes: 'Device type',
  manufacturers: 'Manufacturer',
  sites: 'Site',
  tags: 'Tag',
};

/** A refusal because the catalogue has no such entry. */
export const unknownEntry = (catalogue: CatalogueName, id: number) =>
  notFound('catalogue.not-found', `${TITLES[catalogue]} with ID ${id} not found`);

/** How many of those that use an entry are named. */
const MOST_NAMED = 10;

/** Keeps the lists of device types, manufacturers, sites and tags. */
export class EditCatalogues {
  readonly #work: InventoryWork;
  readonly #clock: Clock;

  constructor(work: InventoryWork, clock: Clock) {
    this.#work = work;
    this.#clock = clock;
  }

  /** A type that does not say so is schedulable when its category is. @throws DomainError `catalogue.duplicate-name`. */
  addType(
    actor: Actor,
    form: Pick<NewDeviceType, 'name' | 'category'> & CatalogueForms['deviceTypes'],
  ): Promise<Dated<DeviceType>> {
    const schedulable = schedulableByDefault(form.category);
    return this.#add(actor, 'deviceTypes', ({ deviceTypes }, now) =>
      deviceTypes.add({ description: null, schedulable, hasPorts: true, ...form }, now),
    );
  }

  /** @throws DomainError `catalogue.duplicate-name`. */
  addManufacturer(actor: Actor, form: NewManufacturer) {
    return this.#add(actor, 'manufacturers', ({ manufacturers }, now) => manufacturers.add(form, now));
  }

  /** @throws DomainError `catalogue.duplicate-name`. */
  addSite(actor: Actor, form: NewSite) {
    return this.#add(actor, 'sites', ({ sites }, now) => sites.add(form, now));
  }

  /** @throws DomainError `catalogue.duplicate-name`. */
  addTag(actor: Actor, form: NewTag) {
    return this.#add(actor, 'tags', ({ tags }, now) => tags.add(form, now));
  }

  /**
   * @param cancelBookings whether bookings to come of devices whose type nobody may book from now on are cancelled.
   * @throws DomainError `catalogue.not-found`, `catalogue.duplicate-name`, `device.has-bookings`.
   */
  changeType(actor: Actor, id: number, form: CatalogueForms['deviceTypes'], cancelBookings = false) {
    return this.#change(actor, 'deviceTypes', id, form, async (before, stores) => {
      if (before.schedulable && form.schedulable === false) {
        await this.#giveUpBookings(actor, before, cancelBookings, stores);
      }
    });
  }

  /** @throws DomainError `catalogue.not-found`, `catalogue.duplicate-name`. */
  changeManufacturer(actor: Actor, id: number, form: CatalogueForms['manufacturers']) {
    return this.#change(actor, 'manufacturers', id, form);
  }

  /** @throws DomainError `catalogue.not-found`, `catalogue.duplicate-name`. */
  changeSite(actor: Actor, id: number, form: CatalogueForms['sites']) {
    return this.#change(actor, 'sites', id, form);
  }

  /** @throws DomainError `catalogue.not-found`, `catalogue.duplicate-name`. */
  changeTag(actor: Actor, id: number, form: CatalogueForms['tags']) {
    return this.#change(actor, 'tags', id, form);
  }

  /** @throws DomainError `catalogue.not-found`, or `catalogue.in-use` naming the devices that use it. */
  remove(actor: Actor, catalogue: CatalogueName, id: number): Promise<void> {
    assertMay(actor, 'devices:write');
    return this.#work.run(async (stores) => {
      const entry = await claimed(catalogue, id, stores);
      const users = await usersOf(catalogue, id, stores);
      if (users.length > 0) throw inUse(catalogue, entry, users);
      await stores[catalogue].remove(id);
      await audit(actor, 'removed', catalogue, entry, { before: entry }, stores, this.#clock.now());
    });
  }

  #add<Entry extends Named>(
    actor: Actor,
    catalogue: CatalogueName,
    add: (stores: CatalogueStores, now: Instant) => Promise<Entry>,
  ): Promise<Entry> {
    assertMay(actor, 'devices:write');
    return this.#work.run(async (stores) => {
      const now = this.#clock.now();
      const entry = await add(stores, now);
      await audit(actor, 'added', catalogue, entry, { after: entry }, stores, now);
      return entry;
    });
  }

  #change<Name extends CatalogueName>(
    actor: Actor,
    catalogue: Name,
    id: number,
    form: CatalogueForms[Name],
    first: (before: EntryOf<Name>, stores: InventoryStores) => Promise<void> = () => Promise.resolve(),
  ): Promise<EntryOf<Name>> {
    assertMay(actor, 'devices:write');
    return this.#work.run(async (stores) => {
      if (catalogue === 'deviceTypes') await stores.devices.claimThings([{ typeId: id, name: '' }]);
      const before = await claimed(catalogue, id, stores);
      await first(before, stores);
      const now = this.#clock.now();
      const { id: own, createdAt, updatedAt, ...said } = before;
      const entries = stores[catalogue] as unknown as Catalogue<EntryOf<Name>, object>;
      await entries.update(id, { ...said, ...form }, now);
      const after = { ...before, ...form, updatedAt: now };
      await audit(actor, 'changed', catalogue, after, { before, after }, stores, now);
      return after;
    });
  }

  /** The type is claimed: no device of it is added meanwhile, and so none is booked that is not seen here. */
  async #giveUpBookings(
    actor: Actor,
    type: Dated<DeviceType>,
    cancelBookings: boolean,
    stores: InventoryStores,
  ): Promise<void> {
    const devices = await stores.devices.claimThings(await stores.devices.referringTo('typeId', type.id));
    const things = await stores.calendars.ofType(type.name);
    const ids = things.map((thing) => thing.id);
    if (cancelBookings) {
      const why = `${type.name} cannot be booked any more`;
      await cancelWhatHolds(stores, actor, ids, why, this.#clock);
    } else {
      const held = await holdingTheseThings(stores, ids, this.#clock);
      const names = things.filter(({ id }) => held.has(id)).map(({ name }) => name);
      const count = [...held.values()].reduce((sum, one) => sum + one, 0);
      if (count > 0) {
        throw conflict(
          'device.has-bookings',
          `${inWords(names.slice(0, MOST_NAMED))} ${names.length > 1 ? 'have' : 'has'} ${count} booking(s) to come; cancel them first.`,
          { bookings: count, device_ids: [...held.keys()] },
        );
      }
    }
    const now = this.#clock.now();
    for (const { id, name, status } of devices) {
      await stores.events.append({
        ...{ type: 'device.changed', at: now, actorId: auditActorOf(actor).id, concerns: [] },
        device: { id, type: type.name, name, status },
      });
    }
  }
}

type EntryOf<Name extends CatalogueName> = NonNullable<Awaited<ReturnType<CatalogueStores[Name]['claim']>>>;

const claimed = async <Name extends CatalogueName>(
  catalogue: Name,
  id: number,
  stores: CatalogueStores,
): Promise<EntryOf<Name>> => {
  const entry = (await stores[catalogue].claim(id)) as EntryOf<Name> | null;
  if (!entry) throw unknownEntry(catalogue, id);
  return entry;
};

const FACTS = { deviceTypes: 'typeId', manufacturers: 'manufacturerId', sites: 'siteId' } as const;

const usersOf = async (catalogue: CatalogueName, id: number, stores: InventoryStores): Promise<Device[]> => {
  if (catalogue !== 'tags') return stores.devices.referringTo(FACTS[catalogue], id);
  const devices: Device[] = [];
  for (const deviceId of await stores.deviceTags.having(id)) {
    const device = await stores.devices.find(deviceId);
    if (device) devices.push(device);
  }
  return devices;
};

const inUse = (catalogue: CatalogueName, { name }: Named, users: readonly Device[]) => {
  const named = users.slice(0, MOST_NAMED).map((device) => device.name);
  const others = users.length - named.length;
  const words = inWords(others > 0 ? [...named, `${others} more`] : named);
  return invalid(
    'catalogue.in-use',
    `Cannot delete ${TITLES[catalogue].toLowerCase()} ${name}: ${users.length} device(s) are using it (${words})`,
    {
      devices: users.slice(0, MOST_NAMED).map((device) => ({ id: device.id, name: device.name })),
      device_count: users.length,
    },
  );
};

const audit = (
  actor: Actor,
  deed: 'added' | 'changed' | 'removed',
  catalogue: CatalogueName,
  { id, name }: Named,
  metadata: Readonly<Record<string, unknown>>,
  stores: InventoryStores,
  at: Instant,
): Promise<void> => {
  const title = TITLES[catalogue].toLowerCase();
  return stores.audit.append({
    ...{ at, actor: auditActorOf(actor), action: `${title.replace(' ', '-')}.${deed}`, metadata },
    entityType: title.replace(' ', '-'),
    entityId: String(id),
    entityLabel: name,
    message: `${actor.username} ${deed} ${title} ${name}`,
  });
};
