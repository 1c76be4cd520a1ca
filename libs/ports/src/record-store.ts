import type { Codec } from "@sprtn/primitives";
import type { KvOperation } from "./kv-store.js";

/** Keys from `gte` on and below `lt`, in the order of their bytes. */
export interface RecordRange<K> {
  readonly gte?: K;
  readonly lt?: K;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** Typed records of one bucket. Writing makes operations, so that several repositories change in one atomic write. */
export interface Repository<K, V> {
  get(key: K): V | undefined;
  getMany(keys: readonly K[]): (V | undefined)[];
  has(key: K): boolean;
  put(key: K, value: V): KvOperation;
  del(key: K): KvOperation;
  /** The operations that delete every record of `range`. */
  delRange(range: RecordRange<K>): Promise<KvOperation[]>;
  /** In the order of the keys' bytes, as of the moment of the call. */
  entries(range?: RecordRange<K>): AsyncIterable<readonly [key: K, value: V]>;
}

/** Where the records lie, and how keys and values become bytes. */
export interface RepositoryOptions<K, V> {
  /** 1 to 255, each used once in a record store; it is on disk, so it never changes. */
  readonly bucket: number;
  readonly key: Codec<K>;
  readonly value: Codec<V>;
}

/** A database of typed records: what a station that keeps state is built on. */
export interface RecordStore {
  /** @throws a coded error if the bucket is taken */
  repository<K, V>(options: RepositoryOptions<K, V>): Repository<K, V>;
  /** All or nothing, also after a crash. With `sync`, on disk before the promise resolves. */
  write(operations: readonly KvOperation[], options?: { readonly sync?: boolean }): Promise<void>;
}
