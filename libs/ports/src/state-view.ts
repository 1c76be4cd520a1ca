import type { BlockNumber, Field } from "@sprtn/primitives";
import type { StateReference } from "@sprtn/protocol";

/** Read-only state after one block. Synchronous: what it reads is in memory or in level's cache. */
export interface StateView {
  readonly block: BlockNumber;
  readonly archive: Field;
  reference(): StateReference;
  /** Wei; 0 for an address that never had any. */
  publicBalance(address: Field): bigint;
  hasNullifier(nullifier: Field): boolean;
  noteHashPath(index: bigint): readonly Field[];
  messagePath(index: bigint): readonly Field[];
}

/** States of the blocks from the finalized one to the pending tip (STATE-2). */
export interface StateViews {
  /** State at the pending tip. */
  latest(): StateView;
  /** @throws a coded error for a block above the tip, or one whose state is no longer kept */
  at(block: BlockNumber): StateView;
  /** Whether `root` was the note hash tree's root after some block (TX-1: a tx's anchor), and after which. */
  anchorBlock(noteHashRoot: Field): BlockNumber | undefined;
}
