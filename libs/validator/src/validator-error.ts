import { CodedError } from "@sprtn/primitives";

/** Dangers to a validator's key; each wants its operator. */
export enum ValidatorErrorCode {
  /** SIGN-1: this key has signed something else in this slot, or a later slot. */
  WOULD_EQUIVOCATE = "VALIDATOR_WOULD_EQUIVOCATE",
  /** A message under this node's key that it did not sign: another node has the key. */
  KEY_USED_ELSEWHERE = "VALIDATOR_KEY_USED_ELSEWHERE",
  /** The record of what the key has signed is empty although there is data of an earlier run. */
  PROTECTION_MISSING = "VALIDATOR_PROTECTION_MISSING",
  /** It is in memory, and lost when the process ends. */
  PROTECTION_IN_MEMORY = "VALIDATOR_PROTECTION_IN_MEMORY",
  PROTECTION_CORRUPT = "VALIDATOR_PROTECTION_CORRUPT",
  PROTECTION_FOREIGN = "VALIDATOR_PROTECTION_FOREIGN",
}

export class ValidatorError extends CodedError<ValidatorErrorCode> {}

/** Why a proposal is not passed on or not attested. */
export enum ProposalFault {
  /** REJECT: the bytes are not a proposal. */
  MALFORMED = "PROPOSAL_MALFORMED",
  /** IGNORE: its slot is over, or too far ahead. */
  STALE_SLOT = "PROPOSAL_STALE_SLOT",
  /** REJECT: not signed by the slot's proposer. */
  WRONG_PROPOSER = "PROPOSAL_WRONG_PROPOSER",
  /** REJECT: its transactions are not as many as the header says, or one stands there twice. */
  WRONG_TX_COUNT = "PROPOSAL_WRONG_TX_COUNT",
  /** IGNORE: known already, if under another signature. */
  DUPLICATE = "PROPOSAL_DUPLICATE",
  /** IGNORE: the proposer has sent two other proposals for this slot, which is evidence enough. */
  THIRD_IN_SLOT = "PROPOSAL_THIRD_IN_SLOT",
  /** It builds on a block that this node neither has from L1 nor executed. */
  WRONG_PARENT = "PROPOSAL_WRONG_PARENT",
  /** None of the proposal's: this node was not in step with L1 while the proposal could be attested. */
  NOT_IN_STEP = "PROPOSAL_NOT_IN_STEP",
  /** Some of its transactions could not be had from any peer in time. */
  MISSING_TXS = "PROPOSAL_MISSING_TXS",
  /** It holds a transaction that no block may hold. */
  UNINCLUDABLE_TX = "PROPOSAL_UNINCLUDABLE_TX",
  /** Executing it gives another header. */
  WRONG_HEADER = "PROPOSAL_WRONG_HEADER",
  /** Executing it gives another archive root. */
  WRONG_ARCHIVE = "PROPOSAL_WRONG_ARCHIVE",
}

/** Why an attestation is not passed on. */
export enum AttestationFault {
  /** REJECT: the bytes are not an attestation. */
  MALFORMED = "ATTESTATION_MALFORMED",
  /** IGNORE: its slot is over, or too far ahead. */
  STALE_SLOT = "ATTESTATION_STALE_SLOT",
  /** REJECT: the signer is not in the slot's committee. */
  NOT_IN_COMMITTEE = "ATTESTATION_NOT_IN_COMMITTEE",
  /** IGNORE: known already. */
  DUPLICATE = "ATTESTATION_DUPLICATE",
  /** IGNORE: the member has attested to two other blocks in this slot, which is evidence enough. */
  THIRD_IN_SLOT = "ATTESTATION_THIRD_IN_SLOT",
}

/** A proposal that must not be attested. */
export class ProposalRejected extends CodedError<ProposalFault> {}
