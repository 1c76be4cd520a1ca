import { CodedError } from "@sprtn/primitives";

/** Why a transaction cannot be in a block (TX-1, TX-2, TX-3). It stays out; the block continues without it. */
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
  /** What its call credits would lift a balance to 2^128. */
  BALANCE_OVERFLOW = "TX_BALANCE_OVERFLOW",
  /** Its tip would lift the fee recipient's balance to 2^128: the proposer's trouble, not the transaction's. */
  FEE_RECIPIENT_FULL = "TX_FEE_RECIPIENT_FULL",
}

export class Exclusion extends CodedError<ExclusionCode> {}

/**
 * Whether a transaction that was left out may be included later. `never`: no later block can hold it. `unless-undone`:
 * none can while the blocks before stand and its accounts are as they are. `may-heal`: another block may.
 */
export type Prospect = "never" | "unless-undone" | "may-heal";

const prospects: Readonly<Record<ExclusionCode, Prospect>> = {
  [ExclusionCode.WRONG_CHAIN]: "never",
  // By the slot that the proposer builds for, which its clock may have wrong.
  [ExclusionCode.EXPIRED]: "unless-undone",
  // Gas does not depend on the state (TX-2).
  [ExclusionCode.GAS_LIMIT_TOO_LOW]: "never",
  // By a block before, or by a better transaction of the same block, which may still miss the chain.
  [ExclusionCode.NULLIFIER_USED]: "unless-undone",
  [ExclusionCode.BALANCE_OVERFLOW]: "unless-undone",
  // The anchor's block may be above the parent that this proposer builds on.
  [ExclusionCode.UNKNOWN_ANCHOR]: "may-heal",
  // Base fees fall.
  [ExclusionCode.MAX_FEE_TOO_LOW]: "may-heal",
  // The payer may be funded.
  [ExclusionCode.FEE_UNPAYABLE]: "may-heal",
  // The message's subtree will be consumed.
  [ExclusionCode.MESSAGE_ABSENT]: "may-heal",
  [ExclusionCode.BLOCK_FULL]: "may-heal",
  // The next proposer has another fee recipient.
  [ExclusionCode.FEE_RECIPIENT_FULL]: "may-heal",
};

/** What is to be expected of a transaction that was left out for `code`. */
export function prospectOf(code: ExclusionCode): Prospect {
  return prospects[code];
}
