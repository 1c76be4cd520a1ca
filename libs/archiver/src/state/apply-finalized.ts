import type { BlockToApply, StateStore } from "@sprtn/ports";
import { applyBlock, isNext, isRejection } from "./apply-block.js";

/** Blocks given to the state at once, which bounds its memory. */
const BATCH_BLOCKS = 256;

/**
 * Brings finalized blocks, consecutive ones, into the state: in bulk, and one by one where the bulk fails, to find the
 * block that is wrong.
 *
 * @throws BlockFault STATE_REJECTED
 */
export async function applyFinalized(state: StateStore, blocks: readonly BlockToApply[]): Promise<void> {
  const first = blocks.findIndex(block => isNext(state, block));
  if (first < 0) return;
  // What the state holds so far lies below a finalized block, so it is final as well; the bulk goes on top of final
  // state only.
  await state.finalize(state.tip().number);
  for (let at = first; at < blocks.length; at += BATCH_BLOCKS) {
    const batch = blocks.slice(at, at + BATCH_BLOCKS);
    try {
      await state.applyFinalized(batch);
    } catch (error) {
      if (!isRejection(error)) throw error;
      for (const block of batch) await applyBlock(state, block);
      await state.finalize(state.tip().number);
    }
  }
}
