/** Memory of one server over a run, as its metrics tell it. */
export class MemoryWatch {
  readonly #samples: { readonly heap: number; readonly resident: number }[] = [];

  async look(url: string): Promise<void> {
    const text = await fetch(`${url}/metrics`).then(
      (reply) => reply.text(),
      () => '',
    );
    const of = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN) / 2 ** 20;
    const sample = { heap: of('nodejs_heap_size_used_bytes'), resident: of('process_resident_memory_bytes') };
    if (!Number.isNaN(sample.heap)) this.#samples.push(sample);
  }

  /**
   * Of each of so many equal parts of the run, in MB: the least heap in use, which is what a collection left, and the
   * median of what the system gave the process.
   */
  parts(count: number): { readonly heap: number; readonly resident: number }[] {
    const size = Math.ceil(this.#samples.length / count);
    return Array.from({ length: count }, (_, part) => this.#samples.slice(part * size, (part + 1) * size))
      .filter((samples) => samples.length > 0)
      .map((samples) => {
        const resident = samples.map((sample) => sample.resident).sort((a, b) => a - b);
        return {
          heap: Math.round(Math.min(...samples.map((sample) => sample.heap))),
          resident: Math.round(resident[Math.floor(resident.length / 2)] ?? 0),
        };
      });
  }
}
