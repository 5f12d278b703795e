const RANGE = /^(\d{1,6})-(\d{1,6})$/;

/** `name:kind` as the inventory declares ports; `1-32:eth` declares ports 1 to 32. */
const splitSpec = (spec: string): { readonly name: string; readonly kind: string } => {
  const colon = spec.lastIndexOf(':');
  return colon < 0 ? { name: spec, kind: '' } : { name: spec.slice(0, colon), kind: spec.slice(colon + 1) };
};

/** What kind of port that is by the declarations of its device; null when none declares it. */
export const kindOfPort = (specs: readonly string[], port: string): string | null => {
  const number = /^\d{1,6}$/.test(port) ? Number(port) : null;
  for (const spec of specs) {
    const { name, kind } = splitSpec(spec);
    if (name === port) return kind;
    const range = number === null ? null : RANGE.exec(name);
    if (range && number !== null && number >= Number(range[1]) && number <= Number(range[2])) return kind;
  }
  return null;
};

/** How many ports of each kind are declared. */
export const countPorts = (specs: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const spec of specs) {
    const { name, kind } = splitSpec(spec);
    const range = RANGE.exec(name);
    const count = range ? Math.max(0, Number(range[2]) - Number(range[1]) + 1) : 1;
    counts.set(kind, (counts.get(kind) ?? 0) + count);
  }
  return counts;
};
