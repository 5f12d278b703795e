import { request as httpRequest, type Agent } from 'node:http';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { operationsOf, nameOf, type OpenApiDocument, type Operation, type Parameter } from './operations.js';
import { samples, type Sample } from './operation-samples.js';
import type { KnownLab } from './prepared-lab.js';
import { SchemaValues, type Hint, type JsonSchema } from './schema-values.js';

/** A request as it goes over the wire, so that it can be anything. */
export interface WireRequest {
  readonly method: string;
  /** With the query, percent-encoded already. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface WireReply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Sends it as it is. */
export const send = (port: number, agent: Agent, { method, path, headers, body }: WireRequest): Promise<WireReply> =>
  new Promise((resolve, reject) => {
    const length: Record<string, string> = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sending = httpRequest({ port, agent, method, path, headers: { ...length, ...headers } });
    sending.once('error', reject);
    sending.once('response', (response) => {
      const type = (response.headers['content-type'] ?? '').split(';', 1)[0] ?? '';
      if (type === 'text/event-stream') {
        // It has no end.
        response.destroy();
        resolve({ status: response.statusCode ?? 0, type, body: '' });
        return;
      }
      text(response).then((received) => {
        resolve({ status: response.statusCode ?? 0, type, body: received });
      }, reject);
    });
    sending.end(body);
  });

/** A request in parts: what a client fills in. */
interface Form {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** A body that is not JSON; sent where there is no other. */
  readonly raw: Sample['raw'] | null;
}

/** Where in a form a value stands or could stand, and what it may be there. */
interface Place {
  readonly part: 'params' | 'query' | 'headers' | 'body';
  /** Keys and indices inwards; empty for a whole body. */
  readonly keys: readonly (string | number)[];
  readonly schema: JsonSchema;
}

/** Of an alias, the operation that it is the same as. */
const canonical = (operation: Operation): string => {
  const [, path] = /^The same as `(.+)`\.$/.exec(operation.description ?? '') ?? [];
  return nameOf(path === undefined ? operation : { ...operation, path });
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// ---------------------------------------------------------------------------------------------------- real ids

/** The kind of thing that `{id}` is in a path, or that a field's name says. */
const idsNamed = (kind: string, lab: KnownLab): readonly (number | string)[] | null => {
  if (/^devices?$/.test(kind)) return lab.deviceIds;
  if (/^device[-_]?types?$/.test(kind)) return lab.deviceTypeIds;
  if (/^manufacturers?$/.test(kind)) return lab.manufacturerIds;
  if (/^sites?$/.test(kind)) return lab.siteIds;
  if (/^tags?$/.test(kind)) return lab.tagIds;
  if (/^attachments?$/.test(kind)) return lab.attachmentIds;
  if (/^bookings?$/.test(kind)) return lab.bookingIds;
  if (/^(users?|owner|requester)$/.test(kind)) return lab.userIds;
  if (/^(groups?|grouped_booking)$/.test(kind)) return lab.groupIds;
  return null;
};

const idsInPath = (path: string, name: string, lab: KnownLab): readonly (number | string)[] | null => {
  const [before = ''] = path.split(`{${name}}`);
  const kind = name === 'id' ? (before.split('/').filter(Boolean).at(-1) ?? '') : name.replace(/_?id$/i, '');
  return idsNamed(kind.toLowerCase(), lab);
};

/** Real ids and times ahead, where a field's name asks for them. */
const hintsOf =
  (lab: KnownLab): Hint =>
  (name, schema) => {
    const list = schema.type === 'array';
    const [, edge] = /^(start|from|end|to|until)(?:_time|_date)?$/.exec(name) ?? [];
    if (edge !== undefined) {
      const time = edge === 'start' || edge === 'from' ? 'T09:00:00Z' : 'T17:00:00Z';
      return fc.constant(schema.format === 'date' ? lab.freeDate : `${lab.freeDate}${time}`);
    }
    const [, kind] = /^(.+)_ids?$/.exec(name) ?? [];
    const ids = kind === undefined || list ? null : idsNamed(kind, lab);
    return ids && fc.constantFrom(...ids);
  };

// ---------------------------------------------------------------------------------------------------- garbage

const deep = (depth: number): unknown => (depth === 0 ? 'deep' : { deep: [deep(depth - 1)] });

/** Values that have broken servers. */
const NOTORIOUS: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 1.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, -(2 ** 31) - 1],
  ...['', ' ', '\t', '\0', 'a\0b', '\u001b[2J', '\ud800', 'a\udc00b', '\ufeff', '\u202e', 'İ', 'ﷺ'.repeat(30)],
  ...['😀', '👩🏽‍🔬', 'é', 'e\u0301', 'x'.repeat(5000), '😀'.repeat(2500), '%', '%00', '_', "' OR 1=1 --", '"', '\\'],
  ...['__proto__', 'constructor', 'toString', '../../etc/passwd', '{{7*7}}', '${jndi:ldap://x}', '<script>', '=1+1'],
  ...['NaN', 'Infinity', '-1', '0', '1e3', '0x10', '99999999999999999999', '1; DROP TABLE users', 'null', 'BANANA'],
  ...['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '+10000-01-01T00:00:00Z', '-000001-01-01T00:00:00Z'],
  ...['0001-01-01', '9999-12-31', '+10000-01-01', '2026-02-30', '2026-13-01', '2026-11-25T24:00:00Z', '2026-11-25'],
  // Skipped and shown twice by the lab's clock; no zone, odd zones, leap second.
  ...['2027-03-28T01:30:00', '2026-10-25T01:30:00', '2026-11-25T09:00:00', '2026-11-25T09:00:00+99:99'],
  ...['2026-11-25T09:00:00-00:00', '2026-06-30T23:59:60Z', '1732525200000', 'All Day/0001-01-01', 'All Day/9999-12-31'],
  ...[[], [[]], [null], {}, { length: 1 }, { __proto__: null, toString: 1 }, [1, '1', null], deep(40)],
  ...[Array.from({ length: 2000 }, (_, index) => index), Object.fromEntries([['', '']]), { $gt: '' }],
];

const garbage: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NOTORIOUS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.maxSafeInteger() },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

/** Bodies that are no JSON, or more of it than anybody means. */
const notJson: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['', ' ', '{', '}', '{"a":1,}', "{'a':1}", '{"a":1}{"a":1}', 'undefined', 'NaN', '\ufeff{}', '\0', '"', '[1,'],
    ...[
      'null',
      'true',
      '0',
      '""',
      '[]',
      '[{}]',
      '"text"',
      '1e999',
      '{"a":"\u0001"}',
      '{"a":"\\u00"}',
      '{"a":"\\ud800"}',
    ],
    ...['{"__proto__":{"a":1}}', '{"constructor":{"prototype":{"a":1}}}', '{"a":1,"a":2}', '{"":""}', 'a=1&b=2'],
    '['.repeat(20_000),
    '{"a":'.repeat(5_000),
    `${'['.repeat(3_000)}${']'.repeat(3_000)}`,
    `{"a":"${'x'.repeat(1_100_000)}"}`,
    `[${'0,'.repeat(50_000)}0]`,
  ),
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.json(),
);

const oddContentHeaders: fc.Arbitrary<Readonly<Record<string, string>>> = fc.constantFrom(
  ...['text/plain', 'text/csv', 'application/xml', 'multipart/form-data', 'multipart/form-data; boundary=x'].map(
    (type) => ({ 'content-type': type }),
  ),
  ...['application/x-www-form-urlencoded', 'application/json; charset=utf-7', 'application/json; charset=latin1'].map(
    (type) => ({ 'content-type': type }),
  ),
  ...['application/json; charset=', 'application/problem+json', 'json', '/', ';', '*/*', ''].map((type) => ({
    'content-type': type,
  })),
  ...['gzip', 'br', 'deflate', 'identity, gzip', 'banana'].map((coding) => ({ 'content-encoding': coding })),
);

const oddHeaders: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .tuple(
    fc.constantFrom(
      ...['idempotency-key', 'if-match', 'if-none-match', 'accept', 'x-request-id', 'x-forwarded-for', 'authorization'],
      ...['range', 'x-http-method-override', 'accept-language', 'x-forwarded-proto', 'last-event-id'],
    ),
    fc.oneof(
      fc.constantFrom('', ' ', '*', '"', 'W/"1"', 'x'.repeat(5000), 'é', '-1', 'DELETE', 'bytes=0-', 'Bearer ', '::1'),
      fc.string({ maxLength: 40 }),
    ),
  )
  .map(([name, value]) => ({ [name]: value }));

// ---------------------------------------------------------------------------------------------------- wire

const encoded = (value: unknown): string => {
  const said = typeof value === 'string' ? value : ((JSON.stringify(value) as string | undefined) ?? 'undefined');
  try {
    return encodeURIComponent(said);
  } catch {
    // Half a surrogate pair has no encoding; this is what careless clients send for it.
    return '%ED%A0%80';
  }
};

/** Escapes that mean nothing. */
const BROKEN_ESCAPES = ['%', '%zz', '%ff', '%c3%28', '%00', '%ED%A0%80', '%2e%2e%2f', '%u0041'];

/** Already encoded. */
class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const inAddress = (value: unknown): string => (value instanceof Raw ? value.text : encoded(value));

const wireOf = ({ method, path }: Operation, { params, query, headers, body, raw }: Form): WireRequest => {
  const address = path.replace(/{(\w+)}/g, (_, name: string) => inAddress(params[name]));
  const asked = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as unknown[]) : [value])
      .filter((one) => one !== undefined)
      .map((one) => (one instanceof Raw && one.text.includes('=') ? one.text : `${encoded(name)}=${inAddress(one)}`)),
  );
  return {
    method: method.toUpperCase(),
    path: `${address}${asked.length > 0 ? `?${asked.join('&')}` : ''}`,
    headers: {
      ...(body !== undefined ? { 'content-type': 'application/json' } : raw && { 'content-type': raw.contentType }),
      ...headers,
    },
    body: body === undefined ? (raw?.text ?? null) : JSON.stringify(body),
  };
};

// ---------------------------------------------------------------------------------------------------- requests

/** Generates requests to the operations of a document, right and wrong ones. */
export class OpenApiRequests {
  readonly operations: readonly Operation[];
  readonly #values: SchemaValues;
  readonly #lab: KnownLab;

  constructor(document: OpenApiDocument, lab: KnownLab) {
    this.operations = operationsOf(document);
    this.#values = new SchemaValues(document.components.schemas ?? {}, hintsOf(lab));
    this.#lab = lab;
  }

  /** A request that nothing is wrong with. */
  valid(operation: Operation): fc.Arbitrary<WireRequest> {
    return this.#form(operation).map((form) => wireOf(operation, form));
  }

  /** A request with one field that is wrong, odd, missing or one too many; or with one more that is right. */
  wrongInOnePlace(operation: Operation): fc.Arbitrary<WireRequest> {
    return this.#form(operation).chain((form) =>
      fc.constantFrom(...this.#placesIn(operation, form)).chain((place) =>
        this.#replacement(place).map((value) => {
          if (place.part !== 'headers') return wireOf(operation, replaced(form, place, value));
          const { headers, ...wire } = wireOf(operation, form);
          return { ...wire, headers: { ...headers, ...(value as object) } };
        }),
      ),
    );
  }

  /** One proper request again and again, each time with one of the values in one of its places: every value in each. */
  everywhere(operation: Operation, values: readonly unknown[]): WireRequest[] {
    const [form] = fc.sample(this.#form(operation), { seed: 0, numRuns: 1 }) as [Form];
    return this.#placesIn(operation, form)
      .filter(({ part }) => part !== 'headers')
      .flatMap((place) => values.map((value) => wireOf(operation, replaced(form, place, value))));
  }

  /** A request of which nothing is right but its method and most of its path. */
  garbage(operation: Operation): fc.Arbitrary<WireRequest> {
    const anywhere = fc
      .record({
        form: this.#form(operation),
        body: garbage,
        query: fc.dictionary(fc.string(), garbage, { maxKeys: 3 }),
      })
      .map(({ form, body, query }) => wireOf(operation, { ...form, query: { ...form.query, ...query }, body }));
    const unreadable = fc
      .tuple(this.valid(operation), notJson)
      .map(([wire, body]) => ({ ...wire, headers: { 'content-type': 'application/json', ...wire.headers }, body }));
    const cutShort = fc
      .tuple(this.valid(operation), fc.nat({ max: 200 }))
      .map(([wire, length]) => ({ ...wire, body: wire.body?.slice(0, Math.min(length, wire.body.length - 1)) ?? '{' }));
    const misnamed = fc
      .tuple(this.valid(operation), oddContentHeaders)
      .map(([wire, headers]) => ({ ...wire, body: wire.body ?? '{}', headers: { ...wire.headers, ...headers } }));
    return fc.oneof(anywhere, unreadable, cutShort, misnamed);
  }

  #sample(operation: Operation): Sample {
    return samples[canonical(operation)]?.(this.#lab) ?? {};
  }

  #bodySchema({ requestBody }: Operation): JsonSchema | null {
    return requestBody?.content['application/json']?.schema ?? null;
  }

  #form(operation: Operation): fc.Arbitrary<Form> {
    const sample = this.#sample(operation);
    const given = (where: string) => (operation.parameters ?? []).filter((parameter) => parameter.in === where);
    const param = ({ name, schema = {} }: Parameter): fc.Arbitrary<unknown> => {
      if (sample.params && name in sample.params) return fc.constant(sample.params[name]);
      const ids = idsInPath(operation.path, name, this.#lab);
      // The first of its kind is one that anything can be done with.
      return ids ? fc.constant(ids[0]) : this.#values.valid(schema, name, true);
    };
    const asked = ({ name, schema = {} }: Parameter): fc.Arbitrary<unknown> =>
      sample.query && name in sample.query ? fc.constant(sample.query[name]) : this.#values.valid(schema, name, true);
    const queries = given('query').filter(
      ({ name, required }) => required === true || (sample.query !== undefined && name in sample.query),
    );
    const arbitrariesOf = (parameters: readonly Parameter[], of: (parameter: Parameter) => fc.Arbitrary<unknown>) =>
      fc.record(Object.fromEntries(parameters.map((parameter) => [parameter.name, of(parameter)])));
    return fc.record({
      params: arbitrariesOf(given('path'), param),
      query: arbitrariesOf(queries, asked),
      headers: fc.constant({}),
      body: this.#body(operation, sample),
      raw: fc.constant(sample.raw ?? null),
    });
  }

  #body(operation: Operation, { body }: Sample): fc.Arbitrary<unknown> {
    const schema = this.#bodySchema(operation);
    if (!schema) return fc.constant(body);
    if (body !== undefined && !isRecord(body)) return fc.constant(body);
    if (body === undefined && !operation.requestBody?.required) return fc.constant(undefined);
    return this.#values
      .valid(schema, '', true)
      .map((generated) => (isRecord(generated) && body !== undefined ? { ...generated, ...body } : generated));
  }

  /** Everything that stands in the form, and everything that its schemas would let stand there. */
  #placesIn(operation: Operation, form: Form): Place[] {
    const parameters = (operation.parameters ?? []).filter(({ in: where }) => where === 'path' || where === 'query');
    const schema = this.#bodySchema(operation);
    const fields = [
      ...parameters.map(({ in: where, name, schema: its = {} }): Place => ({
        part: where === 'path' ? 'params' : 'query',
        keys: [name],
        schema: its,
      })),
      ...(schema ? this.#placesInBody(form.body, schema, []) : []),
    ];
    // A header or a query that nobody asked for is the only thing to get wrong where there are no fields.
    const beside: Place[] = [
      { part: 'headers', keys: [], schema: {} },
      { part: 'query', keys: ['unexpected'], schema: {} },
    ];
    return [...fields, ...beside];
  }

  #placesInBody(value: unknown, schema: JsonSchema, keys: readonly (string | number)[]): Place[] {
    const here: Place = { part: 'body', keys, schema };
    const ways = this.#values.alternatives(schema);
    if (Array.isArray(value)) {
      const items = ways.find((way) => way.items)?.items ?? {};
      const inside = (value as unknown[]).slice(0, 3);
      return [here, ...inside.flatMap((item, index) => this.#placesInBody(item, items, [...keys, index]))];
    }
    const fields = Object.assign({}, ...ways.map((way) => way.properties ?? {})) as Record<string, JsonSchema>;
    const record = isRecord(value) ? value : {};
    const names = [...new Set([...Object.keys(fields), ...Object.keys(record)])];
    if (names.length === 0) return [here];
    return [
      here,
      { part: 'body', keys: [...keys, 'unexpected'], schema: {} },
      ...names.flatMap((name) => this.#placesInBody(record[name], fields[name] ?? {}, [...keys, name])),
    ];
  }

  #replacement({ part, keys, schema }: Place): fc.Arbitrary<unknown> {
    if (part === 'headers') return oddHeaders;
    const name = String(keys.at(-1) ?? '');
    const ids = /ids?$/i.test(name) ? [2_147_483_647, 99_999, '1'] : [];
    const inUrl = part === 'body' ? [] : BROKEN_ESCAPES.map((escape) => new Raw(escape));
    const repeated = [
      ['1', '1'],
      ['1', '2', 'x'],
      new Raw(`${name}[x]=1`),
      new Raw(`${name}[]=1`),
      new Raw(`${name}=`),
    ];
    return fc.oneof(
      { weight: 6, arbitrary: garbage },
      { weight: 2, arbitrary: this.#values.valid(schema, name) },
      { weight: 1, arbitrary: fc.constantFrom(undefined, ...ids, ...inUrl, ...(part === 'query' ? repeated : [])) },
    );
  }
}

const replaced = (form: Form, { part, keys }: Place, value: unknown): Form => ({
  ...form,
  [part]: withValue(form[part], keys, value),
});

/** A copy in which that one value is another; undefined takes it away. */
const withValue = (whole: unknown, [key, ...inwards]: readonly (string | number)[], value: unknown): unknown => {
  if (key === undefined) return value;
  if (Array.isArray(whole)) {
    return (whole as unknown[]).map((item, index) => (index === key ? withValue(item, inwards, value) : item));
  }
  const record = isRecord(whole) ? whole : {};
  return { ...record, [key]: withValue(record[key], inwards, value) };
};
