import type { JsonRpcProvider } from "ethers";
import { isEndpointFailure } from "../endpoints/endpoint-provider.js";
import { broadcast, type BroadcastResult } from "./broadcast.js";
import type { Sending } from "./sending.js";
import type { SignedTransaction } from "./sign-transaction.js";

/**
 * Hands an attempt of a sending to the pool. One that was taken, or given to an endpoint that failed then, is noted:
 * the endpoint may have passed it on, and L1 include it.
 * @throws as {@link broadcast}
 */
export async function handOut(
  provider: JsonRpcProvider,
  sending: Sending,
  signed: SignedTransaction,
): Promise<BroadcastResult> {
  try {
    const result = await broadcast(provider, signed.raw);
    if (result === "accepted") sending.attempts.push(signed);
    return result;
  } catch (error) {
    if (isEndpointFailure(error)) sending.attempts.push(signed);
    throw error;
  }
}
