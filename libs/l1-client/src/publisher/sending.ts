import type { L1Error } from "../l1-error.js";
import type { SignedTransaction } from "./sign-transaction.js";
import type { RawReceipt } from "./raw-receipt.js";
import type { TransactionRequest } from "./transaction-request.js";

/** One request on its way: a nonce and every transaction that was signed for it, the newest last. */
export interface Sending {
  request: TransactionRequest & { readonly gasLimit: bigint };
  /** Whether the gas limit is an estimate, of the state at that time: a reorg may make the call dearer. */
  readonly estimated: boolean;
  nonce: number;
  attempts: SignedTransaction[];
  /** L1 height at which the newest attempt was sent. */
  pricedAt: number;
  /** Hash of the head under which the pool was last seen to hold the newest attempt, and the polls since. */
  seenAtHead: string;
  pollsSinceSeen: number;
  receipt: RawReceipt | undefined;
  /** What was signed for it with nonces that others have used since: a reorg may bring it back. */
  former: readonly SignedTransaction[];
  /** Why the pool did not take the newest attempt, and the polls since in which L1 knew none of them. */
  refusal: { readonly error: L1Error; polls: number } | undefined;
  /** Polls in a row in which the nonce was used and none of the attempts was mined, and the time of the first. */
  overtaken: number;
  overtakenAtMs: number;
  /** L1 height at which another transaction used the nonce. */
  overtakenIn: number;
}

/** A request before it has its nonce. */
export function newSending(request: Sending["request"], estimated = false): Sending {
  return {
    request,
    estimated,
    nonce: 0,
    attempts: [],
    pricedAt: 0,
    seenAtHead: "",
    pollsSinceSeen: 0,
    receipt: undefined,
    former: [],
    refusal: undefined,
    overtaken: 0,
    overtakenAtMs: 0,
    overtakenIn: 0,
  };
}
