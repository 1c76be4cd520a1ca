import { requireAtLeast } from "./runtime-error.js";

/** A map of at most `maxSize` entries; the least recently used one makes room. */
export class LruMap<K, V> {
  readonly #maxSize: number;
  readonly #onEvict: ((key: K, value: V) => void) | undefined;
  /** In order of use, least recent first. */
  readonly #entries = new Map<K, V>();

  /** `onEvict` hears of entries that made room, not of those deleted or replaced. */
  constructor(maxSize: number, onEvict?: (key: K, value: V) => void) {
    this.#maxSize = requireAtLeast("a map's size", maxSize, 1);
    this.#onEvict = onEvict;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value, which counts as a use. */
  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined && !this.#entries.has(key)) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value as V);
    return value;
  }

  /** The value, without counting as a use. */
  peek(key: K): V | undefined {
    return this.#entries.get(key);
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#maxSize) return;
    const [oldest] = this.#entries;
    if (!oldest) return;
    this.#entries.delete(oldest[0]);
    this.#onEvict?.(oldest[0], oldest[1]);
  }

  delete(key: K): boolean {
    return this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Least recently used first. */
  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.#entries[Symbol.iterator]();
  }
}
