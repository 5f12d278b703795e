import { cpus } from 'node:os';
import type { Measurement } from './measure.js';
import type { Row } from './rows.js';

export interface Result {
  readonly store: string;
  readonly row: Row;
  readonly one: Measurement;
  readonly eight: Measurement;
}

const HEAD = [
  ...['request', 'CPU ms', 'floor', 'ratio', 'p50 ms', 'p99 ms', 'req/s'],
  ...['CPU ms, 8 at once', 'floor', 'ratio', 'p50 ms', 'p99 ms', 'req/s', 'target'],
];

const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(2));

const cellsOf = ({ server, floor }: Measurement): string[] => [
  number(server.cpu),
  number(floor.cpu),
  number(server.cpu / floor.cpu),
  ...[server.p50, server.p99, server.perSecond].map(number),
];

/** Whether a limit is kept one request at a time and eight at once. */
const verdictOn = (limit: string, one: boolean, eight: boolean): string => {
  if (one === eight) return `${limit} ${one ? 'met' : 'MISSED'}`;
  return `${limit} met ${one ? 'one at a time' : '8 at once'} only`;
};

const verdict = ({ store, row: { target, targetRatio }, one, eight }: Result): string => {
  if (store !== 'SQLite') return '';
  const costs = (limit: number, { server }: Measurement) => server.cpu <= limit;
  const compares = (limit: number, { server, floor }: Measurement) => server.cpu / floor.cpu <= limit;
  return [
    ...(target === null ? [] : [verdictOn(`${target} ms`, costs(target, one), costs(target, eight))]),
    ...(targetRatio === null
      ? []
      : [verdictOn(`${targetRatio}x`, compares(targetRatio, one), compares(targetRatio, eight))]),
  ].join(', ');
};

const line = (cells: readonly string[], widths: readonly number[]): string =>
  `| ${cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join(' | ')} |`;

const table = (rows: readonly (readonly string[])[]): string => {
  const widths = HEAD.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const rule = widths.map((width, column) => '-'.repeat(width - (column === 0 ? 0 : 1)) + (column === 0 ? '' : ':'));
  return [HEAD, rule, ...rows].map((cells) => line(cells, widths)).join('\n');
};

/** The results as Markdown, a table for each store. */
export const report = (results: readonly Result[]): string =>
  [...new Set(results.map(({ store }) => store))]
    .map((store) => {
      const own = results.filter((result) => result.store === store);
      const lines = own.map((result) => [
        result.row.name,
        ...cellsOf(result.one),
        ...cellsOf(result.eight),
        verdict(result),
      ]);
      return `\n${store}, Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})\n\n${table(lines)}\n`;
    })
    .join('');
