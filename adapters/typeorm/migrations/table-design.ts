import { Table, type QueryRunner, type TableColumnOptions, type TableIndexOptions } from 'typeorm';

type Column = Omit<TableColumnOptions, 'name'>;

/** Column kinds of both database families. A migration is never changed after release, and so neither are these. */
export const id: Column = { type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' };
export const reference: Column = { type: 'integer' };
export const instant: Column = { type: 'bigint' };
export const longText: Column = { type: 'text' };
export const flag: Column = { type: 'boolean' };
export const decimal: Column = { type: 'double' };
export const text = (length: number): Column => ({ type: 'varchar', length: String(length) });
export const optional = (column: Column): Column => ({ ...column, isNullable: true });
export const primary = (column: Column): Column => ({ ...column, isPrimary: true });

export const index = (name: string, ...columnNames: string[]): TableIndexOptions => ({ name, columnNames });
export const unique = (name: string, ...columnNames: string[]): TableIndexOptions => ({
  name,
  columnNames,
  isUnique: true,
});

const onMysql = (queryRunner: QueryRunner): boolean => queryRunner.dataSource.options.type === 'mysql';

/** What the kinds are called there; `text` ends at 64 KB, which the answer to a long request exceeds. */
const mysqlTypes: Readonly<Record<string, string>> = { boolean: 'tinyint', integer: 'int', text: 'mediumtext' };

const forMysql = (column: Column): Column => ({ ...column, type: mysqlTypes[column.type] ?? column.type });

/**
 * Creates a table. Text is compared byte by byte in every database: letter case is a matter of the `..._key` columns,
 * never of a collation.
 */
export const createTable = async (
  queryRunner: QueryRunner,
  name: string,
  columns: Readonly<Record<string, Column>>,
  indices: TableIndexOptions[] = [],
): Promise<void> => {
  const mysql = onMysql(queryRunner);
  const table = new Table({
    name,
    columns: Object.entries(columns).map(([columnName, column]) => ({
      name: columnName,
      ...(mysql ? forMysql(column) : column),
    })),
    indices,
    ...(mysql && { engine: 'InnoDB' }),
  });
  await queryRunner.createTable(table, true, false, true);
  if (mysql) {
    await queryRunner.query(`ALTER TABLE \`${name}\` CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  }
};
