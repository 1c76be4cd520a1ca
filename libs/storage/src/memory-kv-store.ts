import type { KvOperation, KvRange, KvStore } from "@sprtn/ports";
import { compareBytes } from "./compare-bytes.js";
import { closedError } from "./storage-error.js";

type Entry = readonly [key: Uint8Array, value: Uint8Array];

/** A KvStore in memory: a sorted array. For nodes that keep nothing, tests and simulation. */
export class MemoryKvStore implements KvStore {
  #entries: Entry[] = [];
  #closed = false;

  get(key: Uint8Array): Uint8Array | undefined {
    if (this.#closed) throw closedError();
    const at = this.#position(key);
    const entry = this.#entries[at];
    return entry && compareBytes(entry[0], key) === 0 ? entry[1].slice() : undefined;
  }

  getMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    return keys.map(key => this.get(key));
  }

  async write(operations: readonly KvOperation[]): Promise<void> {
    if (this.#closed) throw closedError();
    for (const operation of operations) {
      const at = this.#position(operation.key);
      const entry = this.#entries[at];
      const present = entry !== undefined && compareBytes(entry[0], operation.key) === 0 ? 1 : 0;
      if (operation.type === "put") this.#entries.splice(at, present, [operation.key.slice(), operation.value.slice()]);
      else this.#entries.splice(at, present);
    }
  }

  /** The entries as they are at the call. */
  entries(range: KvRange = {}): AsyncIterable<Entry> {
    if (this.#closed) throw closedError();
    const from = range.gte ? this.#position(range.gte) : 0;
    const to = range.lt ? this.#position(range.lt) : this.#entries.length;
    const limit = range.limit ?? Number.POSITIVE_INFINITY;
    const chosen = this.#entries.slice(range.reverse ? Math.max(from, to - limit) : from, range.reverse ? to : Math.min(to, from + limit));
    return this.#drain(range.reverse ? chosen.toReversed() : chosen);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#entries = [];
  }

  async *#drain(entries: readonly Entry[]): AsyncGenerator<Entry> {
    for (const [key, value] of entries) {
      if (this.#closed) throw closedError();
      yield [key.slice(), value.slice()];
    }
  }

  /** The index of the first entry whose key is not below `key`. */
  #position(key: Uint8Array): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes((this.#entries[middle] as Entry)[0], key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
