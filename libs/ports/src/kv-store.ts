/** One change of a batch: a record written, or a key deleted, which may be absent. */
export type KvOperation =
  | { readonly type: "put"; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: "del"; readonly key: Uint8Array };

/** Keys from `gte` on and below `lt`, in bytewise order; `limit` counts entries. */
export interface KvRange {
  readonly gte?: Uint8Array;
  readonly lt?: Uint8Array;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** An ordered key-value store of bytes (keys compare bytewise): level on disk, a sorted map in memory. */
export interface KvStore {
  get(key: Uint8Array): Uint8Array | undefined;
  getMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[];
  /** All or nothing, also after a crash. With `sync`, on disk before the promise resolves. */
  write(operations: readonly KvOperation[], options?: { readonly sync?: boolean }): Promise<void>;
  entries(range?: KvRange): AsyncIterable<readonly [key: Uint8Array, value: Uint8Array]>;
  close(): Promise<void>;
}
