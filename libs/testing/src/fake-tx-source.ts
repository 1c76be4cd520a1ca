import type { Field } from "@sprtn/primitives";
import type { Admission, LeftOut, TxSource } from "@sprtn/ports";
import type { Tx } from "@sprtn/protocol";
import { onAbort } from "@sprtn/runtime";

/** A pool that takes every transaction; one that it lacks may arrive while it is being fetched. */
export class FakeTxSource implements TxSource {
  readonly #txs = new Map<Field, Tx>();
  readonly #waiting = new Set<() => void>();
  /** Those that {@link pending} no longer offers. */
  readonly #mined = new Set<Field>();
  /** What builders said that they left out. */
  readonly leftOut: LeftOut[] = [];

  constructor(txs: Iterable<Tx> = []) {
    for (const tx of txs) this.#txs.set(tx.hash, tx);
  }

  async add(tx: Tx): Promise<Admission> {
    this.#txs.set(tx.hash, tx);
    for (const look of [...this.#waiting]) look();
    return { accepted: true, hash: tx.hash };
  }

  remove(hash: Field): void {
    this.#txs.delete(hash);
  }

  /** What is in a block stays here, but waits for none. */
  markMined(hashes: readonly Field[]): void {
    for (const hash of hashes) this.#mined.add(hash);
  }

  async get(hash: Field): Promise<Tx | undefined> {
    return this.#txs.get(hash);
  }

  pending(limit: number): readonly Tx[] {
    return [...this.#txs.values()].filter(tx => !this.#mined.has(tx.hash)).slice(0, limit);
  }

  pendingCount(): number {
    return this.pending(Number.POSITIVE_INFINITY).length;
  }

  reportLeftOut(leftOut: readonly LeftOut[]): void {
    this.leftOut.push(...leftOut);
  }

  fetch(hashes: readonly Field[], signal: AbortSignal): Promise<ReadonlyMap<Field, Tx>> {
    const { promise, resolve } = Promise.withResolvers<ReadonlyMap<Field, Tx>>();
    const found = () =>
      new Map(
        hashes.flatMap(hash => {
          const tx = this.#txs.get(hash);
          return tx === undefined ? [] : [[hash, tx] as const];
        }),
      );
    const look = () => {
      if (found().size === new Set(hashes).size) resolve(found());
    };
    this.#waiting.add(look);
    const release = onAbort(signal, () => resolve(found()));
    look();
    return promise.finally(() => {
      this.#waiting.delete(look);
      release();
    });
  }
}
