/**
 * The form under which names are compared: `ROADM 1`, ` roadm  1 ` and their Unicode variants are one name.
 * Every store indexes this form, so that none depends on a database's collation.
 */
export const nameKey = (name: string): string => name.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase();

/** `a`, `a and b`, `a, b and c`. */
export const inWords = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1] ?? ''}`;
