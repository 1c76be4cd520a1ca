import { type BlockNumber, Slot } from "@sprtn/primitives";
import type { ScannedBlock } from "../scan/scan-state.js";

const U32_MAX = 2 ** 32 - 1;

export interface AnchorChoice {
  /** Ascending, not empty. */
  readonly blocks: readonly ScannedBlock[];
  readonly finalized: BlockNumber;
  readonly currentSlot: Slot;
  /** Slots an epoch. */
  readonly epochDuration: number;
  /** The newest block that holds a note to be spent; 0 without any. */
  readonly newestNote: BlockNumber;
}

/**
 * The last block before the current epoch, which all wallets share; where states are not kept as far back, the
 * finalized block; where a note is younger, the tip.
 */
export function chooseAnchor({
  blocks,
  finalized,
  currentSlot,
  epochDuration,
  newestNote,
}: AnchorChoice): ScannedBlock {
  const epochStart = currentSlot - (currentSlot % epochDuration);
  const shared = blocks.findLast(block => block.slot < epochStart);
  const tip = blocks.at(-1) as ScannedBlock;
  const kept =
    shared !== undefined && shared.number >= finalized
      ? shared
      : (blocks.find(block => block.number >= finalized) ?? tip);
  return kept.number >= newestNote ? kept : tip;
}

/**
 * The last slot of an epoch, `lifetimeEpochs` full epochs after the current one: it says no more than when the
 * transaction was made, to an epoch.
 */
export function expirationSlot(currentSlot: Slot, epochDuration: number, lifetimeEpochs: number): Slot {
  const epoch = Math.floor(currentSlot / epochDuration);
  return Slot(Math.min((epoch + 1 + lifetimeEpochs) * epochDuration - 1, U32_MAX));
}
