import type { Quantity, Saying } from './profile.js';
import type { Column } from './snmp-client.js';
import type { SnmpValue } from './snmp-session.js';

/** Whether an object of a profile is a single value, not a column. */
export const isSingle = (oid: string): boolean => oid.endsWith('.0');

/** @returns null for what is not a number. */
export const numberIn = (value: SnmpValue | null | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** Text as people typed it on the device; null when nothing is left of it. */
export const textIn = (value: SnmpValue | null | undefined): string | null => {
  if (value === null || value === undefined) return null;
  const text = (Buffer.isBuffer(value) ? value.toString('utf8') : String(value))
    // Some devices fill up with zeros, and no name needs control characters.
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return text === '' ? null : text;
};

/** What was read from a device, by the names of its profile. */
export class Cells {
  readonly #single = new Map<string, SnmpValue>();
  readonly #columns = new Map<string, Column>();

  putSingle(oid: string, value: SnmpValue): void {
    this.#single.set(oid, value);
  }

  putColumn(oid: string, column: Column): void {
    this.#columns.set(oid, column);
  }

  /** Rows of a column in the device's order; a single value has one row without a name. */
  rows(oid: string): string[] {
    if (isSingle(oid)) return this.#single.has(oid) ? [''] : [];
    return [...(this.#columns.get(oid)?.keys() ?? [])];
  }

  /** What a column says of a row, or of the unit that the row belongs to. */
  at(oid: string, row: string): SnmpValue | null {
    if (isSingle(oid)) return this.#single.get(oid) ?? null;
    const column = this.#columns.get(oid);
    for (let name = row; column && name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
      const value = column.get(name);
      if (value !== undefined) return value;
    }
    return null;
  }

  /** The first text in the first row of any of them. */
  firstText(oids: readonly string[]): string | null {
    for (const oid of oids) {
      const text = textIn(this.at(oid, this.rows(oid)[0] ?? ''));
      if (text !== null) return text;
    }
    return null;
  }

  says({ oid, is }: Saying, row: string): boolean {
    const value = numberIn(this.at(oid, row));
    return value !== null && is.includes(value);
  }

  /** What is measured in a row, in the unit that people read; null when it is not, or not at what scale. */
  measured(quantity: Quantity, row: string): number | null {
    const { oid, times = 1, digits, only = [], fahrenheit, signed } = quantity;
    const raw = numberIn(this.at(oid, row));
    if (raw === null || (raw < 0 && !signed) || !only.every((saying) => this.says(saying, row))) return null;
    const decimals = digits === undefined ? 0 : numberIn(this.at(digits, row));
    if (decimals === null) return null;
    const value = (raw * times) / 10 ** decimals;
    return rounded(fahrenheit && this.says(fahrenheit, row) ? ((value - 32) * 5) / 9 : value);
  }

  /** All that is measured, in every row. */
  allMeasured(quantity: Quantity): number[] {
    const { oid, sensor } = quantity;
    return this.rows(oid)
      .filter((row) => sensor === undefined || row.endsWith(`.${sensor}`))
      .map((row) => this.measured(quantity, row))
      .filter((value) => value !== null);
  }
}

/** Without the noise of binary fractions. */
export const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
