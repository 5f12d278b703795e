import { Deed } from './deed.js';
import type { DeviceRecord, Records } from './records.js';
import { possiblyLast, type Write } from './write.js';

/** What the torture changes of a device row. */
export type DeviceFacts = Omit<DeviceRecord, 'id' | 'window'>;

interface KnownDevice {
  readonly id: number;
  readonly facts: Write<DeviceFacts>[];
  readonly windows: Write<string>[];
  readonly removals: Deed[];
}

interface Addition {
  readonly deed: Deed;
  readonly facts: DeviceFacts;
  readonly window: string;
}

/** A maintenance that was announced, known by its reason. */
interface Announcement {
  readonly made: Deed;
  readonly endings: Deed[];
}

const same = (a: DeviceFacts, b: DeviceFacts): boolean =>
  a.type === b.type && a.name === b.name && a.status === b.status && a.inPort === b.inPort;

const inWords = ({ type, name, status, inPort }: DeviceFacts): string =>
  `${type} ${name}, ${status}, port ${inPort ?? '-'}`;

/** What administrators were told about device rows. */
export class DeviceLedger {
  readonly #known = new Map<number, KnownDevice>();
  /** By name: each added device has one of its own. */
  readonly #additions = new Map<string, Addition>();
  /** Rows that were added and, as far as is known, not removed. */
  readonly #added = new Set<number>();
  /** By reason: each announced maintenance has one of its own. */
  readonly #announcements = new Map<string, Announcement>();

  /** Rows that are there from the beginning. */
  begins(id: number, facts: DeviceFacts): void {
    const deed = new Deed();
    deed.done();
    this.#know(id, { deed, facts, window: '' });
  }

  /** To be called before the request is sent. */
  adds(facts: DeviceFacts, window: string): Deed {
    const deed = new Deed();
    this.#additions.set(facts.name, { deed, facts, window });
    return deed;
  }

  added(name: string, id: number): void {
    const addition = this.#additions.get(name);
    if (!addition) throw new Error(`nobody added ${name}`);
    addition.deed.done();
    this.#know(id, addition);
    this.#added.add(id);
  }

  /** @param window null when the request says nothing of maintenance. */
  changes(id: number, facts: DeviceFacts, window: string | null): Deed {
    const deed = new Deed();
    this.notes(id, facts, window, deed);
    return deed;
  }

  /** One deed that changes several rows notes each of them. */
  notes(id: number, facts: DeviceFacts, window: string | null, deed: Deed): void {
    const known = this.#known.get(id);
    known?.facts.push({ deed, value: facts });
    if (window !== null) known?.windows.push({ deed, value: window });
  }

  removes(id: number): Deed {
    const deed = new Deed();
    this.#known.get(id)?.removals.push(deed);
    return deed;
  }

  /** What the row was last said to be; null when it is gone or unknown. */
  lastKnown(id: number): DeviceFacts | null {
    const known = this.#known.get(id);
    if (!known || known.removals.some((deed) => deed.isDone)) return null;
    return known.facts.findLast(({ deed }) => deed.isDone)?.value ?? null;
  }

  /** Whether the row must be there now: it was acknowledged and nobody tried to remove it. */
  mustExist(id: number): boolean {
    return this.#known.get(id)?.removals.every((deed) => deed.isRefused) ?? false;
  }

  /** Rows that were added and not removed. */
  addedIds(): number[] {
    for (const id of this.#added) if (this.lastKnown(id) === null) this.#added.delete(id);
    return [...this.#added];
  }

  announces(reason: string): Deed {
    const made = new Deed();
    this.#announcements.set(reason, { made, endings: [] });
    return made;
  }

  callsOff(reason: string): Deed {
    const deed = new Deed();
    this.#announcements.get(reason)?.endings.push(deed);
    return deed;
  }

  #lostAnnouncements({ from, until, reasons }: Records): string[] {
    return [...this.#announcements].flatMap(([reason, { made, endings }]) => {
      const times = reasons.filter((other) => other === reason).length;
      const about = (what: string) => [`maintenance '${reason}' ${what}`];
      if (times > 1) return about(`is there ${times} times`);
      if (times === 1 && made.isRefused) return about('was refused and is there');
      if (times === 1 && endings.some((deed) => deed.surelyBy(from))) return about('was called off and is there');
      const isLost = times === 0 && made.surelyBy(from) && !endings.some((deed) => deed.maybeBy(until));
      return isLost ? about('was announced and is gone') : [];
    });
  }

  /** Everything in the records that does not agree with what administrators were told. */
  disagreements(records: Records): string[] {
    const found: string[] = [];
    for (const known of this.#known.values()) found.push(...this.#disagreementsOf(known, records));
    const byName = new Map<string, DeviceRecord[]>();
    for (const record of records.devices.values()) {
      byName.set(record.name, [...(byName.get(record.name) ?? []), record]);
    }
    for (const [name, { deed, facts, window }] of this.#additions) {
      const [row, ...more] = byName.get(name) ?? [];
      if (more.length > 0) found.push(`device ${name} was added once and is there ${more.length + 1} times`);
      if (!row || deed.isDone) continue;
      if (deed.isRefused) found.push(`device ${name} was refused and is there`);
      else if (!same(row, facts) || row.window !== window) found.push(`device ${name} was added in part`);
    }
    return [...found, ...this.#lostAnnouncements(records)];
  }

  #know(id: number, { deed, facts, window }: Addition): void {
    this.#known.set(id, {
      id,
      facts: [{ deed, value: facts }],
      windows: [{ deed, value: window }],
      removals: [],
    });
  }

  #disagreementsOf(known: KnownDevice, records: Records): string[] {
    const { id, removals } = known;
    const record = records.devices.get(id);
    if (!record) {
      return removals.some((deed) => deed.maybeBy(records.until)) || !known.facts[0]?.deed.surelyBy(records.from)
        ? []
        : [`device ${id} was acknowledged and is gone`];
    }
    if (removals.some((deed) => deed.surelyBy(records.from))) return [`device ${id} was removed and is there`];
    const found: string[] = [];
    const facts = possiblyLast(known.facts, records);
    if (!facts.some((value) => same(value, record))) {
      found.push(`device ${id} is ${inWords(record)}, and was last said to be ${facts.map(inWords).join(' or ')}`);
    }
    const windows = possiblyLast(known.windows, records);
    if (!windows.includes(record.window)) {
      found.push(`device ${id} has maintenance '${record.window}', and was last given '${windows.join(`' or '`)}'`);
    }
    return found;
  }
}
