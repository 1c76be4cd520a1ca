import type { JsonRpcProvider } from "ethers";
import { classifyRefusal } from "../endpoints/classify-refusal.js";
import { rpcMessageOf } from "../endpoints/request-error.js";
import { L1Error, L1ErrorCode } from "../l1-error.js";

/** `underpriced`: another transaction with this nonce waits and offers more, or the fee is below the pool's least. */
export type BroadcastResult = "accepted" | "nonce-used" | "underpriced";

/**
 * Hands a signed transaction to the pool; one that is there already counts as accepted.
 * @throws INSUFFICIENT_BALANCE, REJECTED
 */
export async function broadcast(provider: JsonRpcProvider, raw: string): Promise<BroadcastResult> {
  try {
    await provider.send("eth_sendRawTransaction", [raw]);
    return "accepted";
  } catch (error) {
    const said = rpcMessageOf(error);
    if (said === undefined) throw error;
    const refusal = classifyRefusal(said);
    switch (refusal) {
      case "known":
        return "accepted";
      case "nonce-used":
      case "underpriced":
        return refusal;
      case "insufficient-funds":
        throw new L1Error(
          L1ErrorCode.INSUFFICIENT_BALANCE,
          `the key's L1 balance does not cover the transaction: send ether to its address (${said})`,
        );
      case "refused":
        throw new L1Error(L1ErrorCode.REJECTED, `L1 rejected the transaction: ${said}`);
    }
  }
}
