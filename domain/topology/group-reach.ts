import type { Bond, Relaxation } from './relaxation.js';

/** For every group of one node, the groups that its neighbour can have then, as bits. */
type Rows = Uint32Array;

interface Side {
  readonly other: number;
  readonly rows: Rows;
}

/**
 * Which groups of devices each node can still have, given those that are placed: a path between two placed nodes is
 * narrowed from both ends, so that a dead end is seen when it is entered and not at its far end.
 */
export class GroupReach {
  readonly #words: number;
  readonly #allowed: readonly Uint32Array[];
  readonly #sides: readonly (readonly Side[])[];
  readonly #placed: Uint8Array;
  /** What was there before, as node, word, bits. */
  readonly #trail: number[] = [];
  readonly #union: Uint32Array;

  constructor({ above, groups: groupsAt }: Relaxation, groups: number) {
    this.#words = Math.max(1, Math.ceil(groups / 32));
    this.#union = new Uint32Array(this.#words);
    this.#placed = new Uint8Array(groupsAt.length);
    this.#allowed = groupsAt.map((found) => {
      const bits = new Uint32Array(this.#words);
      for (const group of found) bits[group >> 5]! |= 1 << (group & 31);
      return bits;
    });
    const sides = groupsAt.map((): Side[] => []);
    for (const bond of above.flat()) {
      const rows = this.#rowsOf(bond, groupsAt, groups);
      sides[bond.parent]!.push({ other: bond.child, rows: rows[0] });
      sides[bond.child]!.push({ other: bond.parent, rows: rows[1] });
    }
    this.#sides = sides;
  }

  /** Narrows all nodes before any is placed; false when some node has nothing left. */
  start(): boolean {
    return this.#spread([...this.#sides.keys()]);
  }

  allows(node: number, group: number): boolean {
    return (this.#allowed[node]![group >> 5]! & (1 << (group & 31))) !== 0;
  }

  /** How far to go back to undo what is placed from now on. */
  get mark(): number {
    return this.#trail.length;
  }

  /** Places the node; false when some other node has nothing left. Either way it must be undone. */
  place(node: number, group: number): boolean {
    this.#placed[node] = 1;
    const allowed = this.#allowed[node]!;
    for (let word = 0; word < this.#words; word += 1) {
      this.#set(node, allowed, word, group >> 5 === word ? 1 << (group & 31) : 0);
    }
    return this.#spread([node]);
  }

  undo(node: number, mark: number): void {
    this.#placed[node] = 0;
    while (this.#trail.length > mark) {
      const bits = this.#trail.pop()!;
      const word = this.#trail.pop()!;
      this.#allowed[this.#trail.pop()!]![word] = bits;
    }
  }

  #set(node: number, allowed: Uint32Array, word: number, bits: number): void {
    const before = allowed[word]!;
    if (before === bits >>> 0) return;
    this.#trail.push(node, word, before);
    allowed[word] = bits;
  }

  #spread(queue: number[]): boolean {
    const union = this.#union;
    // The queue grows while it is gone through.
    for (const node of queue) {
      const from = this.#allowed[node]!;
      for (const { other, rows } of this.#sides[node]!) {
        if (this.#placed[other] === 1) continue;
        union.fill(0);
        for (let word = 0; word < this.#words; word += 1) {
          for (let bits = from[word]!; bits !== 0; bits &= bits - 1) {
            const row = ((word << 5) + 31 - Math.clz32(bits & -bits)) * this.#words;
            for (let at = 0; at < this.#words; at += 1) union[at]! |= rows[row + at]!;
          }
        }
        const to = this.#allowed[other]!;
        let [isChanged, isEmpty] = [false, true];
        for (let word = 0; word < this.#words; word += 1) {
          const left = (to[word]! & union[word]!) >>> 0;
          if (left !== to[word]) {
            isChanged = true;
            this.#set(other, to, word, left);
          }
          if (left !== 0) isEmpty = false;
        }
        if (isEmpty) return false;
        if (isChanged) queue.push(other);
      }
    }
    return true;
  }

  #rowsOf(
    { parent, child, table, pairs }: Bond,
    groupsAt: readonly Int32Array[],
    groups: number,
  ): readonly [Rows, Rows] {
    const words = this.#words;
    const join = ([down, up]: readonly [Rows, Rows], a: number, b: number) => {
      down[a * words + (b >> 5)]! |= 1 << (b & 31);
      up[b * words + (a >> 5)]! |= 1 << (a & 31);
    };
    let rows = rowsOfTable.get(table);
    if (!rows) {
      rows = [new Uint32Array(groups * words), new Uint32Array(groups * words)];
      for (let a = 0; a < groups; a += 1) {
        for (let b = 0; b < groups; b += 1) if (table[a * groups + b]! > -Infinity) join(rows, a, b);
      }
      rowsOfTable.set(table, rows);
    }
    if (!pairs) return rows;
    const more: readonly [Rows, Rows] = [rows[0].slice(), rows[1].slice()];
    groupsAt[parent]!.forEach((group, i) => {
      for (let at = pairs.base[i]!; at < pairs.base[i + 1]!; at += 1)
        join(more, group, groupsAt[child]![pairs.child[at]!]!);
    });
    return more;
  }
}

/** What is only another form of a table is made once for it. */
const rowsOfTable = new WeakMap<Float64Array, readonly [Rows, Rows]>();
