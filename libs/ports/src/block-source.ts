import type { BlockNumber, Field } from "@sprtn/primitives";
import type { BlockId, ChainTips, L2Block, TxEffect } from "@sprtn/protocol";
import type { L1Position } from "./l1-events.js";

/**
 * What happened to the chain, in order. Listeners get them after the world state has followed; what was read of L1
 * together is reported as a whole, and tips() already includes all of it.
 */
export type ChainEvent =
  | { readonly type: "blocks-added"; readonly blocks: readonly L2Block[] }
  /** Blocks above `tip` are gone, through a prune or an L1 reorg, oldest first. */
  | {
      readonly type: "blocks-removed";
      readonly tip: BlockId;
      readonly removed: readonly L2Block[];
      readonly cause: "prune" | "reorg";
    }
  | { readonly type: "proven"; readonly tip: BlockId }
  | { readonly type: "finalized"; readonly tip: BlockId };

/** A transaction on the pending chain. */
export interface MinedTx {
  readonly block: BlockId;
  readonly index: number;
  readonly effect: TxEffect;
}

/** The chains as this node has validated them (PEND-8). */
export interface BlockSource {
  tips(): ChainTips;
  /** Genesis is block 0, with no effects. */
  block(number: BlockNumber): Promise<L2Block | undefined>;
  l1Position(number: BlockNumber): Promise<L1Position | undefined>;
  minedTx(txHash: Field): Promise<MinedTx | undefined>;
  /** The L1→L2 messages that block `number` consumes, frozen or not yet, in order. */
  messages(number: BlockNumber): Promise<readonly Field[]>;
  /** The first block number above the pending tip whose subtree holds a message (MSG-1). */
  nextMessageBlock(): Promise<BlockNumber | undefined>;
  /** Place of an L1→L2 message: its leaf index, `undefined` if never sent. */
  messageIndex(hash: Field): Promise<bigint | undefined>;
  /** False while the node is catching up with L1, or L1 holds a block that it cannot follow (PEND-8). */
  synced(): boolean;
  subscribe(listener: (event: ChainEvent) => Promise<void> | void): () => void;
}
