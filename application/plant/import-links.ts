import {
  assertMay,
  mistakesInLink,
  nameKey,
  socketsOf,
  type Actor,
  type Device,
  type Hold,
  type Instant,
  type Link,
  type LinkFacts,
  type WiredRow,
} from '../../domain/index.js';
import { ImportRefused, MOST_IMPORT_LINES, type InventoryLine, type LineError } from '../inventory/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import { announceFibre, bookingsOver, fibreInUse, isRewired, type FibreUse } from './fibre-in-use.js';
import { LINK_COLUMNS, readLinkLine, type LinkRow, type LinkRowEnd } from './link-row.js';
import type { PlantStores, PlantWork } from './ports.js';
import { wiredRows } from './wired-rows.js';

/** What one line of a file changes, or would change. */
export interface LinkChange {
  readonly line: number;
  readonly label: string;
  readonly action: 'created' | 'updated' | 'unchanged';
  /** What differs from before, by column. */
  readonly fields: readonly string[];
}

/** What a file of links changes, or, in a dry run, would change. */
export interface LinkImportReport {
  readonly dryRun: boolean;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly changes: readonly LinkChange[];
  /** Live bookings over fibre that changes; they stay, and those whose they are are told. */
  readonly affected: readonly Hold[];
}

interface PlannedLink {
  readonly row: LinkRow;
  readonly facts: LinkFacts;
  readonly before: Link | null;
  readonly fields: readonly string[];
}

/** Reads a file of links into the plant: validates everything first, writes all of it or nothing, by `link_id`. */
export class ImportLinks {
  readonly #work: PlantWork;
  readonly #clock: Clock;

  constructor(work: PlantWork, clock: Clock) {
    this.#work = work;
    this.#clock = clock;
  }

  /**
   * @param columns the file's header line.
   * @param dryRun says what would happen, and writes nothing.
   * @throws ImportRefused with every mistake found; nothing was written then.
   */
  execute(
    actor: Actor,
    columns: readonly string[],
    lines: readonly InventoryLine[],
    { dryRun }: { readonly dryRun: boolean } = { dryRun: false },
  ): Promise<LinkImportReport> {
    assertMay(actor, 'devices:write');
    const rows = understand(columns, lines);
    return this.#work.run(async (stores) => {
      const { planned, wired } = await this.#plan(rows, stores);
      const now = this.#clock.now();
      const rewired = planned.flatMap(({ before, facts }) => (before && isRewired(before, facts) ? [before] : []));
      const uses = await fibreInUse(rewired, wired, stores, now);
      if (!dryRun) await this.#write(actor, planned, uses, wired, now, stores);
      const changes = planned.map(({ row: { line, label }, before, fields }): LinkChange => {
        if (!before) return { line, label, action: 'created', fields };
        return { line, label, action: fields.length > 0 ? 'updated' : 'unchanged', fields };
      });
      const count = (action: LinkChange['action']) => changes.filter((change) => change.action === action).length;
      return {
        ...{ dryRun, changes, affected: bookingsOver(uses) },
        ...{ created: count('created'), updated: count('updated'), unchanged: count('unchanged') },
      };
    });
  }

  async #plan(
    rows: readonly LinkRow[],
    { devices, links }: PlantStores,
  ): Promise<{ readonly planned: PlannedLink[]; readonly wired: ReadonlyMap<number, WiredRow> }> {
    const all = await devices.all();
    const byOiId = new Map(all.flatMap((device) => (device.oiId ? [[device.oiId, device]] : [])));
    const errors: LineError[] = [];
    const named = rows.flatMap((row) => {
      const [a, b] = [deviceAt(row, 'a', byOiId, errors), deviceAt(row, 'b', byOiId, errors)];
      return a && b ? [{ row, a, b }] : [];
    });
    const before = new Map((await links.labelled(rows.map((row) => row.label))).map((link) => [link.label, link]));

    // From here on nobody wires, books or removes these things: what is read next stays true.
    const left = new Set([...before.values()].flatMap(({ a, b }) => [a.deviceId, b.deviceId]));
    const claimed = await devices.claimThings([
      ...named.flatMap(({ a, b }) => [a, b]),
      ...all.filter(({ id }) => left.has(id)),
    ]);
    const wired = wiredRows(claimed);
    const planned: PlannedLink[] = [];
    for (const { row, a, b } of named) {
      const [rowA, rowB] = [wired.get(a.id), wired.get(b.id)];
      if (!rowA || !rowB) {
        errors.push({ line: row.line, column: rowA ? 'b_oi_id' : 'a_oi_id', detail: 'was removed meanwhile' });
        continue;
      }
      const facts = factsOf(row, a.id, b.id);
      for (const { field, detail } of mistakesInLink(facts, rowA, rowB)) {
        errors.push({ line: row.line, column: field.replace('_device', '_oi_id'), detail });
      }
      const known = before.get(row.label) ?? null;
      planned.push({ row, facts, before: known, fields: known ? differences(known, facts) : [] });
    }
    const written = new Set(planned.flatMap((plan) => (plan.before ? [plan.before.id] : [])));
    const staying = (await links.ofRows([...wired.keys()])).filter((link) => !written.has(link.id));
    errors.push(...sharedSockets(planned, staying, wired));
    if (errors.length > 0) throw new ImportRefused(errors.sort((x, y) => x.line - y.line));
    return { planned, wired };
  }

  async #write(
    actor: Actor,
    planned: readonly PlannedLink[],
    uses: readonly FibreUse[],
    wired: ReadonlyMap<number, WiredRow>,
    now: Instant,
    stores: PlantStores,
  ): Promise<void> {
    const { links, audit } = stores;
    for (const { facts, before, fields } of planned) {
      if (!before) await links.add(facts, now);
      else if (fields.length > 0) await links.update(before.id, facts, now);
    }
    await announceFibre(stores, 'fibre.changed', actor, uses, wired, now);
    await audit.append({
      at: now,
      actor: auditActorOf(actor),
      action: 'links.imported',
      entityType: 'inventory',
      entityId: null,
      entityLabel: null,
      message: `${actor.username} imported ${planned.length} links`,
      metadata: {
        labels: planned.filter(({ before, fields }) => !before || fields.length > 0).map(({ row }) => row.label),
      },
    });
  }
}

const understand = (columns: readonly string[], lines: readonly InventoryLine[]): LinkRow[] => {
  const known: readonly string[] = LINK_COLUMNS;
  const header = [
    ...LINK_COLUMNS.filter((column) => !columns.includes(column)).map((column) => [column, 'column is missing']),
    ...columns.filter((column) => !known.includes(column)).map((column) => [column, 'column is not known']),
    ...columns.filter((column, index) => columns.indexOf(column) !== index).map((column) => [column, 'is there twice']),
  ].map(([column = '', detail = '']) => ({ line: 1, column, detail }));
  if (header.length > 0) throw new ImportRefused(header);
  if (lines.length > MOST_IMPORT_LINES) {
    throw new ImportRefused([{ line: MOST_IMPORT_LINES + 1, column: null, detail: 'the file is too long' }]);
  }
  const errors: LineError[] = [];
  const rows: LinkRow[] = [];
  const lineOf = new Map<string, number>();
  for (const line of lines) {
    if (line.fieldCount !== undefined && line.fieldCount !== columns.length) {
      const detail = `has ${line.fieldCount} fields, and the header has ${columns.length}`;
      errors.push({ line: line.line, column: null, detail });
      continue;
    }
    const read = readLinkLine(line);
    errors.push(...read.errors);
    rows.push(read.row);
    const first = lineOf.get(read.row.label);
    if (first === undefined) lineOf.set(read.row.label, line.line);
    else if (read.row.label !== '') {
      errors.push({ line: line.line, column: 'link_id', detail: `is the same as in line ${first}` });
    }
  }
  if (errors.length > 0) throw new ImportRefused(errors.sort((a, b) => a.line - b.line));
  return rows;
};

const deviceAt = (
  row: LinkRow,
  side: 'a' | 'b',
  byOiId: ReadonlyMap<string, Device>,
  errors: LineError[],
): Device | null => {
  const { oiId, name } = row[side];
  const device = byOiId.get(oiId);
  if (!device) {
    errors.push({ line: row.line, column: `${side}_oi_id`, detail: `there is no device '${oiId}' in the inventory` });
  } else if (name !== '' && nameKey(device.name) !== nameKey(name)) {
    errors.push({ line: row.line, column: `${side}_name`, detail: `${oiId} is called ${device.name}` });
  }
  return device ?? null;
};

const factsOf = (row: LinkRow, aId: number, bId: number): LinkFacts => {
  const end = (deviceId: number, { port, inPort, outPort }: LinkRowEnd) => ({ deviceId, port, inPort, outPort });
  const { label, kind, direction, strands, lengthKm, lossDb, fiberType, notes } = row;
  return {
    ...{ label, kind, direction, a: end(aId, row.a), b: end(bId, row.b) },
    ...{ strands, lengthKm, lossDb, fiberType, notes },
  };
};

/** Sockets that two lines of the file want, or that a link outside of the file has. */
const sharedSockets = (
  planned: readonly PlannedLink[],
  staying: readonly Link[],
  wired: ReadonlyMap<number, WiredRow>,
): LineError[] => {
  const thingIdOf = (rowId: number) => wired.get(rowId)?.thingId ?? rowId;
  const usedBy = new Map<string, string>();
  for (const link of staying) {
    for (const { key } of socketsOf(link, thingIdOf)) usedBy.set(key, `link ${link.label ?? link.id}`);
  }
  return planned.flatMap(({ row, facts }) =>
    socketsOf(facts, thingIdOf).flatMap(({ key, side, label }): LineError[] => {
      const user = usedBy.get(key);
      usedBy.set(key, user ?? `line ${row.line}`);
      return user === undefined
        ? []
        : [{ line: row.line, column: `${side}_port`, detail: `${label} is used by ${user}` }];
    }),
  );
};

const differences = (before: Link, facts: LinkFacts): string[] => {
  const ends = (['a', 'b'] as const).flatMap((side) => [
    [`${side}_oi_id`, before[side].deviceId, facts[side].deviceId],
    [`${side}_port`, before[side].port, facts[side].port],
    [`${side}_in_port`, before[side].inPort, facts[side].inPort],
    [`${side}_out_port`, before[side].outPort, facts[side].outPort],
  ]);
  const rest = [
    ['kind', before.kind, facts.kind],
    ['direction', before.direction, facts.direction],
    ['strands', before.strands, facts.strands],
    ['length_km', before.lengthKm, facts.lengthKm],
    ['loss_db', before.lossDb, facts.lossDb],
    ['fiber_type', before.fiberType, facts.fiberType],
    ['notes', before.notes, facts.notes],
  ];
  return [...rest, ...ends].flatMap(([column, was, is]) => (was === is ? [] : [String(column)]));
};
