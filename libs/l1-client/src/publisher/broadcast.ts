import { isError, type JsonRpcProvider } from "ethers";
import { rpcMessageOf } from "../endpoints/request-error.js";
import { L1Error, L1ErrorCode } from "../l1-error.js";

/** `underpriced`: another transaction with this nonce waits and offers more, or the fee is below the pool's least. */
export type BroadcastResult = "accepted" | "nonce-used" | "underpriced";

/**
 * Hands a signed transaction to the pool; one that is there already counts as accepted. Throws INSUFFICIENT_BALANCE,
 * REJECTED.
 */
export async function broadcast(provider: JsonRpcProvider, raw: string): Promise<BroadcastResult> {
  try {
    await provider.send("eth_sendRawTransaction", [raw]);
    return "accepted";
  } catch (error) {
    const said = rpcMessageOf(error);
    if (said === undefined) throw error;
    if (/already (known|imported)|known transaction|already exists/i.test(said)) return "accepted";
    if (isError(error, "NONCE_EXPIRED") || /nonce.{0,20}(too low|already used)/i.test(said)) return "nonce-used";
    if (/underpriced|less than block base fee|fee too low/i.test(said)) return "underpriced";
    if (/insufficient funds/i.test(said))
      throw new L1Error(
        L1ErrorCode.INSUFFICIENT_BALANCE,
        `L1 says that the balance does not cover the transaction: send ether to the key's address (${said})`,
      );
    throw new L1Error(L1ErrorCode.REJECTED, `L1 did not take the transaction: ${said}`);
  }
}
