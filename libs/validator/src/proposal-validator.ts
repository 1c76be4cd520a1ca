import type { Bytes32, Slot } from "@sprtn/primitives";
import { type EpochCommittees, slotAt } from "@sprtn/consensus";
import type { Clock, SignatureRecovery, ValidationResult } from "@sprtn/ports";
import { type BlockProposal, type Deployment, payloadDigest, proposalPayloadOf } from "@sprtn/protocol";
import { unixSeconds } from "@sprtn/runtime";
import { type Equivocations, MAX_SIGNED_IN_SLOT, type SignedProposal } from "./equivocations.js";
import type { OwnKeyWatch } from "./own-key-watch.js";
import { ProposalFault } from "./validator-error.js";

export interface ProposalValidatorDependencies {
  readonly committees: EpochCommittees;
  readonly recovery: SignatureRecovery;
  readonly equivocations: Equivocations;
  /** Absent on a node that signs nothing. */
  readonly ownKey?: OwnKeyWatch;
  readonly clock: Clock;
}

export interface ProposalValidatorSettings {
  readonly deployment: Deployment;
  /** EIP-712 domain separator. */
  readonly domain: Bytes32;
}

/**
 * Judges gossiped proposals by what can be known without executing them: slot, proposer, signature, list of
 * transactions. SIGN-2, LIMIT-12: each slot has two places, for its own proposer's different proposals, list of
 * transactions
 * included. No slot's proposer can take another's, and nobody else can take any.
 */
export class ProposalValidator {
  /** By slot, what its proposer signed, by digest. */
  readonly #slots = new Map<Slot, Map<Bytes32, SignedProposal>>();

  readonly #dependencies: ProposalValidatorDependencies;

  constructor(
    dependencies: ProposalValidatorDependencies,
    private readonly settings: ProposalValidatorSettings,
  ) {
    this.#dependencies = dependencies;
  }

  async validate(proposal: BlockProposal): Promise<ValidationResult> {
    const { committees, recovery, ownKey } = this.#dependencies;
    const { header, archive, txHashes, signature } = proposal;
    const { slot } = header;
    const { parameters } = this.settings.deployment;
    const current = slotAt(parameters, unixSeconds(this.#dependencies.clock));
    // One slot ahead for clocks that differ.
    if (slot > current + 1 || slot < current - parameters.proposalLateness)
      return { result: "ignore", code: ProposalFault.STALE_SLOT };
    const proposer = await committees.proposerAt(slot);
    const payload = proposalPayloadOf(proposal);
    const digest = payloadDigest(this.settings.domain, "Proposal", payload);
    if (proposer === undefined || recovery.recover(digest, signature) !== proposer)
      return { result: "reject", code: ProposalFault.WRONG_PROPOSER };
    if (header.txCount !== txHashes.length || new Set(txHashes).size !== txHashes.length)
      return { result: "reject", code: ProposalFault.WRONG_TX_COUNT };

    const earlier = this.#ofSlot(slot, (current - parameters.proposalLateness) as Slot);
    if (earlier.has(digest)) return { result: "ignore", code: ProposalFault.DUPLICATE };
    if (earlier.size >= MAX_SIGNED_IN_SLOT) return { result: "ignore", code: ProposalFault.THIRD_IN_SLOT };
    const signed: SignedProposal = { header, archive, txsHash: payload.txsHash, signature };
    const [first] = earlier.values();
    earlier.set(digest, signed);
    ownKey?.seen("Proposal", proposer, { slot, digest });
    if (first !== undefined)
      this.#dependencies.equivocations.record({ type: "Proposal", slot, signer: proposer, signed: [first, signed] });
    return { result: "accept" };
  }

  #ofSlot(slot: Slot, oldest: Slot): Map<Bytes32, SignedProposal> {
    for (const old of this.#slots.keys()) if (old < oldest) this.#slots.delete(old);
    const ofSlot = this.#slots.get(slot) ?? new Map<Bytes32, SignedProposal>();
    this.#slots.set(slot, ofSlot);
    return ofSlot;
  }
}
