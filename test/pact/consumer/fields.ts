/** Reads what a page needs of a reply: what is not there, or is something else, is an error and not `undefined`. */
export class Fields {
  readonly #value: unknown;
  readonly #path: string;

  constructor(value: unknown, path = 'the reply') {
    this.#value = value;
    this.#path = path;
  }

  text(name: string): string {
    return this.#get(name, 'a text', (value) => typeof value === 'string') as string;
  }

  textOrNull(name: string): string | null {
    return this.#get(name, 'a text or null', (value) => value === null || typeof value === 'string') as string | null;
  }

  number(name: string): number {
    return this.#get(name, 'a number', (value) => typeof value === 'number') as number;
  }

  numberOrNull(name: string): number | null {
    return this.#get(name, 'a number or null', (value) => value === null || typeof value === 'number') as number | null;
  }

  numberOrText(name: string): number | string {
    return this.#get(name, 'a number or a text', (value) => ['number', 'string'].includes(typeof value)) as
      number | string;
  }

  flag(name: string): boolean {
    return this.#get(name, 'true or false', (value) => typeof value === 'boolean') as boolean;
  }

  texts(name: string): string[] {
    return this.#get(name, 'a list of texts', (value) => isListOf(value, 'string')) as string[];
  }

  numbers(name: string): number[] {
    return this.#get(name, 'a list of numbers', (value) => isListOf(value, 'number')) as number[];
  }

  /** An object of which the page shows whatever is in it, or null. */
  objectOrNull(name: string): object | null {
    return this.#get(name, 'an object or null', (value) => typeof value === 'object') as object | null;
  }

  one(name: string): Fields {
    const value = this.#get(name, 'an object', (found) => typeof found === 'object' && found !== null);
    return new Fields(value, `${this.#path}.${name}`);
  }

  oneOrNull(name: string): Fields | null {
    return this.objectOrNull(name) === null ? null : this.one(name);
  }

  list(name: string): Fields[] {
    return new Fields(this.#get(name, 'a list', Array.isArray), `${this.#path}.${name}`).items();
  }

  /** The items of a reply that is a list. */
  items(): Fields[] {
    if (!Array.isArray(this.#value)) throw new Error(`${this.#path} is not a list`);
    return this.#value.map((item, index) => new Fields(item, `${this.#path}[${index}]`));
  }

  /** What there is by keys that nobody knows before. */
  entries(): [string, Fields][] {
    return Object.entries(this.#value as object).map(([key, value]) => [
      key,
      new Fields(value, `${this.#path}.${key}`),
    ]);
  }

  #get(name: string, kind: string, isIt: (value: unknown) => boolean): unknown {
    const object = this.#value;
    const value: unknown =
      typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[name] : undefined;
    if (!isIt(value))
      throw new Error(
        `${this.#path}.${name} is not ${kind} but ${value === undefined ? 'missing' : JSON.stringify(value)}`,
      );
    return value;
  }
}

const isListOf = (value: unknown, type: string): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === type);
