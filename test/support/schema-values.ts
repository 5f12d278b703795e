import fc from 'fast-check';

/** What the lab's OpenAPI document uses of JSON Schema. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Values for a field of that name, where the name says more than the schema; null where it does not. */
export type Hint = (name: string, schema: JsonSchema) => fc.Arbitrary<unknown> | null;

const DEEPEST = 6;
const MOST_ITEMS = 3;
const LONGEST = 40;

const isoDates = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true });

const formats: Readonly<Record<string, fc.Arbitrary<string>>> = {
  email: fc.emailAddress(),
  uuid: fc.uuid(),
  uri: fc.webUrl(),
  date: isoDates.map((date) => date.toISOString().slice(0, 10)),
  'date-time': isoDates.map((date) => date.toISOString()),
};

/** Generates what a JSON schema allows. */
export class SchemaValues {
  readonly #components: Readonly<Record<string, JsonSchema>>;
  readonly #hint: Hint;

  /** @param components what `#/components/schemas/NAME` refers to. */
  constructor(components: Readonly<Record<string, JsonSchema>>, hint: Hint) {
    this.#components = components;
    this.#hint = hint;
  }

  /** The schemas that a value may follow: references looked up, alternatives spread out. */
  alternatives(schema: JsonSchema): JsonSchema[] {
    const { $ref, anyOf, oneOf, type } = schema;
    if ($ref !== undefined) {
      const named = this.#components[$ref.slice($ref.lastIndexOf('/') + 1)];
      return named ? this.alternatives(named) : [];
    }
    const ways = anyOf ?? oneOf;
    if (ways) return ways.flatMap((way) => this.alternatives(way));
    if (Array.isArray(type)) return (type as string[]).map((one) => ({ ...schema, type: one }));
    return [schema];
  }

  /** @param name the field's, for the hint. @param required whether objects have only what they must have. */
  valid(schema: JsonSchema, name = '', required = false, depth = 0): fc.Arbitrary<unknown> {
    const hinted = this.#hint(name, schema);
    if (hinted) return hinted;
    const ways = this.alternatives(schema);
    return fc.oneof(...(ways.length > 0 ? ways : [{}]).map((way) => this.#one(way, name, required, depth)));
  }

  #one(schema: JsonSchema, name: string, required: boolean, depth: number): fc.Arbitrary<unknown> {
    if ('const' in schema) return fc.constant(schema.const);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    if (schema.allOf) {
      const parts = schema.allOf.map((part) => this.valid(part, name, required, depth) as fc.Arbitrary<object>);
      return fc.tuple(...parts).map((values) => Object.assign({}, ...values) as object);
    }
    switch (schema.type) {
      case 'string':
        return textOf(schema);
      case 'integer':
        return fc.integer({ min: schema.minimum ?? -1000, max: Math.min(schema.maximum ?? 1000, 2 ** 31 - 1) });
      case 'number':
        return fc.double({ min: schema.minimum ?? -1000, max: schema.maximum ?? 1000, noNaN: true });
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array':
        return fc.array(this.valid(schema.items ?? {}, name, required, depth + 1), {
          minLength: schema.minItems ?? (depth === 0 ? 1 : 0),
          maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? MOST_ITEMS, MOST_ITEMS)),
        });
      case 'object':
        return this.#object(schema, required, depth);
      default:
        return fc.jsonValue({ maxDepth: 2 });
    }
  }

  #object(schema: JsonSchema, required: boolean, depth: number): fc.Arbitrary<unknown> {
    const { properties = {}, required: names = [], additionalProperties } = schema;
    const wanted = Object.entries(properties).filter(
      ([name]) => names.includes(name) || (!required && depth < DEEPEST),
    );
    const fields = Object.fromEntries(
      wanted.map(([name, field]) => [name, this.valid(field, name, required, depth + 1)]),
    );
    const named = fc.record(fields, { requiredKeys: names.filter((name) => name in fields) });
    if (typeof additionalProperties !== 'object' || required || depth >= DEEPEST) return named;
    const others = fc.dictionary(
      fc.string({ maxLength: 8 }),
      this.valid(additionalProperties, '', required, depth + 1),
      {
        maxKeys: MOST_ITEMS,
      },
    );
    return fc.tuple(others, named).map(([more, fixed]) => ({ ...more, ...fixed }));
  }
}

const textOf = ({ format, pattern, minLength = 0, maxLength = LONGEST }: JsonSchema): fc.Arbitrary<string> => {
  const known = format === undefined ? undefined : formats[format];
  if (known) return known;
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, LONGEST)) });
};
