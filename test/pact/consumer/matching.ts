import { MatchersV3 } from '../pact.js';

export const {
  boolean,
  eachLike,
  eachValueMatches,
  fromProviderState,
  integer,
  like,
  nullValue,
  number,
  regex,
  string,
} = MatchersV3;

/** An instant with a zone, which `new Date` reads as that instant wherever the page is. */
export const instant = (example: string) =>
  regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/, example);

/** A date of the lab. */
export const day = (example: string) => regex(/^\d{4}-\d\d-\d\d$/, example);

/** One of some words. */
export const oneOf = (example: string, ...others: string[]) => regex(`^(${[example, ...others].join('|')})$`, example);

/** A score between 0 and 1. */
export const share = (example: number) => number(example);

/** A value that the states of the interaction tell, such as an id. */
export const told = <Value>(name: string, example: Value) => fromProviderState(`\${${name}}`, example);

/** A path with values that the states tell: `/devices/${deviceId}`, where the example has 7. */
export const toldPath = (expression: string, examples: Readonly<Record<string, string | number>>) =>
  fromProviderState(
    expression,
    expression.replace(/\$\{(\w+)\}/g, (_, name: string) => String(examples[name])),
  );
