import type { KvOperation, KvRange, KvStore } from "@sprtn/ports";
import { Level } from "level";
import { holdLock } from "./hold-lock.js";
import { levelFailure } from "./level-failure.js";
import { type Entry, SortedMap } from "./sorted-map.js";
import { closedError } from "./storage-error.js";

const encodings = { keyEncoding: "view", valueEncoding: "view" } as const;

/**
 * A KvStore for browsers, whose IndexedDB cannot be read synchronously: everything is in memory too, so it is for data
 * that fits there, such as a wallet's. Memory follows once the database has written; after a write that failed it takes
 * from the database what that write was about.
 */
export class MirroredKvStore implements KvStore {
  readonly #level: Level<Uint8Array, Uint8Array>;
  readonly #map = new SortedMap();
  /** One batch at a time: memory follows in the order of the database. */
  #last: Promise<void> = Promise.resolve();
  /** Keys of a write that failed: what the database holds of them is not known. */
  #uncertain: Uint8Array[] = [];
  #closed = false;

  readonly #release: () => void;

  private constructor(level: Level<Uint8Array, Uint8Array>, release: () => void) {
    this.#level = level;
    this.#release = release;
  }

  /** `name`: of the IndexedDB database, or a directory on node. @throws a StorageError with its remedy */
  static async open(name: string): Promise<MirroredKvStore> {
    const release = await holdLock(name);
    const level = new Level<Uint8Array, Uint8Array>(name, encodings);
    try {
      await level.open();
      const store = new MirroredKvStore(level, release);
      for await (const [key, value] of level.iterator(encodings)) store.#map.set(key.slice(), value.slice());
      return store;
    } catch (error) {
      release();
      throw levelFailure(error, name);
    }
  }

  get(key: Uint8Array): Uint8Array | undefined {
    this.#requireOpen();
    return this.#map.get(key)?.slice();
  }

  getMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    this.#requireOpen();
    return keys.map(key => this.get(key));
  }

  async write(operations: readonly KvOperation[], options: { readonly sync?: boolean } = {}): Promise<void> {
    this.#requireOpen();
    const batch = operations.map(operation => ({
      ...operation,
      key: operation.key.slice(),
      ...(operation.type === "put" ? { value: operation.value.slice() } : {}),
    })) as KvOperation[];
    const written = this.#last.then(() => this.#write(batch, options.sync ?? false));
    this.#last = written.catch(() => undefined);
    return written;
  }

  /** The entries as they are at the call. */
  entries(range: KvRange = {}): AsyncIterable<Entry> {
    this.#requireOpen();
    return this.#drain(this.#map.range(range));
  }

  /** Waits for the writes under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
    try {
      await this.#level.close();
    } catch (error) {
      throw this.#failure(error);
    } finally {
      this.#release();
    }
  }

  async #write(batch: KvOperation[], sync: boolean): Promise<void> {
    try {
      await this.#readUncertain();
      await this.#level.batch(batch, { sync });
    } catch (error) {
      this.#uncertain.push(...batch.map(({ key }) => key));
      // If it fails as well, the next write begins with it.
      await this.#readUncertain().catch(() => undefined);
      throw this.#failure(error);
    }
    for (const operation of batch) {
      if (operation.type === "put") this.#map.set(operation.key, operation.value);
      else this.#map.delete(operation.key);
    }
  }

  async #readUncertain(): Promise<void> {
    if (this.#uncertain.length === 0) return;
    const keys = this.#uncertain;
    const values = await this.#level.getMany(keys, encodings);
    keys.forEach((key, i) => {
      const value = values[i] as Uint8Array | undefined;
      if (value === undefined) this.#map.delete(key);
      else this.#map.set(key, value.slice());
    });
    this.#uncertain = [];
  }

  async *#drain(entries: readonly Entry[]): AsyncGenerator<Entry> {
    for (const [key, value] of entries) {
      this.#requireOpen();
      yield [key.slice(), value.slice()];
    }
  }

  #requireOpen(): void {
    if (this.#closed) throw closedError();
  }

  #failure(error: unknown): Error {
    return levelFailure(error, this.#level.location);
  }
}
