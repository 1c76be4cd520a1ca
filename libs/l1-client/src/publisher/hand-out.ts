import type { JsonRpcProvider } from "ethers";
import { L1Error } from "../l1-error.js";
import { isEndpointFailure } from "../endpoints/endpoint-provider.js";
import { broadcast, type BroadcastResult } from "./broadcast.js";
import type { Sending } from "./sending.js";
import type { SignedTransaction } from "./sign-transaction.js";

/**
 * Hands an attempt of a sending to the pool. It is noted before, and stays noted whatever the answer: an endpoint that
 * refuses a transaction, or fails, may have passed it on all the same. What it refuses and nevertheless knows counts as
 * accepted; any other refusal is noted for those who watch.
 */
export async function handOut(
  provider: JsonRpcProvider,
  sending: Sending,
  signed: SignedTransaction,
): Promise<BroadcastResult | "refused"> {
  if (!sending.attempts.some(({ hash }) => hash === signed.hash)) sending.attempts.push(signed);
  try {
    const result = await broadcast(provider, signed.raw);
    if (result === "accepted" || (await isKnown(provider, signed.hash))) return accepted(sending);
    return result;
  } catch (error) {
    if (isEndpointFailure(error) || !(error instanceof L1Error)) throw error;
    if (await isKnown(provider, signed.hash)) return accepted(sending);
    sending.refusal ??= { error, polls: 0 };
    return "refused";
  }
}

/** Whether an endpoint has a transaction, in its pool or in a block. */
export async function isKnown(provider: JsonRpcProvider, hash: string): Promise<boolean> {
  return (await provider.send("eth_getTransactionByHash", [hash])) !== null;
}

function accepted(sending: Sending): "accepted" {
  sending.refusal = undefined;
  return "accepted";
}
