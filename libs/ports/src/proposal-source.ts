import type { Slot } from "@sprtn/primitives";
import type { BlockProposal } from "@sprtn/protocol";
import type { BuiltBlock } from "@sprtn/state-transition";

/** A proposal that this node has executed itself and found right, with what came out. */
export interface ExecutedProposal {
  readonly proposal: BlockProposal;
  readonly built: BuiltBlock;
}

/** Proposals of recent slots, as this node verified or made them (PEND-9, receipts). */
export interface ProposalSource {
  /** Of different blocks, oldest first; more than one only where the slot's proposer signed twice. */
  executed(slot: Slot): readonly ExecutedProposal[];
  /** Keeps one's own. */
  keep(proposal: ExecutedProposal): void;
}
