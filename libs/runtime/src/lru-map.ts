import { LRUCache } from "lru-cache";
import { requireAtLeast } from "./runtime-error.js";

/**
 * A map of at most `maxSize` entries; the least recently used one makes room. lru-cache in the words of a map, without
 * its clock: nothing here expires by time.
 */
export class LruMap<K extends {}, V extends {}> {
  readonly #entries: LRUCache<K, V>;

  /** `onEvict` hears of entries that made room, not of those deleted or replaced. */
  constructor(maxSize: number, onEvict?: (key: K, value: V) => void) {
    this.#entries = new LRUCache<K, V>({
      max: requireAtLeast("a map's size", maxSize, 1),
      ...(onEvict && {
        dispose: (value: V, key: K, reason: LRUCache.DisposeReason) => {
          if (reason === "evict") onEvict(key, value);
        },
      }),
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value, which counts as a use. */
  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** The value, without counting as a use. */
  peek(key: K): V | undefined {
    return this.#entries.peek(key);
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  set(key: K, value: V): void {
    this.#entries.set(key, value);
  }

  delete(key: K): boolean {
    return this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Least recently used first. */
  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.#entries.rentries() as IterableIterator<[K, V]>;
  }
}
