import type { BlockNumber, Field } from "@sprtn/primitives";
import type { L2Block } from "@sprtn/protocol";

/** A block with the L1→L2 messages of its subtree, in order; the slots up to 16 are zeros. */
export interface BlockToApply {
  readonly block: L2Block;
  readonly messages: readonly Field[];
}

/**
 * Payload of the coded error with which a StateStore says that a block is wrong (PEND-8). An error without it is
 * trouble of the store's own, and says nothing about the block.
 */
export interface BlockRejection {
  readonly rejected: BlockNumber;
}

/** The trees of this node, following the pending chain. Blocks above the finalized one can be unwound. */
export interface StateStore {
  /** The block whose state is current, and the oldest one that can be returned to. */
  tip(): { readonly number: BlockNumber; readonly archive: Field };
  oldest(): BlockNumber;
  /**
   * Applies the next block's published effects and its 16-slot message subtree. A block that does not follow the tip is
   * not wrong for that: the error then has no such payload.
   * @throws a coded error with a {@link BlockRejection} (and changes nothing) if a nullifier is there already or
   *   stateHash or archive come out different (PEND-8)
   */
  apply(block: L2Block, messages: readonly Field[]): Promise<void>;
  /**
   * Several finalized blocks at once, on top of a tip that is finalized too: checks only the last one's stateHash and
   * archive. Throws as {@link apply} does, and then changes nothing;
   * the rejection names the last block, though an earlier one may be the wrong one.
   */
  applyFinalized(blocks: readonly BlockToApply[]): Promise<void>;
  /** Returns to the state after block `to`, `oldest() ≤ to ≤ tip`. */
  unwind(to: BlockNumber): Promise<void>;
  /**
   * Blocks up to `number` will not be unwound any more: makes their state durable. Without effect for what is durable
   * already.
   */
  finalize(number: BlockNumber): Promise<void>;
}
