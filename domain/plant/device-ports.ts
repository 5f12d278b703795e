import type { PlantPort } from '../topology/index.js';

const RANGE = /^(\d{1,6})-(\d{1,6})$/;
/** More ports than any device has that is not a mistake. */
const MOST_OF_RANGE = 4096;

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

/** Every port that is declared; of a range at most 4096. */
export const declaredPorts = (specs: readonly string[]): PlantPort[] =>
  specs.flatMap((spec) => {
    const { name, kind } = splitSpec(spec);
    const range = spec.includes('-') ? RANGE.exec(name) : null;
    if (!range) return [{ name, kind: kind === '' ? null : kind }];
    const [first, last] = [Number(range[1]), Number(range[2])];
    const count = Math.min(MOST_OF_RANGE, Math.max(0, last - first + 1));
    return Array.from({ length: count }, (_, index) => ({ name: String(first + index), kind }));
  });

/** Whether these are the ports of a patch switch: ranges of ingress and egress numbers. */
export const isSwitchPorts = (specs: readonly string[]): boolean =>
  (['in', 'out'] as const).every((kind) =>
    specs.some((spec) => spec.endsWith(`:${kind}`) && RANGE.test(splitSpec(spec).name)),
  );
