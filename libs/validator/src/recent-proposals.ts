import type { Slot } from "@sprtn/primitives";
import type { ExecutedProposal, ProposalSource } from "@sprtn/ports";
import { LruMap } from "@sprtn/runtime";
import { MAX_SIGNED_IN_SLOT } from "./equivocations.js";

/**
 * LIMIT-13: the executed proposals of the last slots: more than one where its proposer signed twice, so that none hides
 * another.
 */
export class RecentProposals implements ProposalSource {
  readonly #bySlot: LruMap<Slot, readonly ExecutedProposal[]>;

  constructor(settings: { readonly slots: number }) {
    this.#bySlot = new LruMap(settings.slots);
  }

  executed(slot: Slot): readonly ExecutedProposal[] {
    return this.#bySlot.peek(slot) ?? [];
  }

  keep(executed: ExecutedProposal): void {
    const { slot } = executed.proposal.header;
    const others = this.executed(slot).filter(one => one.proposal.archive !== executed.proposal.archive);
    this.#bySlot.set(slot, [...others, executed].slice(-MAX_SIGNED_IN_SLOT));
  }
}
