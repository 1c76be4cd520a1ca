import { CodedError } from "@sprtn/primitives";

/** Why a transaction cannot be in a block (TX-1, TX-2, TX-3). It stays out; the block goes on without it. */
export enum ExclusionCode {
  WRONG_CHAIN = "TX_WRONG_CHAIN",
  EXPIRED = "TX_EXPIRED",
  UNKNOWN_ANCHOR = "TX_UNKNOWN_ANCHOR",
  NULLIFIER_USED = "TX_NULLIFIER_USED",
  GAS_LIMIT_TOO_LOW = "TX_GAS_LIMIT_TOO_LOW",
  MAX_FEE_TOO_LOW = "TX_MAX_FEE_TOO_LOW",
  FEE_UNPAYABLE = "TX_FEE_UNPAYABLE",
  MESSAGE_ABSENT = "TX_MESSAGE_ABSENT",
  BLOCK_FULL = "TX_BLOCK_FULL",
  BALANCE_OVERFLOW = "TX_BALANCE_OVERFLOW",
}

export class Exclusion extends CodedError<ExclusionCode> {}
