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
