import type { OldJson } from './old-lab.js';

/** What a JSON column holds; null for nothing, and for text that is no JSON. */
export const jsonIn = (text: OldJson): unknown => {
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
};

/** An object of a JSON column; null for anything else. */
export const objectIn = (text: OldJson): Readonly<Record<string, unknown>> | null => {
  const value = jsonIn(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
};

/** A list of a JSON column; null for anything else. */
export const listIn = (text: OldJson): readonly unknown[] | null => {
  const value = jsonIn(text);
  return Array.isArray(value) ? (value as unknown[]) : null;
};

/** The texts of a list in a JSON column. */
export const textsIn = (text: OldJson): string[] => (listIn(text) ?? []).filter((item) => typeof item === 'string');
