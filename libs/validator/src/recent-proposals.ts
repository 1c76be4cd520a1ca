import type { Slot } from "@sprtn/primitives";
import type { ExecutedProposal, ProposalSource } from "@sprtn/ports";
import { LruMap } from "@sprtn/runtime";

/** The executed proposals of the last slots. */
export class RecentProposals implements ProposalSource {
  readonly #bySlot: LruMap<Slot, ExecutedProposal>;

  constructor(settings: { readonly slots: number }) {
    this.#bySlot = new LruMap(settings.slots);
  }

  executed(slot: Slot): ExecutedProposal | undefined {
    return this.#bySlot.get(slot);
  }

  keep(proposal: ExecutedProposal): void {
    this.#bySlot.set(proposal.proposal.header.slot, proposal);
  }
}
