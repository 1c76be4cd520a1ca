import { OngoingTrouble } from "@sprtn/runtime";
import { bytesToUint, codeOf, type Field, type FieldHasher, fieldToBytes, messageOf, toHex } from "@sprtn/primitives";
import type { KvStore, Logger } from "@sprtn/ports";
import { decodeDropped, DROP_ORDER, droppedKey, dropOrderKey, encodeDropped, sequenceOf } from "./dropped-record.js";
import { PoolWrites } from "./pool-writes.js";
import { decodeStoredTx, encodeStoredTx, STORED_TXS, type StoredTx, storedTxKey } from "./stored-tx.js";

export interface TxJournalDependencies {
  readonly store: KvStore;
  readonly hasher: FieldHasher;
  readonly logger: Logger;
}

/** LIMIT-32: dropped transactions whose reason a pool keeps on disk, about 120 bytes each. */
export const KEPT_DROPS = 100_000;

export interface TxJournalSettings {
  /** Dropped transactions whose reason is kept; above it the oldest is forgotten. */
  readonly keptDrops: number;
}

/**
 * The pool's transactions on disk, and why those that left it did: INV-10 is owed after a restart too. What is written
 * while a batch is under way goes into the next batch.
 */
export class TxJournal {
  readonly #dependencies: TxJournalDependencies;
  readonly #settings: TxJournalSettings;
  readonly #writes: PoolWrites;
  #oldestDrop = 0;
  #nextDrop = 0;
  readonly #trouble = new OngoingTrouble();

  constructor(dependencies: TxJournalDependencies, settings: TxJournalSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#writes = new PoolWrites(dependencies.store);
  }

  /**
   * Resolves when it is on disk, together with what was forgotten in the same turn.
   * @throws what the store throws
   */
  async put(stored: StoredTx): Promise<void> {
    this.#writes.add({ type: "put", key: storedTxKey(stored.tx.hash), value: encodeStoredTx(stored) });
    const dropped = droppedKey(stored.tx.hash);
    if (this.#writes.get(dropped) !== undefined) this.#writes.add({ type: "del", key: dropped });
    await this.#writes.flush();
  }

  /** For writes that nobody waits for: a failure is reported, and the write is repeated later. */
  keep(stored: StoredTx): void {
    this.put(stored).then(
      () => this.#wrote(),
      (error: unknown) => this.#report(error),
    );
  }

  /**
   * Takes them off the disk; with `code` the reason stays, in the same batch. A failure is reported, and the write is
   * repeated later.
   */
  forget(hashes: Iterable<Field>, code?: string): void {
    let any = false;
    for (const hash of hashes) {
      any = true;
      this.#writes.add({ type: "del", key: storedTxKey(hash) });
      if (code !== undefined) this.#remember(hash, code);
    }
    if (any)
      this.#writes.flush().then(
        () => this.#wrote(),
        (error: unknown) => this.#report(error),
      );
  }

  /** Whether the disk lacks something that could not be written. */
  get behind(): boolean {
    return this.#writes.behind;
  }

  /** Writes again what failed. */
  retry(): void {
    if (this.#writes.behind)
      this.#writes.flush().then(
        () => this.#wrote(),
        (error: unknown) => this.#report(error),
      );
  }

  get(hash: Field): StoredTx | undefined {
    const key = storedTxKey(hash);
    const value = this.#writes.get(key);
    return value && this.#decode(key, value);
  }

  /** Why a transaction left the pool, whichever run of the node it was in. */
  droppedCode(hash: Field): string | undefined {
    const bytes = this.#writes.get(droppedKey(hash));
    return bytes && decodeDropped(bytes).code;
  }

  /** Every readable record, one at a time. Torn and foreign ones are reported to the operator and skipped. */
  async *readAll(): AsyncGenerator<StoredTx> {
    for await (const [key, value] of this.#dependencies.store.entries(STORED_TXS)) {
      const stored = this.#decode(key, value);
      if (stored) yield stored;
    }
  }

  /** Resolves when nothing is being written any more. */
  async settled(): Promise<void> {
    this.retry();
    await this.#writes.settled();
  }

  /** Finds out which reasons are on disk: before the first is written. */
  async open(): Promise<void> {
    const { store } = this.#dependencies;
    for await (const [key] of store.entries({ ...DROP_ORDER, limit: 1 })) this.#oldestDrop = sequenceOf(key);
    for await (const [key] of store.entries({ ...DROP_ORDER, limit: 1, reverse: true }))
      this.#nextDrop = sequenceOf(key) + 1;
  }

  #remember(hash: Field, code: string): void {
    const sequence = this.#nextDrop++;
    this.#writes.add({ type: "put", key: droppedKey(hash), value: encodeDropped({ sequence, code }) });
    this.#writes.add({ type: "put", key: dropOrderKey(sequence), value: fieldToBytes(hash) });
    while (this.#nextDrop - this.#oldestDrop > this.#settings.keptDrops) this.#forgetDrop(this.#oldestDrop++);
  }

  #forgetDrop(sequence: number): void {
    const at = dropOrderKey(sequence);
    const bytes = this.#writes.get(at);
    if (bytes === undefined) return;
    this.#writes.add({ type: "del", key: at });
    const key = droppedKey(bytesToUint(bytes) as Field);
    const record = this.#writes.get(key);
    // It may have come back since, and been dropped again.
    if (record && decodeDropped(record).sequence === sequence) this.#writes.add({ type: "del", key });
  }

  /** Warns once per trouble, until a write succeeds. */
  #report(error: unknown): void {
    const fields = { code: codeOf(error), error: messageOf(error) };
    if (this.#trouble.isNew(fields.code))
      this.#dependencies.logger.warn(
        "the pool's store could not be written: the missing records will be written later",
        fields,
      );
    else this.#dependencies.logger.debug("the pool's store failed again", fields);
  }

  #wrote(): void {
    this.#trouble.end();
  }

  #decode(key: Uint8Array, value: Uint8Array): StoredTx | undefined {
    try {
      return decodeStoredTx(this.#dependencies.hasher, key, value);
    } catch (error) {
      this.#dependencies.logger.warn("skipped an unreadable record of the pool's store", {
        key: toHex(key.subarray(0, 32)),
        code: codeOf(error),
        error: messageOf(error),
      });
      return undefined;
    }
  }
}
