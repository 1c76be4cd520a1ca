import { proposerOf } from "@sprtn/consensus";
import type { EthAddress, Slot } from "@sprtn/primitives";
import type { AttestationDuty, ProposalDuty, SlotDuties } from "@sprtn/ports";

/** What a node saw of a slot by the time that it is judged. */
export interface ObservedSlot {
  readonly slot: Slot;
  readonly committee: readonly EthAddress[];
  /** The node was in sync with L1, had enough peers and was awake from the slot's start until now (DUTY-4). */
  readonly isTrusted: boolean;
  /** L1 has taken back a block of this slot (DUTY-4). */
  readonly isReorged: boolean;
  /** L1 has a block of this slot. */
  readonly hasBlock: boolean;
  /** A proposal was gossiped. */
  readonly hasProposal: boolean;
  /** By the rules of building, a block was due (DUTY-2). */
  readonly isDue: boolean;
  /** Whose attestation arrived, also late ones. */
  readonly attested: ReadonlySet<EthAddress>;
}

/** What each member of a slot's committee did of its duty. */
export function judgeSlot(observed: ObservedSlot): SlotDuties {
  const { slot, committee } = observed;
  return {
    slot,
    proposer: proposerOf(slot, committee) ?? null,
    proposal: proposalDuty(observed),
    attestations: committee.map(validator => ({ validator, duty: attestationDuty(observed, validator) })),
  };
}

function proposalDuty({ isTrusted, isReorged, hasBlock, hasProposal, isDue }: ObservedSlot): ProposalDuty {
  // DUTY-4: counted nowhere.
  if (!isTrusted || isReorged) return "unknown";
  if (hasBlock) return "proposed";
  if (hasProposal) return "late";
  // DUTY-2: an empty slot is a miss only if a block was due.
  return isDue ? "missed" : "idle";
}

function attestationDuty(observed: ObservedSlot, validator: EthAddress): AttestationDuty {
  const { isTrusted, isReorged, hasBlock, attested } = observed;
  // DUTY-4
  if (!isTrusted || isReorged) return "unknown";
  // DUTY-3: late ones count, since proposers stop at the quorum; L1's signatures never prove absence.
  if (attested.has(validator)) return "attested";
  // DUTY-3: others made the quorum, so it could have attested.
  return hasBlock ? "missed" : "none";
}
