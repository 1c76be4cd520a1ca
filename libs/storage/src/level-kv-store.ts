import type { KvOperation, KvRange, KvStore } from "@sprtn/ports";
import { ClassicLevel, type Iterator as LevelIterator } from "classic-level";
import { levelFailure } from "./level-failure.js";

export interface LevelOptions {
  /** Memory for blocks that were read, in bytes; 8 MiB unless told. */
  readonly cacheBytes?: number;
}

/** Entries fetched from level at once while iterating. */
const CHUNK = 500;
const encodings = { keyEncoding: "view", valueEncoding: "view" } as const;

/** A KvStore in one directory of the disk. One process at a time. */
export class LevelKvStore implements KvStore {
  readonly #level: ClassicLevel<Uint8Array, Uint8Array>;

  private constructor(level: ClassicLevel<Uint8Array, Uint8Array>) {
    this.#level = level;
  }

  /** Makes the directory if needed. Throws LOCKED, CORRUPT, NOT_WRITABLE, DISK_FULL or IO, each with its remedy. */
  static async open(path: string, options: LevelOptions = {}): Promise<LevelKvStore> {
    const level = new ClassicLevel<Uint8Array, Uint8Array>(path, {
      ...encodings,
      ...(options.cacheBytes === undefined ? {} : { cacheSize: options.cacheBytes }),
    });
    try {
      await level.open();
    } catch (error) {
      throw levelFailure(error, path);
    }
    return new LevelKvStore(level);
  }

  get(key: Uint8Array): Uint8Array | undefined {
    try {
      return plainBytes(this.#level.getSync(key));
    } catch (error) {
      throw this.#failure(error);
    }
  }

  getMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    return keys.map(key => this.get(key));
  }

  async write(operations: readonly KvOperation[], options: { readonly sync?: boolean } = {}): Promise<void> {
    try {
      await this.#level.batch([...operations], { sync: options.sync ?? false });
    } catch (error) {
      throw this.#failure(error);
    }
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
    try {
      await this.#level.close();
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async *#drain(
    iterator: LevelIterator<ClassicLevel<Uint8Array, Uint8Array>, Uint8Array, Uint8Array>,
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

  #failure(error: unknown): Error {
    return levelFailure(error, this.#level.location);
  }
}

function plainBytes(bytes: Uint8Array): Uint8Array;
function plainBytes(bytes: Uint8Array | undefined): Uint8Array | undefined;
/** Level hands out node Buffers; callers know nothing but Uint8Array. */
function plainBytes(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
