interface Sample {
  /** By `performance.now()`. */
  readonly at: number;
  readonly heap: number;
  readonly resident: number;
}

/** Of one stretch of a life, in MB: the least heap in use, which is what a collection left, and the median of what the system gave the process. */
export interface MemoryPart {
  readonly heap: number;
  readonly resident: number;
}

const MINUTE = 60_000;

/** How often a heap may double in a life, and what none needs to account for, in MB. */
const MOST_GROWTH = 2;
const SMALL = 200;

const least = (samples: readonly Sample[]): number => Math.round(Math.min(...samples.map(({ heap }) => heap)));

/** Memory of one server process, from its start to its death. */
export class Life {
  readonly place: number;
  readonly #samples: Sample[] = [];

  constructor(place: number) {
    this.place = place;
  }

  note(sample: Sample): void {
    this.#samples.push(sample);
  }

  /** Milliseconds between the first look and the last. */
  get lasted(): number {
    return (this.#samples.at(-1)?.at ?? 0) - (this.#samples[0]?.at ?? 0);
  }

  /** So many equal parts of it. */
  parts(count: number): MemoryPart[] {
    return this.#split(count).map((samples) => {
      const resident = samples.map((sample) => sample.resident).sort((a, b) => a - b);
      return { heap: least(samples), resident: Math.round(resident[Math.floor(resident.length / 2)] ?? 0) };
    });
  }

  /**
   * What is wrong with it, if anything. The limit is generous: the least heap of the last third is more than twice that
   * of the first third, and more than 200 MB.
   */
  get growth(): string | null {
    const thirds = this.#split(3);
    const [first, last] = [thirds[0], thirds[2]];
    if (!first || !last) return null;
    const [before, after] = [least(first), least(last)];
    if (after <= SMALL || after <= MOST_GROWTH * before) return null;
    const seconds = Math.round(this.lasted / 1000);
    return `server ${this.place} grew from a heap of ${before} MB to ${after} MB in ${seconds} s`;
  }

  #split(count: number): Sample[][] {
    const size = Math.ceil(this.#samples.length / count);
    return Array.from({ length: count }, (_, part) => this.#samples.slice(part * size, (part + 1) * size)).filter(
      (samples) => samples.length > 0,
    );
  }
}

/** Memory of every server of a run, as its metrics tell it. */
export class MemoryWatch {
  /** By address: whoever comes to a place after a kill has another. */
  readonly #lives = new Map<string, Life>();

  async look(place: number, url: string): Promise<void> {
    const text = await fetch(`${url}/metrics`).then(
      (reply) => reply.text(),
      () => '',
    );
    const of = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN) / 2 ** 20;
    const sample = { heap: of('nodejs_heap_size_used_bytes'), resident: of('process_resident_memory_bytes') };
    if (Number.isNaN(sample.heap)) return;
    const life = this.#lives.get(url) ?? new Life(place);
    this.#lives.set(url, life);
    life.note({ at: performance.now(), ...sample });
  }

  /** Those of a minute or more, the first to begin first: less says nothing about growth. */
  get longLives(): Life[] {
    return [...this.#lives.values()].filter(({ lasted }) => lasted >= MINUTE);
  }
}
