import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { plainBytes } from "@sprtn/primitives";
import type { KvOperation, KvRange, KvStore } from "@sprtn/ports";
import { makeFolder } from "@sprtn/runtime";
import { type Iterator as LevelIterator, Level } from "level";
import { levelFailure } from "./level-failure.js";
import { requireRoom } from "./require-room.js";
import { breakSeal, seal } from "./seal.js";
import { closedError, StorageError, StorageErrorCode } from "./storage-error.js";

/** The cache, and where a failing or recovered disk is reported. */
export interface LevelOptions {
  /** Memory for blocks that were read, in bytes; 8 MiB unless told. */
  readonly cacheBytes?: number;
  /** Hears of each write that fails. */
  readonly onFailure?: (error: StorageError) => void;
  /** Hears of the first write that succeeds after others failed. */
  readonly onHealed?: () => void;
}

type Database = Level<Uint8Array, Uint8Array>;

/** Entries fetched from level at once while iterating. */
const CHUNK = 500;
const encodings = { keyEncoding: "view", valueEncoding: "view" } as const;

/**
 * A KvStore in one directory of the disk. One process at a time. After a failed write the log may end in the middle
 * of a record, and what is added behind that is lost with the next start: the database is opened again first, and until
 * there is room for that it is only read.
 */
export class LevelKvStore implements KvStore {
  readonly #level: Database;
  readonly #options: LevelOptions;
  /** One batch at a time: none may follow one that failed. */
  #last: Promise<void> = Promise.resolve();
  #failed = false;
  #reopening = false;
  #ended = false;
  #closing: Promise<void> | undefined;

  private constructor(level: Database, options: LevelOptions) {
    this.#level = level;
    this.#options = options;
  }

  /** Makes the directory if needed. @throws LOCKED, CORRUPT, NOT_WRITABLE, DISK_FULL or IO, each with its remedy */
  static async open(path: string, options: LevelOptions = {}): Promise<LevelKvStore> {
    try {
      // Level makes it as well, but where none can be made it never returns.
      await makeFolder(path, { mkdir, stat, dirname });
      await breakSeal(path);
      // Not before: it opens by itself.
      const level: Database = new Level(path, {
        ...encodings,
        ...(options.cacheBytes === undefined ? {} : { cacheSize: options.cacheBytes }),
      });
      await level.open();
      return new LevelKvStore(level, options);
    } catch (error) {
      throw error instanceof StorageError ? error : levelFailure(error, path);
    }
  }

  get(key: Uint8Array): Uint8Array | undefined {
    try {
      const value = this.#level.getSync(key);
      // Level returns Node Buffers.
      return value && plainBytes(value);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  getMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    return keys.map(key => this.get(key));
  }

  async write(operations: readonly KvOperation[], options: { readonly sync?: boolean } = {}): Promise<void> {
    if (this.#ended) throw closedError();
    const batch = [...operations];
    const written = this.#last.then(() => this.#write(batch, options.sync ?? false));
    this.#last = written.catch(() => undefined);
    return written;
  }

  /** Level reads from a snapshot that it takes here, at the call. */
  entries(range: KvRange = {}): AsyncIterable<readonly [Uint8Array, Uint8Array]> {
    try {
      return this.#drain(this.#level.iterator({ ...range, ...encodings }));
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Waits for the writes under way. */
  async close(): Promise<void> {
    this.#ended = true;
    // Once: later it may be open again, as another store.
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#last;
    try {
      await this.#level.close();
    } catch (error) {
      throw this.#failure(error);
    }
    try {
      await seal(this.#level.location);
    } catch (error) {
      // The data is there all the same: the next opening cannot compare it with anything.
      this.#options.onFailure?.(this.#failure(error));
    }
  }

  async #write(batch: KvOperation[], sync: boolean): Promise<void> {
    try {
      if (this.#failed) await this.#reopen(batch);
      await this.#level.batch(batch, { sync });
    } catch (error) {
      this.#failed = true;
      const failure = this.#failure(error);
      this.#options.onFailure?.(failure);
      throw failure;
    }
    if (!this.#failed) return;
    this.#failed = false;
    this.#options.onHealed?.();
  }

  async #reopen(batch: readonly KvOperation[]): Promise<void> {
    const bytes = batch.reduce((sum, operation) => sum + operation.key.length + valueBytes(operation), 0);
    await requireRoom(this.#level.location, bytes);
    this.#reopening = true;
    await this.#level.close();
    await this.#level.open();
    this.#reopening = false;
  }

  async *#drain(
    iterator: LevelIterator<Database, Uint8Array, Uint8Array>,
  ): AsyncGenerator<readonly [Uint8Array, Uint8Array]> {
    try {
      for (let chunk = await iterator.nextv(CHUNK); chunk.length > 0; chunk = await iterator.nextv(CHUNK)) {
        for (const [key, value] of chunk) yield [plainBytes(key), plainBytes(value)];
      }
    } catch (error) {
      throw this.#failure(error);
    } finally {
      await iterator.close();
    }
  }

  #failure(error: unknown): StorageError {
    const failure = levelFailure(error, this.#level.location);
    if (failure.code !== StorageErrorCode.CLOSED || !this.#reopening || this.#ended) return failure;
    return new StorageError(
      StorageErrorCode.REOPENING,
      `the database in ${this.#level.location} is being reopened after a failed write: try again`,
      { path: this.#level.location },
      { cause: error },
    );
  }
}

function valueBytes(operation: KvOperation): number {
  return operation.type === "put" ? operation.value.length : 0;
}
