import { LINK_DIRECTIONS, FIBRE_KINDS, type LinkDirection, type FibreKind } from '../../domain/index.js';
import type { InventoryLine, LineError } from '../inventory/index.js';

/** Columns of a file of links, in the order in which they are written. */
export const LINK_COLUMNS = [
  'link_id',
  'kind',
  'direction',
  'a_oi_id',
  'a_name',
  'a_port',
  'a_in_port',
  'a_out_port',
  'b_oi_id',
  'b_name',
  'b_port',
  'b_in_port',
  'b_out_port',
  'strands',
  'length_km',
  'loss_db',
  'fiber_type',
  'notes',
] as const;

/** A column of a file of links. */
export type LinkColumn = (typeof LINK_COLUMNS)[number];

/** One end as a file names it. */
export interface LinkRowEnd {
  readonly oiId: string;
  readonly name: string;
  readonly port: string | null;
  readonly inPort: number | null;
  readonly outPort: number | null;
}

/** One line of a file of links, understood. */
export interface LinkRow {
  readonly line: number;
  readonly label: string;
  readonly kind: FibreKind;
  readonly direction: LinkDirection;
  readonly a: LinkRowEnd;
  readonly b: LinkRowEnd;
  readonly strands: 1 | 2;
  readonly lengthKm: number;
  readonly lossDb: number;
  readonly fiberType: string | null;
  readonly notes: string | null;
}

const LONGEST: Readonly<Partial<Record<LinkColumn, number>>> = {
  link_id: 50,
  a_name: 200,
  b_name: 200,
  a_port: 60,
  b_port: 60,
  notes: 2_000,
};
const USUALLY_LONGEST = 100;

/** Furthest that a fibre reaches and most that it loses, in kilometres and dB. */
export const LONGEST_FIBRE_KM = 100_000;

/** The greatest loss, and the greatest gain, that a link can have. */
export const MOST_LOSS_DB = 1_000;

const NUMBER = /^-?\d{1,6}(?:\.\d{1,6})?$/;
// Control characters other than tab and line ends, and halves of surrogate pairs.
const NOT_TEXT = /(?![\t\n\r])[\p{Cc}\p{Cs}]/u;

/** Understands one line, and says everything that is wrong with it. */
export const readLinkLine = ({ line, values }: InventoryLine): { row: LinkRow; errors: LineError[] } => {
  const errors: LineError[] = [];
  const complain = (column: LinkColumn, detail: string) => {
    errors.push({ line, column, detail });
  };
  const text = (column: LinkColumn, isRequired = false): string | null => {
    const value = (values[column] ?? '').trim();
    const longest = LONGEST[column] ?? USUALLY_LONGEST;
    if (value === '') {
      if (isRequired) complain(column, 'is missing');
      return null;
    }
    if (value.length > longest) complain(column, `is longer than ${longest} characters`);
    else if (NOT_TEXT.test(value)) complain(column, 'contains characters that are not text');
    else return value;
    return null;
  };
  const oneOf = <Word extends string>(column: LinkColumn, words: readonly Word[], usual: Word): Word => {
    const value = (text(column) ?? usual).toLowerCase();
    const word = words.find((known) => known === value);
    if (word === undefined) complain(column, `'${value}' is none of ${words.join(', ')}`);
    return word ?? usual;
  };
  const portNumber = (column: LinkColumn): number | null => {
    const value = text(column);
    if (value === null) return null;
    if (/^\d{1,6}$/.test(value) && Number(value) >= 1) return Number(value);
    complain(column, `'${value}' is not a port number`);
    return null;
  };
  const number = (column: LinkColumn, lowest: number, highest: number): number => {
    const value = text(column);
    if (value === null) return 0;
    if (NUMBER.test(value) && Number(value) >= lowest && Number(value) <= highest) return Number(value);
    complain(column, `'${value}' is not a number from ${lowest} to ${highest}`);
    return 0;
  };
  const end = (side: 'a' | 'b'): LinkRowEnd => ({
    oiId: text(`${side}_oi_id`, true) ?? '',
    name: text(`${side}_name`) ?? '',
    port: text(`${side}_port`),
    inPort: portNumber(`${side}_in_port`),
    outPort: portNumber(`${side}_out_port`),
  });

  const strands = text('strands') ?? '2';
  if (strands !== '1' && strands !== '2') complain('strands', `'${strands}' is neither 1 nor 2`);
  const row: LinkRow = {
    line,
    label: text('link_id', true) ?? '',
    kind: oneOf('kind', FIBRE_KINDS, 'direct'),
    direction: oneOf('direction', LINK_DIRECTIONS, 'both'),
    a: end('a'),
    b: end('b'),
    strands: strands === '1' ? 1 : 2,
    lengthKm: number('length_km', 0, LONGEST_FIBRE_KM),
    lossDb: number('loss_db', -MOST_LOSS_DB, MOST_LOSS_DB),
    fiberType: text('fiber_type'),
    notes: text('notes'),
  };
  return { row, errors };
};
