import { compareBytes } from "./compare-bytes.js";

/** An entry's key and value. */
export type Entry = readonly [key: Uint8Array, value: Uint8Array];

/** Entries a chunk may hold; a full one is cut in two. */
const CHUNK = 512;

/** A map in the order of its keys, in chunks: an entry moves at most a chunk's others, however many there are. */
export class SortedMap {
  /** None is empty. */
  readonly #chunks: Entry[][] = [];

  get(key: Uint8Array): Uint8Array | undefined {
    const chunk = this.#chunks[this.#chunkOf(key)];
    const entry = chunk?.[position(chunk, key)];
    return entry && compareBytes(entry[0], key) === 0 ? entry[1] : undefined;
  }

  set(key: Uint8Array, value: Uint8Array): void {
    const number = this.#chunkOf(key);
    const chunk = this.#chunks[number];
    if (chunk === undefined) {
      this.#chunks.push([[key, value]]);
      return;
    }
    const at = position(chunk, key);
    const entry = chunk[at];
    chunk.splice(at, entry !== undefined && compareBytes(entry[0], key) === 0 ? 1 : 0, [key, value]);
    if (chunk.length > CHUNK) this.#chunks.splice(number + 1, 0, chunk.splice(CHUNK / 2));
  }

  delete(key: Uint8Array): void {
    const number = this.#chunkOf(key);
    const chunk = this.#chunks[number];
    if (chunk === undefined) return;
    const at = position(chunk, key);
    const entry = chunk[at];
    if (entry === undefined || compareBytes(entry[0], key) !== 0) return;
    chunk.splice(at, 1);
    if (chunk.length === 0) this.#chunks.splice(number, 1);
  }

  /** The entries with gte ≤ key < lt, as they are at the call; of the last ones, backwards, if `reverse`. */
  range({
    gte,
    lt,
    reverse = false,
    limit = Number.POSITIVE_INFINITY,
  }: {
    readonly gte?: Uint8Array;
    readonly lt?: Uint8Array;
    readonly reverse?: boolean;
    readonly limit?: number;
  }): Entry[] {
    const found: Entry[] = [];
    const step = reverse ? -1 : 1;
    const start = reverse ? (lt ? this.#chunkOf(lt) : this.#chunks.length - 1) : gte ? this.#chunkOf(gte) : 0;
    for (let number = start; found.length < limit; number += step) {
      const chunk = this.#chunks[number];
      if (chunk === undefined) break;
      const inside = chunk.slice(gte ? position(chunk, gte) : 0, lt ? position(chunk, lt) : chunk.length);
      const beyond = inside.length === 0 && number !== start;
      for (const entry of (reverse ? inside.toReversed() : inside).slice(0, limit - found.length)) found.push(entry);
      if (beyond) break;
    }
    return found;
  }

  clear(): void {
    this.#chunks.length = 0;
  }

  /** The chunk that holds `key` or would take it: the last whose first key is not above it. */
  #chunkOf(key: Uint8Array): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes(((this.#chunks[middle] as Entry[])[0] as Entry)[0], key) <= 0) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

/** The index of the first entry whose key is not below `key`. */
function position(entries: readonly Entry[], key: Uint8Array): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes((entries[middle] as Entry)[0], key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
