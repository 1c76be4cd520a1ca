/** All that a tree on disk needs of a database: a synchronous read. Any ordered or unordered store of bytes will do. */
export interface SyncKv {
  get(key: Uint8Array): Uint8Array | undefined;
}

/** One record to be written; of the shape of a put of `KvOperation` in @sprtn/ports. */
export interface KvPut {
  readonly type: "put";
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Puts to be written together, all or nothing (STATE-3). */
export interface PutBatch {
  readonly puts: readonly KvPut[];
  /**
   * Call it once they can be read from the database: until then the store serves them from memory. If the write failed,
   * write them again.
   */
  done(): void;
}
