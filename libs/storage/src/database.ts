import type { KvOperation, KvStore, RecordStore, Repository, RepositoryOptions } from "@sprtn/ports";
import { RESERVED_BUCKET } from "./bucket.js";
import { KvRepository } from "./kv-repository.js";
import { StorageError, StorageErrorCode } from "./storage-error.js";

/** A store whose deployment and schema are known to be right, shared by repositories of distinct buckets. */
export class Database implements RecordStore {
  readonly #store: KvStore;
  readonly #taken = new Set([RESERVED_BUCKET]);

  constructor(dependencies: { readonly store: KvStore }) {
    this.#store = dependencies.store;
  }

  /** @throws BAD_BUCKET for a number that is taken, reserved or out of range */
  repository<K, V>(options: RepositoryOptions<K, V>): Repository<K, V> {
    const { bucket } = options;
    if (this.#taken.has(bucket))
      throw new StorageError(
        StorageErrorCode.BAD_BUCKET,
        `bucket ${bucket} is in use: give each repository a different number from 1 to 255`,
        { bucket },
      );
    const repository = new KvRepository({ store: this.#store }, options);
    this.#taken.add(bucket);
    return repository;
  }

  async write(operations: readonly KvOperation[], options?: { readonly sync?: boolean }): Promise<void> {
    await this.#store.write(operations, options);
  }

  async close(): Promise<void> {
    await this.#store.close();
  }
}
