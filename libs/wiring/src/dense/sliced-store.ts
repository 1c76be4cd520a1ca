import { concatBytes } from "@sprtn/primitives";
import type { KvOperation, KvRange, KvStore } from "@sprtn/ports";

/** The part of a store whose keys begin with `prefix`, as a store of its own; whoever opened the store closes it. */
export class SlicedStore implements KvStore {
  readonly #store: KvStore;
  readonly #prefix: Uint8Array;
  /** The first key after the slice. */
  readonly #end: Uint8Array;

  /** The prefix must not end in 255, so that the slice has an end of the same length. */
  constructor(dependencies: { readonly store: KvStore }, settings: { readonly prefix: Uint8Array }) {
    this.#store = dependencies.store;
    this.#prefix = settings.prefix;
    this.#end = Uint8Array.from(settings.prefix);
    this.#end[this.#end.length - 1]!++;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#store.get(this.#inside(key));
  }

  getMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    return this.#store.getMany(keys.map(key => this.#inside(key)));
  }

  write(operations: readonly KvOperation[], options?: { readonly sync?: boolean }): Promise<void> {
    return this.#store.write(
      operations.map(operation => ({ ...operation, key: this.#inside(operation.key) })),
      options,
    );
  }

  async *entries(range: KvRange = {}): AsyncGenerator<readonly [Uint8Array, Uint8Array]> {
    const inside = this.#store.entries({
      ...range,
      gte: this.#inside(range.gte ?? new Uint8Array()),
      lt: range.lt === undefined ? this.#end : this.#inside(range.lt),
    });
    for await (const [key, value] of inside) yield [key.slice(this.#prefix.length), value];
  }

  async close(): Promise<void> {}

  #inside(key: Uint8Array): Uint8Array {
    return concatBytes(this.#prefix, key);
  }
}
