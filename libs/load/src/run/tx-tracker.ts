import type { Field } from "@sprtn/primitives";
import type { ChainListener, WatchedBlock } from "../watch/chain-watch.js";
import type { MeasuredStage } from "../report/load-report.js";

/** Stages that blocks bring. */
export type ChainStage = Extract<MeasuredStage, "proposed" | "attested" | "pending" | "proven" | "finalized">;

/** Hears what becomes of one transaction. Moments are `clock.steadyMs`. */
export interface TxListener {
  /** Each stage, again after the block was taken back and it is in another one. */
  onStage(stage: ChainStage, atMs: number, reverted: boolean): void;
  /** Its block is part of no chain any more. */
  onRemoved(): void;
}

interface Standing {
  readonly block: WatchedBlock;
  readonly listeners: readonly TxListener[];
  proven: boolean;
  finalized: boolean;
}

/** From blocks to the transactions in them: work grows with blocks and their transactions, not with what waits. */
export class TxTracker implements ChainListener {
  readonly #waiting = new Map<Field, TxListener>();
  /** Blocks with transactions that are tracked, until they are finalized. */
  readonly #blocks = new Map<string, Standing>();
  readonly #back = new Map<TxListener, Field>();
  readonly #tips = { proven: { number: -1, atMs: 0 }, finalized: { number: -1, atMs: 0 } };

  /** Before it leaves: a block may come sooner than the node's answer. */
  track(hash: Field, listener: TxListener): void {
    this.#waiting.set(hash, listener);
  }

  /** Of a transaction that will be in no block. */
  forget(hash: Field): void {
    this.#waiting.delete(hash);
  }

  /** Those that are in no block. */
  waiting(): readonly Field[] {
    return [...this.#waiting.keys()];
  }

  onBlock(block: WatchedBlock): void {
    const listeners: TxListener[] = [];
    for (const { hash, reverted } of block.txs) {
      const listener = this.#waiting.get(hash);
      if (listener === undefined) continue;
      listeners.push(listener);
      this.#waiting.delete(hash);
      this.#back.set(listener, hash);
      if (block.proposedAt !== undefined) listener.onStage("proposed", block.proposedAt, reverted);
      if (block.attestedAt !== undefined) listener.onStage("attested", block.attestedAt, reverted);
      listener.onStage("pending", block.pendingAt, reverted);
    }
    if (listeners.length === 0) return;
    this.#blocks.set(block.hash, { block, listeners, proven: false, finalized: false });
    // A tip may have been heard of before the block that it covers was read.
    this.#reach("proven", Math.max(block.pendingAt, this.#tips.proven.atMs));
    this.#reach("finalized", Math.max(block.pendingAt, this.#tips.finalized.atMs));
  }

  onRemoved(hash: string): void {
    const standing = this.#blocks.get(hash);
    if (standing === undefined) return;
    this.#blocks.delete(hash);
    for (const listener of standing.listeners) {
      const tx = this.#back.get(listener);
      if (tx !== undefined) this.#waiting.set(tx, listener);
      listener.onRemoved();
    }
  }

  onTip(chain: "proven" | "finalized", number: number, atMs: number): void {
    this.#tips[chain] = { number, atMs };
    this.#reach(chain, atMs);
  }

  #reach(chain: "proven" | "finalized", atMs: number): void {
    for (const [hash, standing] of this.#blocks) {
      if (standing[chain] || standing.block.number > this.#tips[chain].number) continue;
      standing[chain] = true;
      const reverted = new Set(standing.block.txs.filter(tx => tx.reverted).map(tx => tx.hash));
      for (const listener of standing.listeners)
        listener.onStage(chain, atMs, reverted.has(this.#back.get(listener) as Field));
      if (chain !== "finalized") continue;
      for (const listener of standing.listeners) this.#back.delete(listener);
      this.#blocks.delete(hash);
    }
  }
}
