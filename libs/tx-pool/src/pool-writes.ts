import { toHex } from "@sprtn/primitives";
import type { KvOperation, KvStore } from "@sprtn/ports";

type Operations = Map<string, KvOperation>;

/**
 * Writes that failed and are kept for the next batch; above it the oldest go, and a record is judged again at a start.
 */
const MAX_WAITING = 50_000;

/**
 * Writes on their way to the pool's store. What is asked for while a batch is under way goes into the next one. A batch
 * that fails may be on disk or not: it is written again, with the next one, so that the disk ends as the memory is.
 */
export class PoolWrites {
  /** The last operation of each key. */
  #waiting: Operations = new Map();
  #writing: Operations | undefined;
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly store: KvStore) {}

  /** As it is, or will be, on disk. */
  get(key: Uint8Array): Uint8Array | undefined {
    const name = toHex(key);
    const operation = this.#waiting.get(name) ?? this.#writing?.get(name);
    if (operation !== undefined) return operation.type === "put" ? operation.value : undefined;
    return this.store.get(key);
  }

  add(operation: KvOperation): void {
    const name = toHex(operation.key);
    this.#waiting.delete(name);
    this.#waiting.set(name, operation);
  }

  /**
   * Resolves when all that was added is on disk.
   * @throws what the store throws
   */
  flush(): Promise<void> {
    this.#next ??= this.#last.catch(() => undefined).then(() => this.#write());
    return this.#next;
  }

  /** Whether something waits that no {@link flush} was asked for, as after one that failed. */
  get behind(): boolean {
    return this.#waiting.size > 0 && this.#next === undefined;
  }

  /** Resolves when nothing is being written any more. */
  async settled(): Promise<void> {
    while (this.#next) await this.#next.catch(() => undefined);
    await this.#last.catch(() => undefined);
  }

  #write(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = new Map();
    this.#writing = batch;
    this.#next = undefined;
    this.#last = this.#send(batch);
    return this.#last;
  }

  async #send(batch: Operations): Promise<void> {
    try {
      await this.store.write([...batch.values()], { sync: true });
    } catch (error) {
      this.#keep(batch);
      throw error;
    } finally {
      this.#writing = undefined;
    }
  }

  /** What was added since comes after it. */
  #keep(failed: Operations): void {
    const later = this.#waiting;
    this.#waiting = failed;
    for (const operation of later.values()) this.add(operation);
    const surplus = this.#waiting.size - MAX_WAITING;
    for (const name of [...this.#waiting.keys()].slice(0, Math.max(0, surplus))) this.#waiting.delete(name);
  }
}
