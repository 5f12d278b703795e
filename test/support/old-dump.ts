import { readFileSync } from 'node:fs';

type Cell = string | number | null;

const INSERT = /^INSERT INTO `(\w+)` VALUES$/;
const COLUMN = /^ {2}`(\w+)` /;
const CREATE = /^CREATE TABLE `(\w+)` \($/;

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', 0: '\0', Z: '\x1a' };

/** The cells of one line of an INSERT as mysqldump writes it: `(1,'a\'b',NULL),`. */
const cellsOf = (line: string): Cell[] => {
  const cells: Cell[] = [];
  const token = /'((?:[^'\\]|\\.)*)'|NULL|-?[\d.e+-]+/gsy;
  let at = 1;
  for (;;) {
    token.lastIndex = at;
    const match = token.exec(line);
    if (!match) throw new Error(`not a row: ${line.slice(at, at + 40)}`);
    const [whole, quoted] = match;
    if (quoted !== undefined) cells.push(quoted.replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter));
    else cells.push(whole === 'NULL' ? null : Number(whole));
    at = token.lastIndex + 1;
    if (line[at - 1] === ')') return cells;
  }
};

/** The rows of a dump by table, so that most tests of them need no database. */
export const rowsOfDump = (path: string): Record<string, Record<string, Cell>[]> => {
  const columns = new Map<string, string[]>();
  const tables: Record<string, Record<string, Cell>[]> = {};
  let creating: string[] | null = null;
  let inserting: { names: string[]; rows: Record<string, Cell>[] } | null = null;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const created = CREATE.exec(line)?.[1];
    const filled = INSERT.exec(line)?.[1];
    if (created !== undefined) {
      creating = [];
      columns.set(created, creating);
      tables[created] = [];
    } else if (filled !== undefined) {
      inserting = { names: columns.get(filled) ?? [], rows: tables[filled] ?? [] };
    } else if (inserting && line.startsWith('(')) {
      const cells = cellsOf(line);
      inserting.rows.push(Object.fromEntries(inserting.names.map((name, index) => [name, cells[index] ?? null])));
    } else {
      inserting = null;
      const column = COLUMN.exec(line)?.[1];
      if (column !== undefined) creating?.push(column);
    }
  }
  return tables;
};
