import { messageOf, toHex } from "@sprtn/primitives";
import type { KvOperation, KvStore, RecordRange, Repository, RepositoryOptions } from "@sprtn/ports";
import { Bucket } from "./bucket.js";
import { StorageError, StorageErrorCode } from "./storage-error.js";

/** Typed records in one bucket of a KvStore. Reading throws BAD_RECORD for bytes that the codec does not take. */
export class KvRepository<K, V> implements Repository<K, V> {
  readonly #store: KvStore;
  readonly #options: RepositoryOptions<K, V>;
  readonly #bucket: Bucket;

  constructor(dependencies: { readonly store: KvStore }, options: RepositoryOptions<K, V>) {
    this.#store = dependencies.store;
    this.#options = options;
    this.#bucket = new Bucket(options.bucket);
  }

  get(key: K): V | undefined {
    const storeKey = this.#storeKey(key);
    const bytes = this.#store.get(storeKey);
    return bytes && this.#decode(this.#options.value, bytes, storeKey);
  }

  getMany(keys: readonly K[]): (V | undefined)[] {
    const storeKeys = keys.map(key => this.#storeKey(key));
    return this.#store
      .getMany(storeKeys)
      .map((bytes, i) => bytes && this.#decode(this.#options.value, bytes, storeKeys[i] as Uint8Array));
  }

  has(key: K): boolean {
    return this.#store.get(this.#storeKey(key)) !== undefined;
  }

  put(key: K, value: V): KvOperation {
    return { type: "put", key: this.#storeKey(key), value: this.#options.value.encode(value) };
  }

  del(key: K): KvOperation {
    return { type: "del", key: this.#storeKey(key) };
  }

  async delRange(range: RecordRange<K>): Promise<KvOperation[]> {
    const operations: KvOperation[] = [];
    for await (const [key] of this.#raw(range)) operations.push({ type: "del", key });
    return operations;
  }

  entries(range: RecordRange<K> = {}): AsyncIterable<readonly [key: K, value: V]> {
    return this.#decodeAll(this.#raw(range));
  }

  async *#decodeAll(raw: AsyncIterable<readonly [Uint8Array, Uint8Array]>): AsyncGenerator<readonly [K, V]> {
    for await (const [key, value] of raw) {
      yield [
        this.#decode(this.#options.key, this.#bucket.strip(key), key),
        this.#decode(this.#options.value, value, key),
      ];
    }
  }

  #raw({ gte, lt, ...rest }: RecordRange<K>): AsyncIterable<readonly [Uint8Array, Uint8Array]> {
    const { key } = this.#options;
    return this.#store.entries(
      this.#bucket.range({
        ...rest,
        ...(gte !== undefined && { gte: key.encode(gte) }),
        ...(lt !== undefined && { lt: key.encode(lt) }),
      }),
    );
  }

  #storeKey(key: K): Uint8Array {
    return this.#bucket.key(this.#options.key.encode(key));
  }

  #decode<T>(codec: { decode(bytes: Uint8Array): T }, bytes: Uint8Array, storeKey: Uint8Array): T {
    try {
      return codec.decode(bytes);
    } catch (cause) {
      const text =
        `record ${toHex(storeKey)} cannot be decoded (${messageOf(cause)}): the data is damaged or belongs to ` +
        "another program; delete the data directory and sync again";
      throw new StorageError(StorageErrorCode.BAD_RECORD, text, { bucket: this.#bucket.number }, { cause });
    }
  }
}
