import { type BlockNumber, Slot } from "@sprtn/primitives";
import type { ScannedBlock } from "../scan/scan-state.js";

const U32_MAX = 2 ** 32 - 1;

export interface AnchorChoice {
  /** Ascending, not empty. */
  readonly blocks: readonly ScannedBlock[];
  readonly finalized: BlockNumber;
  readonly currentSlot: Slot;
  /** Slots per epoch. */
  readonly epochDuration: number;
}

/**
 * PRIV-2. The anchor that all wallets choose: the last block before the current epoch, genesis in the first epoch.
 * Where states
 * are not kept as far back, the finalized block.
 */
export function commonAnchor({ blocks, finalized, currentSlot, epochDuration }: AnchorChoice): ScannedBlock {
  const epochStart = currentSlot - (currentSlot % epochDuration);
  const shared = blocks.findLast(block => block.slot < epochStart);
  if (shared !== undefined && shared.number >= finalized) return shared;
  return blocks.find(block => block.number >= finalized) ?? (blocks.at(-1) as ScannedBlock);
}

/**
 * The last slot of an epoch, `lifetimeEpochs` full epochs after the current one: it says no more than when the
 * transaction was made, to an epoch.
 */
export function expirationSlot(currentSlot: Slot, epochDuration: number, lifetimeEpochs: number): Slot {
  const epoch = Math.floor(currentSlot / epochDuration);
  return Slot(Math.min((epoch + 1 + lifetimeEpochs) * epochDuration - 1, U32_MAX));
}
