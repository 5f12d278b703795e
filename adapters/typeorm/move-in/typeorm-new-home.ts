import type { EntityManager, EntitySchema, ObjectLiteral } from 'typeorm';
import {
  IN_THE_WAY,
  MOVED_IN,
  notEmpty,
  OCCUPANTS,
  type MovedAccount,
  type MovedLab,
  type MoveMark,
  type NewHome,
  type Occupant,
} from '../../../application/move-in/index.js';
import { invalid, nameKey, type Device, type DomainError } from '../../../domain/index.js';
import { healthSchema } from '../administration/schemas.js';
import { TypeormAuditTrail } from '../audit/typeorm-audit-trail.js';
import { bookingSchema, collaboratorSchema, favouriteSchema } from '../booking/schemas.js';
import type { Database } from '../database.js';
import { invitationSchema, userSchema } from '../identity/schemas.js';
import {
  attachmentSchema,
  changedFieldSchema,
  deviceChangeSchema,
  deviceSchema,
  deviceTagSchema,
  deviceTypeSchema,
  maintenanceSchema,
  manufacturerSchema,
  siteSchema,
  tagSchema,
} from '../inventory/schemas.js';
import { toColumns } from '../inventory/typeorm-devices.js';
import { outletSchema, pduSchema } from '../power/schemas.js';
import { settingSchema } from '../settings/schemas.js';
import { inParts, isMysql, rowsOf } from '../sql.js';
import { topologyReviewSchema, topologySchema } from '../topology/schemas.js';

const SCHEMAS: Readonly<Record<Occupant, { readonly options: { readonly name: string } }>> = {
  ...{ users: userSchema, deviceTypes: deviceTypeSchema, manufacturers: manufacturerSchema, sites: siteSchema },
  ...{ tags: tagSchema, devices: deviceSchema, deviceChanges: deviceChangeSchema, attachments: attachmentSchema },
  ...{ bookings: bookingSchema, favourites: favouriteSchema, topologies: topologySchema, pdus: pduSchema },
  settings: settingSchema,
};

const occupants = async (manager: EntityManager): Promise<string[]> => {
  const found: string[] = [];
  for (const kind of OCCUPANTS) {
    const rows = await manager.count(SCHEMAS[kind].options.name);
    if (rows > 0) found.push(`${rows} ${IN_THE_WAY[kind]}`);
  }
  return found;
};

/** Rows with the ids that they bring, many to a statement. */
const insert = async <Row extends ObjectLiteral>(
  manager: EntityManager,
  schema: EntitySchema<Row>,
  rows: readonly Row[],
): Promise<void> => {
  const columns = Object.keys(schema.options.columns).length;
  for (const part of inParts(rows, columns)) {
    const write = (values: Row[]) =>
      manager.createQueryBuilder().insert().into(schema).values(values).updateEntity(false).execute();
    try {
      await write(part);
    } catch (error) {
      if (!isAboutData(error)) throw error;
      for (const row of part) {
        await write([row]).catch((failure: unknown) => {
          throw unwritable(schema, row, failure);
        });
      }
    }
  }
};

/** Whether a database cannot keep a row, however often it is tried. */
const isAboutData = (error: unknown): boolean =>
  /^(?:SQLITE_CONSTRAINT|SQLITE_MISMATCH|ER_DUP_ENTRY|ER_BAD_NULL|ER_DATA_|ER_TRUNCATED|ER_WARN_DATA|ER_NO_DEFAULT)/.test(
    String((error as { code?: unknown }).code),
  );

const unwritable = <Row extends ObjectLiteral>(schema: EntitySchema<Row>, row: Row, error: unknown): DomainError => {
  const { tableName, name, columns } = schema.options;
  const keys = Object.entries<{ primary?: boolean } | undefined>(columns).filter(([, column]) => column?.primary);
  const key = keys.map(([property]) => String((row as Record<string, unknown>)[property])).join('/');
  return Object.assign(
    invalid(
      'move-in.unwritable-row',
      `The database keeps no row ${key} in ${tableName ?? name}: ${error instanceof Error ? error.message : String(error)}. ` +
        'Nothing was written. Please mend the row of the old lab that it comes from.',
    ),
    { cause: error },
  );
};

const withKey = <Entry extends { readonly name: string }>(entry: Entry): Entry & { nameKey: string } => ({
  ...entry,
  nameKey: nameKey(entry.name),
});

const userRow = ({ user, passwordHash, approvalLimits }: MovedAccount) => ({
  ...user,
  usernameKey: nameKey(user.username),
  emailKey: user.email === null ? null : nameKey(user.email),
  passwordHash,
  approvalMaxDays: approvalLimits?.maxDays ?? null,
  approvalMaxDeviceHours: approvalLimits?.maxDeviceHours ?? null,
  lastActiveAt: null,
});

const deviceRow = (device: Device) => {
  const { id, version, createdAt, updatedAt, createdBy, updatedBy } = device;
  return { id, ...toColumns(device), version, createdAt, updatedAt, createdBy, updatedBy };
};

const bookingRow = ({ slot, collaboratorIds, rejection, ...booking }: MovedLab['bookings'][number]) => ({
  ...booking,
  ...{ startsAt: slot.start, endsAt: slot.end, goneType: null, goneName: null, decidedBy: null },
  decidedAt: rejection === null ? null : booking.updatedAt,
  decisionComment: rejection,
});

const windowRow = ({ slot, ...window }: MovedLab['windows'][number]) => ({
  ...window,
  startsAt: slot.start,
  endsAt: slot.end,
});

/** A database that has been migrated. */
export class TypeormNewHome implements NewHome {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async lastMove(): Promise<MoveMark | null> {
    const sql = 'SELECT at, metadata FROM audit_log WHERE action = ? ORDER BY id DESC LIMIT 1';
    const [row] = await this.#database.read((manager) =>
      rowsOf<{ at: number; metadata: string }>(manager, sql, [MOVED_IN]),
    );
    return row ? { at: row.at, fingerprint: (JSON.parse(row.metadata) as { fingerprint: string }).fingerprint } : null;
  }

  inTheWay(): Promise<string[]> {
    return this.#database.read(occupants);
  }

  async fill(lab: MovedLab): Promise<void> {
    await this.#database.transaction(async (manager) => {
      // Of two who move in at once the second waits here, and then finds the place taken.
      if (isMysql(manager)) await manager.query('SELECT id FROM migrations ORDER BY id LIMIT 1 FOR UPDATE');
      const there = await occupants(manager);
      if (there.length > 0) throw notEmpty(there);
      await fillPeople(manager, lab);
      await fillInventory(manager, lab);
      await fillBookings(manager, lab);
      await insert(
        manager,
        pduSchema,
        lab.pdus.map((pdu) => ({ ...withKey(pdu), identity: null })),
      );
      await insert(
        manager,
        outletSchema,
        lab.outlets.map((outlet) => ({ ...outlet, hold: null, hand: null })),
      );
      const trail = new TypeormAuditTrail(manager);
      for (const entry of lab.audit) await trail.append(entry);
    });
  }
}

const fillPeople = async (manager: EntityManager, lab: MovedLab): Promise<void> => {
  await insert(manager, userSchema, lab.accounts.map(userRow));
  await insert(manager, invitationSchema, [...lab.invitations]);
  await insert(
    manager,
    settingSchema,
    lab.settings.map(({ key, value, ...change }) => ({ ...change, name: key, value: JSON.stringify(value) })),
  );
};

/** What a change without fields has in its place. */
const NO_FIELD = { field: null, before: null, after: null };

const fillInventory = async (manager: EntityManager, lab: MovedLab): Promise<void> => {
  await insert(manager, deviceTypeSchema, lab.deviceTypes.map(withKey));
  await insert(manager, manufacturerSchema, lab.manufacturers.map(withKey));
  await insert(manager, siteSchema, lab.sites.map(withKey));
  await insert(manager, tagSchema, lab.tags.map(withKey));
  await insert(manager, deviceSchema, lab.devices.map(deviceRow));
  await insert(
    manager,
    deviceTagSchema,
    [...lab.deviceTags].flatMap(([deviceId, tagIds]) => tagIds.map((tagId) => ({ deviceId, tagId }))),
  );
  await insert(manager, maintenanceSchema, lab.windows.map(windowRow));
  const changes = lab.changes.map((change, index) => ({ ...change, id: index + 1 }));
  await insert(
    manager,
    deviceChangeSchema,
    changes.map(({ fields, metadata, ...change }) => ({
      ...change,
      metadata: metadata === null ? null : JSON.stringify(metadata),
    })),
  );
  const fields = changes.flatMap(({ id: changeId, fields: changed }) =>
    (changed.length === 0 ? [NO_FIELD] : changed).map(({ field, before, after }) => ({
      ...{ changeId, fieldName: field, oldValue: before, newValue: after },
    })),
  );
  await insert(
    manager,
    changedFieldSchema,
    fields.map((field, index) => ({ ...field, id: index + 1 })),
  );
  await insert(manager, attachmentSchema, [...lab.attachments]);
  await insert(
    manager,
    healthSchema,
    lab.health.map((snapshot) => ({ ...snapshot, metrics: JSON.stringify(snapshot.metrics) })),
  );
};

/** A row that comes and goes takes its id along, in both families of databases. */
const passBookingIds = async (manager: EntityManager, { bookings, lastBookingId }: MovedLab): Promise<void> => {
  const [any] = bookings;
  if (!any || bookings.some(({ id }) => id >= lastBookingId)) return;
  await insert(manager, bookingSchema, [{ ...bookingRow(any), id: lastBookingId }]);
  await manager.query('DELETE FROM bookings WHERE id = ?', [lastBookingId]);
};

const fillBookings = async (manager: EntityManager, lab: MovedLab): Promise<void> => {
  await insert(manager, bookingSchema, lab.bookings.map(bookingRow));
  await passBookingIds(manager, lab);
  await insert(
    manager,
    collaboratorSchema,
    lab.bookings.flatMap(({ id, collaboratorIds }) => collaboratorIds.map((userId) => ({ bookingId: id, userId }))),
  );
  await insert(
    manager,
    favouriteSchema,
    lab.favourites.map(({ devices, ...favourite }) => ({ ...favourite, deviceSnapshot: JSON.stringify(devices) })),
  );
  await insert(
    manager,
    topologySchema,
    lab.topologies.map(({ collaboratorIds, nodes, edges, ...topology }) => ({
      ...topology,
      nodes: JSON.stringify(nodes),
      edges: JSON.stringify(edges),
    })),
  );
  await insert(manager, topologyReviewSchema, [...lab.reviews]);
};
