import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../composition/package-root.js';
import { operationsOf, type OpenApiDocument, type Operation } from './operations.js';

/** A request as one of the two browser UIs sends it, and what the UI reads of the reply. */
export interface RecordedRequest {
  readonly n: number;
  readonly ui: 'scheduler' | 'inventory';
  /** Whether links lead there, an address that one has to know, or nothing any more. */
  readonly state: 'live' | 'legacy' | 'orphan';
  readonly action: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `${placeholders}`, and with a query where there is one. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The headers that the browser asks to send, before it sends the request; false when it does not ask. */
  readonly preflight: false | readonly string[];
  /** `[]` is an item of a list, `*` any key. */
  readonly expect: { readonly status: number; readonly fields: readonly string[]; readonly note?: string };
}

export const recordedRequests = (): RecordedRequest[] =>
  readFileSync(join(packageRoot, 'test', 'data', 'frontend', 'requests.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedRequest);

/** The operation that serves the request; null while there is none. */
export const operationFor = (request: RecordedRequest, document: OpenApiDocument): Operation | null => {
  const [path = ''] = request.path.split('?');
  const segments = path.split('/');
  const serves = (template: string): boolean => {
    const names = template.split('/');
    return (
      names.length === segments.length &&
      names.every((name, index) => {
        const segment = segments[index] ?? '';
        // A word in a recorded path is a word, never the value of a parameter: `/bookings/for-week`.
        return name.startsWith('{') ? /^(?:\$\{\w+\}|\d+)$/.test(segment) : name === segment;
      })
    );
  };
  return (
    operationsOf(document).find(
      (operation) => operation.method === request.method.toLowerCase() && serves(operation.path),
    ) ?? null
  );
};

/** Whole years of weeks, so that weekdays, winter and summer stay what they were. */
const WEEKS = 52;

const movedDate = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + WEEKS * 7 * 86_400_000).toISOString().slice(0, 10);

/** Every date in a text, 52 weeks later. */
export const movedDates = (text: string): string => text.replace(/\b2026-\d{2}-\d{2}/g, movedDate);

const PLACEHOLDER = /\$\{([^}]+)\}/g;

/** Everything in a request with its dates moved and its placeholders filled. */
export const filled = <T>(value: T, fill: (placeholder: string) => unknown): T => {
  if (typeof value === 'string') {
    const [whole, name] = /^\$\{([^}]+)\}$/.exec(value) ?? [];
    if (whole !== undefined) return fill(name ?? '') as T;
    return movedDates(value.replace(PLACEHOLDER, (_, inside: string) => String(fill(inside)))) as T;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => filled(item, fill)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, fill)])) as T;
};

/**
 * What the UI would miss in a reply: the fields that are not there. A null ends a path, since the UIs cope with it. A
 * list without items shows nothing of its fields: that counts as missing too, unless `mayBeEmpty` has its path.
 */
export const missingFields = (
  reply: unknown,
  fields: readonly string[],
  mayBeEmpty: ReadonlySet<string> = new Set(),
): string[] => fields.filter((field) => isMissing(reply, field, mayBeEmpty));

const isMissing = (reply: unknown, field: string, mayBeEmpty: ReadonlySet<string>): boolean => {
  let values: unknown[] = [reply];
  let path = '';
  for (const step of field.match(/\[\]|[^.[\]]+/g) ?? []) {
    path += step === '[]' || path === '' ? step : `.${step}`;
    const reached = values.filter((value) => value !== null);
    if (reached.length === 0) return false;
    if (step === '[]') {
      if (!reached.every((value) => Array.isArray(value))) return true;
      values = reached.flat();
      if (values.length === 0) return !mayBeEmpty.has(path);
    } else {
      if (!reached.every((value) => typeof value === 'object')) return true;
      if (step === '*') values = reached.flatMap((value) => Object.values(value) as unknown[]);
      else {
        if (!reached.every((value) => Object.hasOwn(value, step))) return true;
        values = reached.map((value) => (value as Record<string, unknown>)[step]);
      }
      if (values.length === 0) return true;
    }
  }
  return false;
};
