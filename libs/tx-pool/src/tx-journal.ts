import { codeOf, type Field, type FieldHasher, messageOf, toHex } from "@sprtn/primitives";
import type { KvOperation, KvStore, Logger } from "@sprtn/ports";
import { decodeStoredTx, encodeStoredTx, STORED_TXS, type StoredTx, storedTxKey } from "./stored-tx.js";

export interface TxJournalDependencies {
  readonly store: KvStore;
  readonly hasher: FieldHasher;
  readonly logger: Logger;
}

/** The pool's transactions on disk. What is written while a batch is under way goes into the next batch, in order. */
export class TxJournal {
  readonly #dependencies: TxJournalDependencies;
  #queued: KvOperation[] = [];
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(dependencies: TxJournalDependencies) {
    this.#dependencies = dependencies;
  }

  /** Resolves when it is on disk, together with what was forgotten in the same turn. Throws what the store throws. */
  async put(stored: StoredTx): Promise<void> {
    return this.#write({ type: "put", key: storedTxKey(stored.tx.hash), value: encodeStoredTx(stored) });
  }

  /** A failure is logged: a record too many is judged anew at the next start. */
  forget(hashes: Iterable<Field>): void {
    for (const hash of hashes) {
      this.#write({ type: "del", key: storedTxKey(hash) }).catch((error: unknown) => {
        this.#dependencies.logger.error("could not delete a transaction from the pool's store", {
          code: codeOf(error),
          error: messageOf(error),
        });
      });
    }
  }

  get(hash: Field): StoredTx | undefined {
    const key = storedTxKey(hash);
    const value = this.#dependencies.store.get(key);
    return value && this.#decode(key, value);
  }

  /** Every readable record, in order of arrival. Torn and foreign ones are told to the operator and skipped. */
  async readAll(): Promise<StoredTx[]> {
    const found: StoredTx[] = [];
    for await (const [key, value] of this.#dependencies.store.entries(STORED_TXS)) {
      const stored = this.#decode(key, value);
      if (stored) found.push(stored);
    }
    return found.toSorted((a, b) => a.arrival - b.arrival);
  }

  /** Resolves when nothing is being written any more. */
  async settled(): Promise<void> {
    while (this.#next) await this.#next.catch(() => undefined);
    await this.#last.catch(() => undefined);
  }

  #decode(key: Uint8Array, value: Uint8Array): StoredTx | undefined {
    try {
      return decodeStoredTx(this.#dependencies.hasher, key, value);
    } catch (error) {
      this.#dependencies.logger.warn("skipped a record of the pool's store", {
        key: toHex(key.subarray(0, 32)),
        code: codeOf(error),
        error: messageOf(error),
      });
      return undefined;
    }
  }

  async #write(operation: KvOperation): Promise<void> {
    this.#queued.push(operation);
    this.#next ??= this.#last.catch(() => undefined).then(() => this.#flush());
    return this.#next;
  }

  async #flush(): Promise<void> {
    const operations = this.#queued;
    this.#queued = [];
    this.#next = undefined;
    this.#last = this.#dependencies.store.write(operations, { sync: true });
    return this.#last;
  }
}
