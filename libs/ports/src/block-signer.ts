import type { EthAddress, Field, Slot } from "@sprtn/primitives";
import type { BlockAttestation, BlockPayload, ProposalPayload } from "@sprtn/protocol";

/**
 * Signs blocks with a validator's key, never two in a slot (SIGN-1): the record is on disk before the signature leaves.
 * @throws a coded error rather than sign a second one
 */
export interface BlockSigner {
  readonly address: EthAddress;
  signProposal(slot: Slot, payload: ProposalPayload): Promise<Uint8Array>;
  /** Also records the attestation with this node's own, and gossips it. */
  attest(slot: Slot, payload: BlockPayload): Promise<BlockAttestation>;
}

/** Attestations seen by this node, its own included; each is by a member of its slot's committee. */
export interface AttestationSource {
  /** By signer, 64-byte signatures. */
  attestationsOf(slot: Slot, payload: BlockPayload): ReadonlyMap<EthAddress, Uint8Array>;
  /** Payload hash (header hash) of the block of `slot` that has a quorum, if any. */
  attestedHeader(slot: Slot): Field | undefined;
}
