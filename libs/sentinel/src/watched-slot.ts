import type { EthAddress, Slot } from "@sprtn/primitives";
import type { ObservedSlot } from "./judge-slot.js";

/** What is seen of a slot while it runs, and until it is judged. */
export class WatchedSlot {
  readonly attested = new Set<EthAddress>();
  isTrusted = true;
  isReorged = false;
  hasBlock = false;
  hasProposal = false;
  isDue = false;

  constructor(readonly slot: Slot) {}

  observed(committee: readonly EthAddress[]): ObservedSlot {
    const { slot, isDue, attested, isTrusted, isReorged, hasBlock, hasProposal } = this;
    return { slot, committee, isDue, attested, isTrusted, isReorged, hasBlock, hasProposal };
  }
}
