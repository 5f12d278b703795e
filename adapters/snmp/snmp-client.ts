import type { Varbind } from 'net-snmp';
import { compareOids, numbersOf } from './oids.js';
import { failed, malformedReply, refusedUser } from './refusals.js';
import { SnmpError, valueOf, type SnmpSession, type SnmpValue } from './snmp-session.js';

/** Values of one column by row: what follows the column in the object identifier. */
export type Column = ReadonlyMap<string, SnmpValue>;

const TOO_BIG = 1;
const NO_SUCH_NAME = 2;
const GENERAL_ERROR = 5;
const AUTHORIZATION = 16;

/** What fits one datagram in each direction with the names that people give outlets. */
const MOST_VALUES = 40;
/** Rows of a column that are asked for ahead where a device cannot be asked for several (version 1). */
const AHEAD = 7;

/** The object just before this one: in version 1, what follows it is this one or a sign that it is not there. */
const before = (oid: string): string => {
  const numbers = numbersOf(oid);
  const last = numbers.pop() ?? 0;
  return (last === 0 ? numbers : [...numbers, last - 1]).join('.');
};

const inHalves = <T>(list: readonly T[]): [T[], T[]] => {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
};

/**
 * Reads many values in few round trips: whole columns at once, as much as fits a datagram, and less when the device
 * says that it is too much.
 */
export class SnmpClient {
  readonly #session: SnmpSession;
  readonly #firstVersion: boolean;
  readonly #where: string;

  /** @param firstVersion whether the device speaks SNMP 1, in which one missing value spoils the whole answer. */
  constructor(session: SnmpSession, firstVersion: boolean, where: string) {
    this.#session = session;
    this.#firstVersion = firstVersion;
    this.#where = where;
  }

  /** @returns the values that the device has. */
  async get(oids: readonly string[]): Promise<Map<string, SnmpValue>> {
    const found = new Map<string, SnmpValue>();
    const note = (oid: string, varbind: Varbind | undefined) => {
      const value = varbind?.oid === oid ? valueOf(varbind) : null;
      if (value !== null) found.set(oid, value);
    };
    if (this.#firstVersion) {
      const followers = await this.#followersOf([...new Set(oids.map(before))]);
      for (const oid of oids) note(oid, followers.get(before(oid)) ?? undefined);
      return found;
    }
    await this.#inParts(oids, async (part) => {
      const answer = await this.#session.get(part);
      for (const [place, oid] of part.entries()) note(oid, answer[place]);
    });
    return found;
  }

  /** @param rows how many there may be, so that no more is asked for; there may be more. */
  async columns(columns: readonly string[], rows: number): Promise<Map<string, Column>> {
    const walks = [...new Set(columns)].map((column) => new Walk(column, this.#where));
    if (this.#firstVersion) await this.#walkAhead(walks);
    else await this.#walkInBulk(walks, rows);
    return new Map(walks.map(({ column, values }) => [column, values]));
  }

  async #walkInBulk(walks: readonly Walk[], rows: number): Promise<void> {
    let most = MOST_VALUES;
    for (let wanted = rows + 1; ; wanted = MOST_VALUES) {
      const open = walks.filter(({ ended }) => !ended).slice(0, most);
      if (open.length === 0) return;
      const repetitions = Math.max(1, Math.min(Math.floor(most / open.length), wanted));
      try {
        const answer = await this.#session.getBulk(
          open.map(({ cursor }) => cursor),
          repetitions,
        );
        if (answer.every((part) => part.length === 0)) throw malformedReply(this.#where);
        for (const [place, walk] of open.entries()) for (const varbind of answer[place] ?? []) walk.take(varbind);
      } catch (error) {
        most = this.#fewer(error, most);
      }
    }
  }

  async #walkAhead(walks: readonly Walk[]): Promise<void> {
    for (;;) {
      const open = walks.filter(({ ended }) => !ended);
      if (open.length === 0) return;
      const guesses = new Map(open.map((walk) => [walk, walk.ahead(AHEAD)]));
      const followers = await this.#followersOf([...guesses.values()].flat());
      for (const walk of open) walk.follow(followers);
    }
  }

  /** What comes after each of them, null after the last of all. */
  async #followersOf(oids: readonly string[]): Promise<Map<string, Varbind | null>> {
    const followers = new Map<string, Varbind | null>();
    await this.#inParts(
      oids,
      async (part) => {
        const answer = await this.#session.getNext(part);
        for (const [place, oid] of part.entries()) followers.set(oid, answer[place] ?? null);
      },
      (oid) => followers.set(oid, null),
    );
    return followers;
  }

  /** Asks for as many at once as the device takes; one that spoils an answer ends up alone. */
  async #inParts(
    oids: readonly string[],
    ask: (part: readonly string[]) => Promise<void>,
    missing: (oid: string) => void = () => undefined,
  ): Promise<void> {
    const parts: (readonly string[])[] = [];
    for (let from = 0; from < oids.length; from += MOST_VALUES) parts.push(oids.slice(from, from + MOST_VALUES));
    for (let part = parts.shift(); part; part = parts.shift()) {
      try {
        await ask(part);
      } catch (error) {
        if (!this.#isAboutOneValue(error)) throw this.#meaningOf(error);
        const [only] = part;
        if (part.length > 1) parts.unshift(...inHalves(part));
        else if (only !== undefined) missing(only);
      }
    }
  }

  #isAboutOneValue(error: unknown): boolean {
    return error instanceof SnmpError && [TOO_BIG, NO_SUCH_NAME, GENERAL_ERROR].includes(error.status);
  }

  #fewer(error: unknown, most: number): number {
    if (most === 1 || !this.#isAboutOneValue(error)) throw this.#meaningOf(error);
    return most >> 1;
  }

  #meaningOf(error: unknown): unknown {
    if (!(error instanceof SnmpError)) return error;
    return error.status === AUTHORIZATION ? refusedUser(this.#where) : failed(this.#where);
  }
}

/** A walk down one column. */
class Walk {
  readonly column: string;
  readonly values = new Map<string, SnmpValue>();
  cursor: string;
  ended = false;
  readonly #where: string;

  constructor(column: string, where: string) {
    this.column = column;
    this.cursor = column;
    this.#where = where;
  }

  /** @throws DomainError when the device leads in circles. */
  take(varbind: Varbind): void {
    if (this.ended) return;
    const value = valueOf(varbind);
    if (value === null || !varbind.oid.startsWith(`${this.column}.`)) {
      this.ended = true;
      return;
    }
    if (compareOids(numbersOf(varbind.oid), numbersOf(this.cursor)) <= 0) throw malformedReply(this.#where);
    this.cursor = varbind.oid;
    this.values.set(varbind.oid.slice(this.column.length + 1), value);
  }

  /** Where the next rows may follow, when rows are numbered one after the other. */
  ahead(count: number): string[] {
    const numbers = numbersOf(this.cursor);
    const last = numbers.pop() ?? 0;
    const next = Array.from({ length: count }, (_, step) => [...numbers, last + step + 1].join('.'));
    return this.cursor === this.column
      ? [this.cursor, ...next.map((_, step) => `${this.column}.${step + 1}`)]
      : [this.cursor, ...next];
  }

  /** Goes on as far as is known. */
  follow(followers: ReadonlyMap<string, Varbind | null>): void {
    for (let next = followers.get(this.cursor); next !== undefined; next = followers.get(this.cursor)) {
      if (next === null) this.ended = true;
      else this.take(next);
      if (this.ended) return;
    }
  }
}
