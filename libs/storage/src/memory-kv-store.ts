import type { KvOperation, KvRange, KvStore } from "@sprtn/ports";
import { type Entry, SortedMap } from "./sorted-map.js";
import { closedError } from "./storage-error.js";

/** A KvStore in memory. For nodes that keep nothing, tests and simulation. */
export class MemoryKvStore implements KvStore {
  readonly #map = new SortedMap();
  #closed = false;

  get(key: Uint8Array): Uint8Array | undefined {
    if (this.#closed) throw closedError();
    return this.#map.get(key)?.slice();
  }

  getMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    return keys.map(key => this.get(key));
  }

  async write(operations: readonly KvOperation[]): Promise<void> {
    if (this.#closed) throw closedError();
    for (const operation of operations) {
      if (operation.type === "put") this.#map.set(operation.key.slice(), operation.value.slice());
      else this.#map.delete(operation.key);
    }
  }

  /** The entries as they are at the call. */
  entries(range: KvRange = {}): AsyncIterable<Entry> {
    if (this.#closed) throw closedError();
    return this.#drain(this.#map.range(range));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#map.clear();
  }

  async *#drain(entries: readonly Entry[]): AsyncGenerator<Entry> {
    for (const [key, value] of entries) {
      if (this.#closed) throw closedError();
      yield [key.slice(), value.slice()];
    }
  }
}
