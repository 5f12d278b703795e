import type { FileVault } from '../../application/inventory/ports.js';
import type { Clock } from '../../application/shared/ports.js';

/** Keeps files as long as the process lives. */
export class MemoryFileVault implements FileVault {
  readonly #clock: Clock;
  readonly #files = new Map<string, { readonly chunks: readonly Uint8Array[]; readonly at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async keep(name: string, content: AsyncIterable<Uint8Array>): Promise<number> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(Uint8Array.from(chunk));
    this.#files.set(name, { chunks, at: this.#clock.now() });
    return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  async open(name: string): Promise<AsyncIterable<Uint8Array> | null> {
    const file = this.#files.get(name);
    return file ? given(file.chunks) : null;
  }

  async remove(name: string): Promise<void> {
    this.#files.delete(name);
  }

  async keptBefore(at: number): Promise<string[]> {
    return [...this.#files].filter(([, file]) => file.at < at).map(([name]) => name);
  }
}

const given = async function* (chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
};
