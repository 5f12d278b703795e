import type { EntitySchemaColumnOptions } from 'typeorm';

const fromNumber = { to: (value: unknown) => value, from: (value: unknown) => (value === null ? null : Number(value)) };

/** Identifiers rise and are never used twice, also after a row was deleted. */
export const id: EntitySchemaColumnOptions = { type: 'integer', primary: true, generated: 'increment' };

export const reference: EntitySchemaColumnOptions = { type: 'integer' };

/** Milliseconds since 1970 (UTC) as an integer: exact, and read the same by every driver in every time zone. */
export const instant: EntitySchemaColumnOptions = { type: 'bigint', transformer: fromNumber };

export const text = (length: number): EntitySchemaColumnOptions => ({ type: 'varchar', length });

export const longText: EntitySchemaColumnOptions = { type: 'text' };

/** A number with digits after the point, to all the digits that there are. */
export const decimal: EntitySchemaColumnOptions = { type: 'double' };

export const flag: EntitySchemaColumnOptions = { type: 'boolean' };

export const optional = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({
  ...column,
  nullable: true,
});

export const named = (name: string, column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({
  ...column,
  name,
});
