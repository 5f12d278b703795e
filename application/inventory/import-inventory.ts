import {
  assertMay,
  DEVICE_CATEGORIES,
  DomainError,
  nameKey,
  schedulableByDefault,
  type Actor,
  type Device,
  type DeviceFacts,
  type DeviceType,
} from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import {
  INVENTORY_COLUMNS,
  readInventoryLine,
  type InventoryColumn,
  type InventoryLine,
  type InventoryRow,
  type LineError,
} from './inventory-row.js';
import { DeviceWrites } from './device-writes.js';
import { namedOrMade } from './named-or-made.js';
import type { Catalogue, InventoryStores, InventoryWork, Named, NewNamed, ThingName } from './ports.js';
import { claimRow, sameThing } from './thing-membership.js';

/** What one line of a file changes, or would change. */
export interface ImportChange {
  readonly line: number;
  readonly oiId: string | null;
  readonly action: 'created' | 'updated' | 'unchanged';
  /** What differs from before, by column. */
  readonly fields: readonly string[];
}

/** What a file changes, or, in a dry run, would change. */
export interface ImportReport {
  /** Whether it only says what would be done. */
  readonly dryRun: boolean;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly changes: readonly ImportChange[];
}

/** A file that was refused as a whole, with every bad line. */
export class ImportRefused extends DomainError {
  readonly errors: readonly LineError[];

  constructor(errors: readonly LineError[]) {
    super('malformed', 'import.refused', `Nothing was imported: ${errors.length} mistake(s) in the file.`);
    this.errors = errors;
  }
}

/** Files up to this size are read as one; a lab has thousands of assets, not millions. */
export const MOST_IMPORT_LINES = 50_000;

const same = (a: string | null, b: string | null): boolean =>
  a === null || b === null ? a === b : nameKey(a) === nameKey(b);

/** What only the whole file can tell: keys used twice, one type in two categories, one address on two devices. */
const mistakesBetween = (rows: readonly InventoryRow[]): LineError[] => {
  const errors: LineError[] = [];
  const once = (column: string, key: (row: InventoryRow) => string | null) => {
    const firstLine = new Map<string, number>();
    for (const row of rows) {
      const value = key(row);
      if (value === null) continue;
      const first = firstLine.get(value);
      if (first === undefined) firstLine.set(value, row.line);
      else errors.push({ line: row.line, column, detail: `is the same as in line ${first}` });
    }
  };
  const agreeing = (
    column: string,
    key: (row: InventoryRow) => string | null,
    value: (row: InventoryRow) => string,
  ) => {
    const first = new Map<string, InventoryRow>();
    for (const row of rows) {
      const of = key(row);
      if (of === null) continue;
      const earlier = first.get(of);
      if (!earlier) first.set(of, row);
      else if (value(earlier) !== value(row)) {
        errors.push({ line: row.line, column, detail: `does not agree with line ${earlier.line}` });
      }
    }
  };
  const isNamed = (row: InventoryRow) => row.type !== '' && row.name !== '';
  const thing = (row: InventoryRow) => JSON.stringify([nameKey(row.type), nameKey(row.name)]);
  once('oi_id', (row) => row.oiId || null);
  once('oi_id', (row) => (row.oiId === '' && isNamed(row) ? JSON.stringify([thing(row), portOf(row)]) : null));
  once('serial_number', (row) => row.serialNumber);
  once('polatis_name', (row) =>
    row.polatisName !== null && isNamed(row) ? `${thing(row)} ${nameKey(row.polatisName)}` : null,
  );
  agreeing(
    'category',
    (row) => (DEVICE_CATEGORIES.includes(row.category) ? nameKey(row.type) : null),
    (row) => row.category,
  );
  agreeing('mgmt_ip', (row) => (isNamed(row) ? row.managementIp : null), thing);
  return errors;
};

/** Entries of one catalogue by name, made when they are missing. */
class NamesToIds<Entry extends Named> {
  readonly #known = new Map<string, Entry>();
  readonly #make: (name: string) => Promise<Entry>;

  constructor(known: readonly Entry[], make: (name: string) => Promise<Entry>) {
    for (const entry of known) this.#known.set(nameKey(entry.name), entry);
    this.#make = make;
  }

  async entry(name: string): Promise<Entry> {
    const known = this.#known.get(nameKey(name));
    if (known) return known;
    const made = await this.#make(name);
    this.#known.set(nameKey(name), made);
    return made;
  }

  async idOf(name: string | null): Promise<number | null> {
    return name === null ? null : (await this.entry(name)).id;
  }
}

/** What tells rows of one thing apart that have no `oi_id`. */
const portOf = ({ inPort, outPort, polatisName }: Pick<InventoryRow, 'inPort' | 'outPort' | 'polatisName'>): string =>
  JSON.stringify([inPort, outPort, polatisName === null ? null : nameKey(polatisName)]);

/** Carries the report of a dry run out of the transaction, which is undone by it. */
class OnlyAsked extends Error {
  readonly report: ImportReport;

  constructor(report: ImportReport) {
    super('nothing is to be written');
    this.report = report;
  }
}

const thingsOf = async (rows: readonly InventoryRow[], types: NamesToIds<DeviceType>): Promise<ThingName[]> => {
  const things = new Map<string, ThingName>();
  for (const { type, name } of rows) {
    const { id: typeId } = await types.entry(type);
    things.set(JSON.stringify([typeId, nameKey(name)]), { typeId, name });
  }
  return [...things.values()];
};

/** Reads an inventory file into the inventory: validates everything first, writes all of it or nothing, by `oi_id`. */
export class ImportInventory {
  readonly #work: InventoryWork;
  readonly #clock: Clock;

  constructor(work: InventoryWork, clock: Clock) {
    this.#work = work;
    this.#clock = clock;
  }

  /**
   * @param columns the file's header line.
   * @param dryRun whether it is only to be told what would be done: it is done and undone.
   * @throws ImportRefused with every mistake found; nothing was written then.
   */
  async execute(
    actor: Actor,
    columns: readonly string[],
    lines: readonly InventoryLine[],
    dryRun = false,
  ): Promise<ImportReport> {
    assertMay(actor, 'devices:write');
    const { rows, errors } = this.#understand(columns, lines);
    // A line without a number may be of a device without one, which only the inventory can tell.
    if (errors.length > 0 && rows.every((row) => row.oiId !== '')) throw new ImportRefused(errors.sort(byLine));
    try {
      return await this.#work.run(async (stores) => {
        const report = await this.#write(actor, rows, errors, stores, dryRun);
        if (dryRun) throw new OnlyAsked(report);
        return report;
      });
    } catch (error) {
      if (error instanceof OnlyAsked) return error.report;
      throw error;
    }
  }

  #understand(
    columns: readonly string[],
    lines: readonly InventoryLine[],
  ): { readonly rows: InventoryRow[]; readonly errors: LineError[] } {
    const missing = INVENTORY_COLUMNS.filter((column) => !columns.includes(column));
    const unknown = columns.filter((column) => !(INVENTORY_COLUMNS as readonly string[]).includes(column));
    const repeated = columns.filter((column, index) => columns.indexOf(column) !== index);
    const header = [
      ...missing.map((column) => ({ line: 1, column, detail: 'column is missing' })),
      ...unknown.map((column) => ({ line: 1, column, detail: 'column is not known' })),
      ...repeated.map((column) => ({ line: 1, column, detail: 'column is there twice' })),
    ];
    if (header.length > 0) throw new ImportRefused(header);
    if (lines.length > MOST_IMPORT_LINES) {
      throw new ImportRefused([{ line: MOST_IMPORT_LINES + 1, column: null, detail: 'the file is too long' }]);
    }
    const isWhole = ({ fieldCount }: InventoryLine) => fieldCount === undefined || fieldCount === columns.length;
    const torn = lines
      .filter((line) => !isWhole(line))
      .map(({ line, fieldCount }) => ({
        line,
        column: null,
        detail: `has ${fieldCount ?? 0} fields, and the header has ${columns.length}`,
      }));
    const read = lines.filter(isWhole).map(readInventoryLine);
    const rows = read.map(({ row }) => row);
    return { rows, errors: [...torn, ...read.flatMap((result) => result.errors), ...mistakesBetween(rows)] };
  }

  async #write(
    actor: Actor,
    rows: readonly InventoryRow[],
    mistakes: readonly LineError[],
    stores: InventoryStores,
    dryRun: boolean,
  ): Promise<ImportReport> {
    const now = this.#clock.now();
    const writes = new DeviceWrites(stores, this.#clock);
    if (mistakes.length > 0)
      throw new ImportRefused([...mistakes, ...(await this.#unnumbered(rows, stores))].sort(byLine));
    const types = new NamesToIds<DeviceType>(await stores.deviceTypes.all(), (name) => {
      const category = rows.find((row) => same(row.type, name))?.category ?? 'OPTICAL';
      const schedulable = schedulableByDefault(category);
      return namedOrMade(stores.deviceTypes, { name, category, description: null, schedulable, hasPorts: true }, now);
    });
    // From here on no other import, form or booking touches these things: what is read next stays true.
    await stores.devices.claimThings(await thingsOf(rows, types));
    const named = async <Entry extends Named>(catalogue: Catalogue<Entry, NewNamed>) =>
      new NamesToIds<Named>(await catalogue.all(), (name) => namedOrMade(catalogue, { name }, now));
    const [manufacturers, sites, tags] = [
      await named(stores.manufacturers),
      await named(stores.sites),
      await named(stores.tags),
    ];

    const inventory = await stores.devices.all();
    const known = new KnownDevices(inventory);
    const tagsBefore = await stores.deviceTags.all();
    const found = new Map<InventoryRow, Device>();
    const errors: LineError[] = [];
    for (const row of rows) {
      const device = known.find(row, (await types.entry(row.type)).id);
      if (device) found.set(row, device);
      else if (row.oiId === '') errors.push(missingNumber(row));
    }
    const touched = new Set(found.values());
    const held = new HeldKeys(inventory.filter((device) => !touched.has(device)));

    const planned: Planned[] = [];
    for (const row of rows) {
      const type = await types.entry(row.type);
      if (type.category !== row.category) {
        errors.push({
          line: row.line,
          column: 'category',
          detail: `${type.name} is of category ${type.category} here`,
        });
      }
      const before = found.get(row) ?? null;
      const kept = <Fact extends keyof DeviceFacts>(column: InventoryColumn, fact: Fact, said: DeviceFacts[Fact]) =>
        before && !row.said.has(column) ? before[fact] : said;
      const facts: DeviceFacts = {
        oiId: row.oiId === '' ? null : row.oiId,
        name: row.name,
        typeId: type.id,
        manufacturerId: kept('manufacturer', 'manufacturerId', await manufacturers.idOf(row.manufacturer)),
        model: kept('model', 'model', row.model),
        serialNumber: kept('serial_number', 'serialNumber', row.serialNumber),
        status: kept('status', 'status', row.status),
        siteId: kept('site', 'siteId', await sites.idOf(row.site)),
        rack: kept('rack', 'rack', row.rack),
        uPosition: kept('u_position', 'uPosition', row.uPosition),
        hostname: kept('hostname', 'hostname', row.hostname),
        managementIp: kept('mgmt_ip', 'managementIp', row.managementIp),
        polatisName: kept('polatis_name', 'polatisName', row.polatisName),
        polatisPortRange: before?.polatisPortRange ?? null,
        inPort: kept('in_port', 'inPort', row.inPort),
        outPort: kept('out_port', 'outPort', row.outPort),
        ports: kept('ports', 'ports', row.ports),
        ownerGroup: kept('owner_group', 'ownerGroup', row.ownerGroup),
        notes: kept('notes', 'notes', row.notes),
        ownerId: before?.ownerId ?? null,
      };
      errors.push(...held.clashesWith(facts, row.line));
      const namesBefore = (before && tagsBefore.get(before.id)) ?? [];
      const tagNames = before && !row.said.has('tags') ? namesBefore : row.tags;
      const fields = before ? differences(before, facts, namesBefore, tagNames) : [];
      planned.push({ row, facts, before, fields, namesBefore, tagNames });
    }
    if (errors.length > 0) throw new ImportRefused(errors.sort(byLine));

    const changes: ImportChange[] = [];
    await this.#releaseSerials(planned, stores);
    for (const plan of planned) {
      const { row, before, fields } = plan;
      const action = before ? (fields.length === 0 ? 'unchanged' : 'updated') : 'created';
      changes.push({ line: row.line, oiId: row.oiId === '' ? null : row.oiId, action, fields });
      if (action !== 'unchanged') await this.#writeRow(actor, plan, tags, writes, stores);
    }
    const count = (action: ImportChange['action']) => changes.filter((change) => change.action === action).length;
    const [created, updated, unchanged] = [count('created'), count('updated'), count('unchanged')];
    await stores.audit.append({
      at: now,
      actor: auditActorOf(actor),
      action: 'inventory.imported',
      entityType: 'inventory',
      entityId: null,
      entityLabel: null,
      message: `${actor.username} imported ${rows.length} devices`,
      metadata: { created, updated, unchanged },
    });
    return { dryRun, created, updated, unchanged, changes };
  }

  /** Lines without a number that no device without one is meant by; their types may be unknown too. */
  async #unnumbered(rows: readonly InventoryRow[], stores: InventoryStores): Promise<LineError[]> {
    const known = new KnownDevices(await stores.devices.all());
    const types = new Map((await stores.deviceTypes.all()).map(({ name, id }) => [nameKey(name), id]));
    const isKnown = (row: InventoryRow) => known.find(row, types.get(nameKey(row.type)) ?? 0) !== null;
    return rows.filter((row) => row.oiId === '' && !isKnown(row)).map(missingNumber);
  }

  async #writeRow(
    actor: Actor,
    { facts, before, fields, namesBefore, tagNames }: Planned,
    tags: NamesToIds<Named>,
    writes: DeviceWrites,
    stores: InventoryStores,
  ): Promise<void> {
    const ids: number[] = [];
    for (const tag of tagNames) ids.push((await tags.entry(tag)).id);
    const labels = { ids, names: tagNames, namesBefore };
    const deed = { actor, notes: null, bookings: 'refuse' } as const;
    // Each time is read once the thing is claimed: which of a change and a booking came first can be told by them.
    const current = before && (await claimRow(before, facts, stores.devices));
    if (!before || !current) {
      await stores.devices.claimThings([facts]);
      await writes.add(facts, { ...deed, action: 'created' }, labels);
    } else {
      const changed = fields.includes('tags') ? labels : undefined;
      await writes.change(current, facts, { ...deed, action: 'imported' }, changed, before);
    }
  }

  /** Serial numbers may change places within one file; none may be there twice even for a moment. */
  async #releaseSerials(
    planned: readonly { facts: DeviceFacts; before: Device | null }[],
    stores: InventoryStores,
  ): Promise<void> {
    const wanted = new Set(planned.flatMap(({ facts }) => facts.serialNumber ?? []));
    for (const { facts, before } of planned) {
      if (before?.serialNumber && before.serialNumber !== facts.serialNumber && wanted.has(before.serialNumber)) {
        const current = await claimRow(before, null, stores.devices);
        if (current) await stores.devices.update(current.id, { ...current, serialNumber: null }, this.#clock.now());
      }
    }
  }
}

/** A line that is understood, and what it makes of which device. */
interface Planned {
  readonly row: InventoryRow;
  readonly facts: DeviceFacts;
  readonly before: Device | null;
  readonly fields: readonly string[];
  readonly namesBefore: readonly string[];
  readonly tagNames: readonly string[];
}

const byLine = (a: LineError, b: LineError): number => a.line - b.line;

const missingNumber = ({ line }: InventoryRow): LineError => ({ line, column: 'oi_id', detail: 'is missing' });

/** Finds the device that a line means: by its number, or by thing and port when neither has one. */
class KnownDevices {
  readonly #byOiId = new Map<string, Device>();
  readonly #byPort = new Map<string, Device>();

  constructor(devices: readonly Device[]) {
    for (const device of devices) {
      if (device.oiId !== null) this.#byOiId.set(device.oiId, device);
      else this.#byPort.set(this.#key(device.typeId, device), device);
    }
  }

  find(row: InventoryRow, typeId: number): Device | null {
    return (row.oiId === '' ? this.#byPort.get(this.#key(typeId, row)) : this.#byOiId.get(row.oiId)) ?? null;
  }

  #key(typeId: number, row: Pick<InventoryRow, 'name' | 'inPort' | 'outPort' | 'polatisName'>): string {
    return JSON.stringify([typeId, nameKey(row.name), portOf(row)]);
  }
}

/** Serial numbers and addresses that devices outside the file hold already. */
class HeldKeys {
  readonly #bySerial = new Map<string, Device>();
  readonly #byIp = new Map<string, Device[]>();

  constructor(devices: readonly Device[]) {
    for (const device of devices) {
      if (device.serialNumber !== null) this.#bySerial.set(device.serialNumber, device);
      if (device.managementIp === null) continue;
      const sharing = this.#byIp.get(device.managementIp) ?? [];
      this.#byIp.set(device.managementIp, [...sharing, device]);
    }
  }

  clashesWith(facts: DeviceFacts, line: number): LineError[] {
    const belongsTo = (column: string, holder: Device | undefined): LineError[] =>
      holder ? [{ line, column, detail: `belongs to device ${holder.id} (${holder.name})` }] : [];
    const { serialNumber, managementIp } = facts;
    const atIp = managementIp === null ? [] : (this.#byIp.get(managementIp) ?? []);
    return [
      ...belongsTo('serial_number', serialNumber === null ? undefined : this.#bySerial.get(serialNumber)),
      ...belongsTo(
        'mgmt_ip',
        atIp.find((device) => !sameThing(device, facts)),
      ),
    ];
  }
}

const columnOf: Partial<Record<keyof DeviceFacts, string>> = {
  name: 'name',
  typeId: 'device_type',
  manufacturerId: 'manufacturer',
  model: 'model',
  serialNumber: 'serial_number',
  status: 'status',
  siteId: 'site',
  rack: 'rack',
  uPosition: 'u_position',
  hostname: 'hostname',
  managementIp: 'mgmt_ip',
  polatisName: 'polatis_name',
  inPort: 'in_port',
  outPort: 'out_port',
  ports: 'ports',
  ownerGroup: 'owner_group',
  notes: 'notes',
};

const differences = (
  before: Device,
  facts: DeviceFacts,
  tagsBefore: readonly string[],
  tags: readonly string[],
): string[] => {
  const fields = (Object.keys(columnOf) as (keyof DeviceFacts)[])
    .filter((fact) => JSON.stringify(before[fact]) !== JSON.stringify(facts[fact]))
    .map((fact) => columnOf[fact] ?? fact);
  const inOrder = (names: readonly string[]) => names.map(nameKey).sort().join(';');
  return inOrder(tagsBefore) === inOrder(tags) ? fields : [...fields, 'tags'];
};
