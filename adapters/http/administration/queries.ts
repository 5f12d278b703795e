import { z } from 'zod';
import { text } from '../shared/fields.js';

/** The pages send filters that are not set as nothing. */
const blank = z
  .string()
  .regex(/^\s*$/)
  .transform(() => undefined);

export const orBlank = <Schema extends z.ZodType>(schema: Schema) => z.union([blank, schema]).optional();

/** Part of a name, or all of it. */
export const words = orBlank(text(200).transform((value) => value.trim()));

/** Words with commas between them. */
export const wordList = orBlank(text(400).transform((list) => list.split(',').filter((word) => word.trim() !== '')));

export const yesOrNo = orBlank(
  z.enum(['true', 'false', '1', '0']).transform((word) => word === 'true' || word === '1'),
);

const number = (fewest: number, most: number, usual: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, 'is not a number')
    .transform(Number)
    .pipe(z.int().min(fewest).max(most))
    .default(usual)
    .openapi({ type: 'integer', minimum: fewest, maximum: most, default: usual });

const MOST_ROWS = 200;
const USUAL_ROWS = 25;

export const paging = { limit: number(1, MOST_ROWS, USUAL_ROWS), offset: number(0, 2_147_483_647, 0) };

/** One page of a list; `total` counts everything that matches. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), meta: z.object({ total: z.int(), limit: z.int(), offset: z.int() }) });
