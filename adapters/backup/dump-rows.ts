import { createReadStream } from 'node:fs';
import { BackupProblem } from './backup-problem.js';

/** A row by the names of its columns; numbers are texts here. */
export type DumpedRow = Readonly<Record<string, string | null>>;

/** A name between backticks, one statement up to it, and what follows. */
const CREATE = /^CREATE TABLE `((?:[^`]|``)+)` \($/;
const COLUMN = /^\s+`((?:[^`]|``)+)` /;
const INSERT = /^INSERT INTO `((?:[^`]|``)+)` (?:\(([^)]*)\) )?VALUES\b/;
const TOKEN = /\s*(?:'([^'\\]*(?:(?:\\[^]|'')[^'\\]*)*)'|([^\s,();']+)|([(),;]))/y;
const ESCAPED = /\\([^])|''/g;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', '0': '\0', Z: '\x1a' };

const endsInText = (line: string): boolean => (/\\+$/.exec(line)?.[0].length ?? 0) % 2 === 1;

/** Lines of SQL. A line feed within a text has a backslash before it, and ends none of them. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let line = '';
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    // Not by node:readline, which also splits at line separators of Unicode.
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      line += part;
      if (endsInText(part)) {
        line += '\n';
        continue;
      }
      yield line;
      line = '';
    }
  }
  if (line + rest !== '') yield line + rest;
}

const plain = (text: string): string =>
  text.replace(ESCAPED, (_, escaped?: string) => (escaped === undefined ? "'" : (ESCAPES[escaped] ?? escaped)));

/** The values between VALUES and the semicolon; null when this is something else. */
const valuesOf = (text: string): (string | null)[][] | null => {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] | null = null;
  TOKEN.lastIndex = 0;
  for (;;) {
    const token = TOKEN.exec(text);
    if (token === null) return null;
    const [, quoted, bare, mark] = token;
    if (mark === ';') return row === null ? rows : null;
    if (mark === '(' && row === null) row = [];
    else if (mark === ')' && row !== null) {
      rows.push(row);
      row = null;
    } else if (mark === '(' || mark === ')') return null;
    else if (mark === undefined && row === null) return null;
    else if (quoted !== undefined) row?.push(plain(quoted));
    else if (bare !== undefined) row?.push(bare === 'NULL' ? null : bare);
  }
};

/**
 * The rows of some tables in what `mariadb-dump` or `mysqldump` wrote.
 * @throws BackupProblem when one of the tables is not in it, or when a row cannot be read: none is passed over.
 */
export const rowsOfDump = async <Table extends string>(
  file: string,
  tables: readonly Table[],
): Promise<Record<Table, DumpedRow[]>> => {
  const columns = new Map<string, string[]>();
  const rows = new Map<string, DumpedRow[]>(tables.map((table) => [table, []]));
  let created: string[] | null = null;
  let statement = '';
  const take = (text: string): void => {
    const [head, table = '', given] = INSERT.exec(text) ?? [''];
    const names = given?.split(',').map((name) => name.trim().slice(1, -1)) ?? columns.get(table);
    const values = valuesOf(text.slice(head.length));
    if (names === undefined || !values?.every((row) => row.length === names.length))
      throw new BackupProblem(`A row of ${table} in ${file} cannot be read.`);
    for (const row of values) rows.get(table)?.push(Object.fromEntries(row.map((value, n) => [names[n] ?? '', value])));
  };
  for await (const line of linesOf(file)) {
    if (statement !== '') statement += `\n${line}`;
    else if (created !== null) {
      const name = COLUMN.exec(line)?.[1];
      if (name !== undefined) created.push(name);
      else if (line.startsWith(')')) created = null;
    } else if (line.startsWith('CREATE TABLE ')) {
      const table = CREATE.exec(line)?.[1] ?? '';
      if (rows.has(table)) columns.set(table, (created = []));
    } else if (rows.has(INSERT.exec(line)?.[1] ?? '')) statement = line;
    if (!statement.endsWith(';')) continue;
    take(statement);
    statement = '';
  }
  for (const table of tables)
    if (!columns.has(table)) throw new BackupProblem(`${file} holds no lab: it has no table ${table}.`);
  if (statement !== '') throw new BackupProblem(`${file} is cut off.`);
  return Object.fromEntries(rows) as Record<Table, DumpedRow[]>;
};
