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

/** At most `longest` UTF-16 units of a text, with a mark where the rest was; characters stay whole. */
export const shortened = (text: string, longest: number): string => {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
};

/** `a`, `a and b`, `a, b and c`. */
export const inWords = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1] ?? ''}`;

// NUL, other control characters except tab and line ends, and halves of surrogate pairs: no database keeps them all.
const NOT_TEXT = /(?![\t\n\r])[\p{Cc}\p{Cs}]/u;

/** Whether every store keeps the characters as they are. */
export const isKeepable = (text: string): boolean => !NOT_TEXT.test(text);
