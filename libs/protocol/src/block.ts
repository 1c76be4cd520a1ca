import type { Field } from "@sprtn/primitives";
import type { BlockHeader } from "./header.js";
import type { TxEffect } from "./tx-effect.js";

/** A block as L1 publishes it. */
export interface L2Block {
  readonly header: BlockHeader;
  readonly headerHash: Field;
  /** Root of the archive tree after this block. */
  readonly archive: Field;
  readonly effects: readonly TxEffect[];
}

/** A block's name: its height and its header's hash. */
export interface BlockId {
  readonly number: BlockHeader["number"];
  readonly hash: Field;
}

/** The three chains by their tips; finalized ≤ proven ≤ pending (FINAL-2). */
export interface ChainTips {
  readonly pending: BlockId;
  readonly proven: BlockId;
  readonly finalized: BlockId;
}
