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
  /** Polls in a row in which the nonce was used and none of the attempts was mined. */
  overtaken: number;
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
    overtaken: 0,
  };
}
