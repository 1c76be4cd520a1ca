import type { EthAddress, Slot } from "@sprtn/primitives";

/** What became of a slot's proposal (DUTY-1). `late`: gossiped, but not on L1. `idle`: nothing was due. */
export type ProposalDuty = "proposed" | "late" | "missed" | "idle" | "unknown";

/** What became of a member's attestation (DUTY-1). `none`: there was nothing to attest that L1 has. */
export type AttestationDuty = "attested" | "missed" | "none" | "unknown";

/** Duties of one slot, as a node saw them. */
export interface SlotDuties {
  readonly slot: Slot;
  /** Null without a committee (COM-4). */
  readonly proposer: EthAddress | null;
  readonly proposal: ProposalDuty;
  /** In committee order. */
  readonly attestations: readonly { readonly validator: EthAddress; readonly duty: AttestationDuty }[];
}

/** What a validator had to do in a slot of its committee. */
export interface ValidatorDuty {
  readonly slot: Slot;
  /** Null where it was not the proposer. */
  readonly proposal: ProposalDuty | null;
  readonly attestation: AttestationDuty;
}

/** How often a validator did what, over all slots that a node remembers. */
export interface DutyTotals {
  readonly validator: EthAddress;
  readonly proposals: Readonly<Record<ProposalDuty, number>>;
  readonly attestations: Readonly<Record<AttestationDuty, number>>;
}

/** What a node has seen of validators' duties; JSON-RPC methods are `node_` + the name. */
export interface SentinelApi {
  /** Null for a slot that was not watched, is not judged yet, or is remembered no longer. */
  getSlotDuties(slot: Slot): Promise<SlotDuties | null>;
  /** Slots `from` to `to`, at most 1,000 of them; those that were not watched are left out. */
  getDuties(validator: EthAddress, from: Slot, to: Slot): Promise<readonly ValidatorDuty[]>;
  getDutyTotals(): Promise<readonly DutyTotals[]>;
}
