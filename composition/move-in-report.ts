import type { MoveReport } from '../application/move-in/index.js';
import { groupBy, isoOf } from '../domain/index.js';

const HEADINGS: Readonly<Record<MoveReport['outcome'], string>> = {
  moved: 'The old lab moved in.',
  'would-move': 'This is what would be done. Nothing was written.',
  'moved-before': 'This lab moved in before. Nothing was done.',
};

/** Longer lists of one kind are shown by their beginning; the file has all. */
const SHOWN = 12;

const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
};

const totalsOf = ({ totals }: MoveReport): string[] =>
  table([
    ['', 'read', 'taken', 'merged', 'refused'],
    ...Object.entries(totals).map(([name, { read, taken, merged, refused }]) => [
      name,
      ...[read, taken, merged, refused].map(String),
    ]),
  ]);

const overlapsOf = ({ overlaps }: MoveReport): string[] =>
  overlaps.map(
    ({ bookings: [a, b], deviceType, deviceName, from, to, rivalry, before, after }) =>
      `  ${a} and ${b} (${rivalry}) on ${deviceType} ${deviceName}, ${isoOf(from)} to ${isoOf(to)}: ` +
      `${before.join(' and ')}, now ${after.map((status) => status ?? 'gone').join(' and ')}`,
  );

const linesOf = ({ lines }: MoveReport, all: boolean): string[] => {
  const rules = groupBy(lines, ({ verdict, rule }) => `${verdict}: ${rule}`);
  return [...rules].flatMap(([heading, there]) => [
    `${heading} (${there.length})`,
    ...there.slice(0, all ? undefined : SHOWN).map(({ source, row, detail }) => `  ${source} ${row} ${detail}`),
    ...(!all && there.length > SHOWN ? [`  and ${there.length - SHOWN} more`] : []),
  ]);
};

/** The report for people: first what matters. @param all whether every line is shown. */
export const moveInText = (report: MoveReport, all: boolean): string => {
  const confirmed = report.overlaps.filter(({ bothConfirmed }) => bothConfirmed);
  const count = (verdict: string) => report.lines.filter((line) => line.verdict === verdict).length;
  return [
    `${HEADINGS[report.outcome]} (${isoOf(report.at)})`,
    ...report.hindrances.map((hindrance) => `It could not be done: ${hindrance}`),
    `${count('changed')} changes, ${count('merged')} rows merged, ${count('refused')} rows refused, ${count('noted')} remarks.`,
    `${report.overlaps.length} overlaps of bookings; both were confirmed in ${confirmed.length}.`,
    '',
    ...totalsOf(report),
    '',
    'Overlaps:',
    ...overlapsOf(all ? report : { ...report, overlaps: confirmed }),
    ...(all ? [] : [`  and ${report.overlaps.length - confirmed.length} that were not confirmed twice`]),
    '',
    ...linesOf(report, all),
    '',
  ].join('\n');
};

/** The report for programs: everything, with times as everywhere else. */
export const moveInJson = ({ at, overlaps, papers, ...report }: MoveReport): string =>
  `${JSON.stringify(
    {
      ...report,
      at: isoOf(at),
      overlaps: overlaps.map((overlap) => ({ ...overlap, from: isoOf(overlap.from), to: isoOf(overlap.to) })),
      papers: papers.map(({ oldPath, attachment: { id, vaultName } }) => ({ id, oldPath, vaultName })),
    },
    null,
    1,
  )}\n`;
