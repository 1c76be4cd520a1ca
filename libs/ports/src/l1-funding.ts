import type { Field, Hex } from "@sprtn/primitives";

/** A payment from L1 into a public balance, before L1 has given it a place. */
export interface FundingRequest {
  /** L2 address credited. */
  readonly recipient: Field;
  /** Wei of L2-AZT, below 2^128. */
  readonly amount: bigint;
  /** `H(SECRET, secret)`: who knows the secret claims it. */
  readonly secretHash: Field;
}

/** The L1→L2 message that FeePortal sent for a request. */
export interface FundingMessage extends FundingRequest {
  readonly messageHash: Field;
  /** Its leaf in the message tree; block ⌊globalIndex / 16⌋ + 1 consumes it. */
  readonly globalIndex: bigint;
  readonly l1Transaction: Hex;
}

/** Pays L2-AZT into the rollup on L1, through FeePortal. */
export interface L1Funding {
  /** Resolves when the L1 transaction is mined; throws a coded error on a revert, and when the L1 account is short. */
  deposit(request: FundingRequest, signal?: AbortSignal): Promise<FundingMessage>;
}
