import { Slot } from "@sprtn/primitives";
import type { BlockHeader, RollupParameters } from "@sprtn/protocol";

/** A block that was executed here, as far as the choice of a parent looks at it. */
export interface ParentCandidate {
  readonly header: Pick<BlockHeader, "slot" | "number" | "lastArchive">;
}

/** The pending tip, as this node knows it from L1. */
export interface KnownTip {
  readonly number: number;
  readonly archive: bigint;
}

/** The slot of the child, and what is known of L1. */
export interface ParentSearch {
  readonly slot: Slot;
  readonly tip: KnownTip;
}

/** The chooser: a proposer must submit the parent itself; members also accept one that L1 may just have included. */
export type ParentChooser = "proposer" | "member";

/**
 * How many slots before its child's a parent may be that this node does not know from L1 (PEND-9). PEND-2 lets L1 take
 * it for `proposalLateness` slots. What L1 included in the last moment of those may not be known here yet, so a member
 * looks back one slot more.
 */
export function parentReach(
  { proposalLateness }: Pick<RollupParameters, "proposalLateness">,
  chooser: ParentChooser,
): number {
  return proposalLateness + (chooser === "member" ? 1 : 0);
}

/** PEND-9: the slots whose block may be the parent of one of `slot` though L1 is not known to have it, last first. */
export function unpublishedParentSlots(slot: Slot, reach: number): readonly Slot[] {
  return Array.from({ length: Math.max(0, Math.min(reach, slot)) }, (_, i) => Slot(slot - 1 - i));
}

/** PEND-9: of blocks that were executed here, the first that follows L1's pending tip and is not too old for `slot`. */
export function chooseUnpublishedParent<T extends ParentCandidate>(
  executed: (slot: Slot) => readonly T[],
  { slot, tip }: ParentSearch,
  reach: number,
): T | undefined {
  return unpublishedParentSlots(slot, reach)
    .flatMap(executed)
    .find(({ header }) => header.number === tip.number + 1 && header.lastArchive === tip.archive);
}
