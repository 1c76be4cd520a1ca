import type { Field, Slot } from "@sprtn/primitives";
import { constants, type L2Block, type Tx } from "@sprtn/protocol";
import { LruMap } from "@sprtn/runtime";
import type { AdmissionPlan } from "./admission/plan-admission.js";
import { MinedTxs } from "./mined-txs.js";
import { PendingTxs } from "./pending-txs.js";
import type { PoolEntry } from "./pool-entry.js";
import { TxRefusalCode } from "./refusal.js";
import type { TxJournal } from "./tx-journal.js";
import type { TxPoolMetrics } from "./tx-pool-metrics.js";

/**
 * An acknowledged transaction that cannot be pending now, but may soon: its block was removed, or the node has not
 * caught up.
 */
export interface WaitingTx {
  readonly tx: Tx;
  readonly arrival: number;
  readonly submitted: boolean;
  readonly since: Slot;
}

export interface PoolContentsDependencies {
  readonly journal: TxJournal;
  readonly metrics: TxPoolMetrics;
}

/**
 * LIMIT-17: transactions of proposals kept in memory until their block comes. Only proposers can push others out: as
 * many as the two proposals of one slot can hold (SIGN-2), plus those of an honest one.
 */
const FETCHED = 4 * constants.MAX_TXS_PER_BLOCK;
/** Transactions kept in memory after they were dropped: a proposal may hold them still. */
const DEPARTED = 2 * constants.MAX_TXS_PER_BLOCK;

/** Where each transaction is: pending, waiting, mined or merely fetched; in memory and on disk. It judges nothing. */
export class PoolContents {
  pending = new PendingTxs();
  mined = new MinedTxs();
  readonly waiting = new Map<Field, WaitingTx>();
  readonly #dependencies: PoolContentsDependencies;
  readonly #fetched = new LruMap<Field, Tx>(FETCHED);
  readonly #departed = new LruMap<Field, Tx>(DEPARTED);

  constructor(dependencies: PoolContentsDependencies) {
    this.#dependencies = dependencies;
  }

  find(hash: Field): Tx | undefined {
    const here =
      this.pending.get(hash)?.tx ?? this.waiting.get(hash)?.tx ?? this.#fetched.get(hash) ?? this.#departed.get(hash);
    return here ?? (this.mined.isKept(hash) ? this.#dependencies.journal.get(hash)?.tx : undefined);
  }

  /** Forgets where each transaction is; the disk keeps them. */
  clear(): void {
    this.pending = new PendingTxs();
    this.mined = new MinedTxs();
    this.waiting.clear();
  }

  /** The code with which a transaction left the pool, before a restart too. */
  droppedCode(hash: Field): string | undefined {
    return this.#dependencies.journal.droppedCode(hash);
  }

  /** Puts `entry` in the place of those that make room. It is not on disk yet. */
  enter(entry: PoolEntry, plan: AdmissionPlan): void {
    this.drop(plan.replaced, TxRefusalCode.REPLACED);
    this.drop(plan.displaced, TxRefusalCode.DISPLACED);
    this.waiting.delete(entry.tx.hash);
    this.pending.add(entry);
    this.measure();
  }

  /**
   * Pending or waiting ones leave for good. Memory keeps them for a while: a sender who replaces a transaction in a
   * slot must not take its proof from the slot's provers.
   */
  drop(gone: readonly Pick<PoolEntry, "tx">[], code: string): void {
    for (const { tx } of gone) {
      this.pending.remove(tx.hash);
      this.waiting.delete(tx.hash);
      this.#departed.set(tx.hash, tx);
      this.#dependencies.metrics.dropped(code);
    }
    this.#dependencies.journal.forget(
      gone.map(({ tx }) => tx.hash),
      code,
    );
    this.measure();
  }

  /**
   * `entry` could not be stored: those that made room for it have never left, and return with the next sweep. One that
   * is in a block by now stays for it.
   */
  withdraw(
    entry: PoolEntry,
    plan: AdmissionPlan,
    { code, since }: { readonly code: string; readonly since: Slot },
  ): void {
    const { journal } = this.#dependencies;
    if (this.mined.isKept(entry.tx.hash)) this.#fetched.set(entry.tx.hash, entry.tx);
    else this.drop([entry], code);
    const back = [...plan.replaced, ...plan.displaced].filter(({ tx }) => !this.mined.has(tx.hash));
    for (const { tx, arrival } of back) journal.keep({ tx, arrival });
    this.setAside(back, since);
  }

  /** Pending ones become waiting ones. */
  setAside(entries: readonly PoolEntry[], since: Slot): void {
    for (const { tx, arrival, submitted } of entries) {
      this.pending.remove(tx.hash);
      this.waiting.set(tx.hash, { tx, arrival, submitted, since });
    }
    this.measure();
  }

  /** PEND-8: what this node has of `block` is kept with its proof until the block is final. */
  addBlock(block: L2Block): void {
    this.mined.add(block);
    for (const { txHash } of block.effects) {
      const fetched = this.#fetched.peek(txHash) ?? this.#departed.peek(txHash);
      if (this.pending.remove(txHash) || this.waiting.delete(txHash)) this.mined.keep(txHash);
      else if (fetched) this.keepMined(fetched);
    }
    this.measure();
  }

  /** A transaction that is mined already; without effect if its block is final, or if it is kept. */
  keepMined(tx: Tx): void {
    if (!this.mined.has(tx.hash) || this.mined.isKept(tx.hash)) return;
    // The memory holds it until it is on disk.
    this.#fetched.set(tx.hash, tx);
    this.mined.keep(tx.hash);
    this.#dependencies.journal.keep({ tx, arrival: 0 });
    this.measure();
  }

  /** INV-10: what this node has of blocks that are no more waits for its return to the pool. */
  removeBlocks(blocks: readonly L2Block[], since: Slot): void {
    for (const hash of blocks.flatMap(block => this.mined.removeBlock(block))) {
      const stored = this.#dependencies.journal.get(hash);
      if (stored) this.waiting.set(hash, { ...stored, submitted: true, since });
    }
    this.measure();
  }

  finalize(number: L2Block["header"]["number"]): void {
    this.#dependencies.journal.forget(this.mined.finalize(number));
    this.measure();
  }

  /** Of a proposal: kept even if the pool does not want it, or not any more. */
  addFetched(tx: Tx): void {
    this.#fetched.set(tx.hash, tx);
    this.keepMined(tx);
  }

  measure(): void {
    this.#dependencies.metrics.sizes({
      pending: this.pending.size,
      bytes: this.pending.bytes,
      kept: this.mined.keptCount,
    });
  }
}
