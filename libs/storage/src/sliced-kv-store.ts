import { concatBytes } from "@sprtn/primitives";
import type { KvOperation, KvRange, KvStore } from "@sprtn/ports";
import { closedError } from "./storage-error.js";

/**
 * The keys of a store that begin with a prefix, as a store of its own: many small ones share one database and its
 * files. Whoever opened the database closes it.
 */
export class SlicedKvStore implements KvStore {
  readonly #store: KvStore;
  readonly #prefix: Uint8Array;
  /** The first key after the slice; `undefined` if nothing comes after it. */
  readonly #end: Uint8Array | undefined;
  #closed = false;

  constructor(dependencies: { readonly store: KvStore }, settings: { readonly prefix: Uint8Array }) {
    this.#store = dependencies.store;
    this.#prefix = settings.prefix;
    this.#end = afterAll(settings.prefix);
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#store.get(this.#inside(key));
  }

  getMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    return this.#store.getMany(keys.map(key => this.#inside(key)));
  }

  async write(operations: readonly KvOperation[], options?: { readonly sync?: boolean }): Promise<void> {
    const inside = operations.map(operation => ({ ...operation, key: this.#inside(operation.key) }));
    await this.#store.write(inside, options);
  }

  entries(range: KvRange = {}): AsyncIterable<readonly [key: Uint8Array, value: Uint8Array]> {
    const end = range.lt === undefined ? this.#end : this.#inside(range.lt);
    const { reverse, limit } = range;
    return this.#outside(
      this.#store.entries({
        gte: this.#inside(range.gte ?? new Uint8Array()),
        ...(end === undefined ? {} : { lt: end }),
        ...(reverse === undefined ? {} : { reverse }),
        ...(limit === undefined ? {} : { limit }),
      }),
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  async *#outside(
    entries: AsyncIterable<readonly [key: Uint8Array, value: Uint8Array]>,
  ): AsyncGenerator<readonly [key: Uint8Array, value: Uint8Array]> {
    for await (const [key, value] of entries) {
      if (this.#closed) throw closedError();
      yield [key.slice(this.#prefix.length), value];
    }
  }

  #inside(key: Uint8Array): Uint8Array {
    if (this.#closed) throw closedError();
    return concatBytes(this.#prefix, key);
  }
}

/** The least key above all that begin with `prefix`. */
function afterAll(prefix: Uint8Array): Uint8Array | undefined {
  const last = prefix.findLastIndex(byte => byte < 255);
  if (last < 0) return undefined;
  const end = prefix.slice(0, last + 1);
  end[last] = (end[last] ?? 0) + 1;
  return end;
}
