/**
 * The form under which names are compared: `ROADM 1`, ` roadm  1 ` and their Unicode variants are one name.
 * Every store indexes this form, so that none depends on a database's collation.
 */
export const nameKey = (name: string): string =>
  // Small letters may compose where capitals do not, so the form is taken once more.
  name.normalize('NFKC').toLowerCase().normalize('NFKC').trim().replace(/\s+/gu, ' ');

/**
 * Whether a name of at most `longest` characters can be kept in comparable form, for which stores have twice the room:
 * a few letters grow a lot in it (U+FDFA becomes 18).
 */
export const isComparable = (name: string, longest: number): boolean => nameKey(name).length <= 2 * longest;

/** `a`, `a and b`, `a, b and c`. */
export const inWords = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1] ?? ''}`;
