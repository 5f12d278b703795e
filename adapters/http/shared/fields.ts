import './zod-openapi.js';
import { z } from 'zod';
import { isComparable, isKeepable, type LabZone } from '../../../domain/index.js';

const MOST_ID = 2_147_483_647;

/** Text of at most `longest` characters that every store keeps as it is. */
export const text = (longest: number, shortest = 0) =>
  z.string().min(shortest).max(longest).refine(isKeepable, { message: 'contains characters that are not text' });

/** What something is called: text that says something, and by which it can be found. */
export const name = (longest: number) =>
  text(longest)
    .transform((value) => value.trim())
    .refine((value) => value !== '', { message: 'must not be blank' })
    .refine((value) => isComparable(value, longest), { message: 'is too long in comparable form (Unicode NFKC)' });

/** Text, where blank and missing are the same as null. */
export const optionalText = (longest: number) =>
  text(longest)
    .nullish()
    .transform((value) => (value === undefined || value === null || value.trim() === '' ? null : value.trim()));

export const id = z.int().min(1).max(MOST_ID);

/** An identifier as part of a path. */
export const idInPath = z
  .string()
  .regex(/^\d{1,10}$/, 'is not an identifier')
  .transform(Number)
  .refine((value) => value >= 1 && value <= MOST_ID, { message: 'is not an identifier' })
  .openapi({ type: 'integer', minimum: 1 });

/** Identifiers that some clients send as text. */
export const idOrText = z.union([
  id,
  z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .pipe(id),
]);

/** An instant with Z or an offset, or lab time without; see `LabZone.parse`. */
export const instant = (zone: LabZone) =>
  z
    .string()
    .max(60)
    .transform((value) => zone.parse(value))
    .openapi({ type: 'string', example: '2026-11-27T00:01:00.000Z' });

/** Every instant in a reply. */
export const isoText = z.string().openapi({ format: 'date-time' });

/** A lab date. */
export const dateText = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be YYYY-MM-DD')
  .openapi({ format: 'date' });
