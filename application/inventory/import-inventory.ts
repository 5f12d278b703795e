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
  type InventoryLine,
  type InventoryRow,
  type LineError,
} from './inventory-row.js';
import { namedOrMade } from './named-or-made.js';
import type { InventoryStores, InventoryWork, Named, ThingName } from './ports.js';
import { claimRow, moveRowBetweenThings, sameThing } from './thing-membership.js';

export interface ImportChange {
  readonly line: number;
  readonly oiId: string;
  readonly action: 'created' | 'updated' | 'unchanged';
  /** What differs from before, by column. */
  readonly fields: readonly string[];
}

export interface ImportReport {
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
  return errors.sort((a, b) => a.line - b.line);
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
   * @throws ImportRefused with every mistake found; nothing was written then.
   */
  execute(actor: Actor, columns: readonly string[], lines: readonly InventoryLine[]): Promise<ImportReport> {
    assertMay(actor, 'devices:write');
    const rows = this.#understand(columns, lines);
    return this.#work.run((stores) => this.#write(actor, rows, stores));
  }

  #understand(columns: readonly string[], lines: readonly InventoryLine[]): InventoryRow[] {
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
    const errors = [...torn, ...read.flatMap((result) => result.errors), ...mistakesBetween(rows)];
    if (errors.length > 0) throw new ImportRefused(errors.sort((a, b) => a.line - b.line));
    return rows;
  }

  async #write(actor: Actor, rows: readonly InventoryRow[], stores: InventoryStores): Promise<ImportReport> {
    const now = this.#clock.now();
    const types = new NamesToIds<DeviceType>(await stores.deviceTypes.all(), (name) => {
      const category = rows.find((row) => same(row.type, name))?.category ?? 'OPTICAL';
      const schedulable = schedulableByDefault(category);
      return namedOrMade(stores.deviceTypes, { name, category, description: null, schedulable, hasPorts: true }, now);
    });
    // From here on no other import, form or booking touches these things: what is read next stays true.
    await stores.devices.claimThings(await thingsOf(rows, types));
    const named = async (catalogue: InventoryStores['sites']) =>
      new NamesToIds<Named>(await catalogue.all(), (name) => namedOrMade(catalogue, { name }, now));
    const [manufacturers, sites, tags] = [
      await named(stores.manufacturers),
      await named(stores.sites),
      await named(stores.tags),
    ];

    const inventory = await stores.devices.all();
    const byOiId = new Map(inventory.flatMap((device) => (device.oiId ? [[device.oiId, device] as const] : [])));
    const tagsBefore = await stores.deviceTags.all();
    const oiIds = new Set(rows.map((row) => row.oiId));
    const held = new HeldKeys(inventory.filter((device) => device.oiId === null || !oiIds.has(device.oiId)));

    const planned: { row: InventoryRow; facts: DeviceFacts; before: Device | null; fields: string[] }[] = [];
    const errors: LineError[] = [];
    for (const row of rows) {
      const type = await types.entry(row.type);
      if (type.category !== row.category) {
        errors.push({
          line: row.line,
          column: 'category',
          detail: `${type.name} is of category ${type.category} here`,
        });
      }
      const before = byOiId.get(row.oiId) ?? null;
      const facts: DeviceFacts = {
        oiId: row.oiId,
        name: row.name,
        typeId: type.id,
        manufacturerId: await manufacturers.idOf(row.manufacturer),
        model: row.model,
        serialNumber: row.serialNumber,
        status: row.status,
        siteId: await sites.idOf(row.site),
        rack: row.rack,
        uPosition: row.uPosition,
        hostname: row.hostname,
        managementIp: row.managementIp,
        polatisName: row.polatisName,
        polatisPortRange: before?.polatisPortRange ?? null,
        inPort: row.inPort,
        outPort: row.outPort,
        ports: row.ports,
        ownerGroup: row.ownerGroup,
        notes: row.notes,
      };
      errors.push(...held.clashesWith(facts, row.line));
      const fields = before ? differences(before, facts, tagsBefore.get(before.id) ?? [], row.tags) : [];
      planned.push({ row, facts, before, fields });
    }
    if (errors.length > 0) throw new ImportRefused(errors);

    const changes: ImportChange[] = [];
    await this.#releaseSerials(planned, stores);
    for (const { row, facts, before, fields } of planned) {
      const { line, oiId } = row;
      if (before && fields.length === 0) {
        changes.push({ line, oiId, action: 'unchanged', fields: [] });
        continue;
      }
      const current = before && (await claimRow(before, facts, stores.devices));
      let id = current?.id;
      // Each time is read once the thing is claimed: which of a change and a booking came first can be told by them.
      if (current) {
        await moveRowBetweenThings(current, facts, stores, this.#clock);
        await stores.devices.update(current.id, facts, this.#clock.now());
      } else {
        await stores.devices.claimThings([facts]);
        id = (await stores.devices.add(facts, this.#clock.now())).id;
      }
      if (id !== undefined && (before ? fields.includes('tags') : row.tags.length > 0)) {
        const tagIds: number[] = [];
        for (const tag of row.tags) tagIds.push((await tags.entry(tag)).id);
        await stores.deviceTags.set(id, tagIds);
      }
      changes.push({ line, oiId, action: before ? 'updated' : 'created', fields });
    }
    const report: ImportReport = {
      created: changes.filter((change) => change.action === 'created').length,
      updated: changes.filter((change) => change.action === 'updated').length,
      unchanged: changes.filter((change) => change.action === 'unchanged').length,
      changes,
    };
    const { created, updated, unchanged } = report;
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
    return report;
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
