import type { EthAddress } from "@sprtn/primitives";
import { searchBack } from "@sprtn/runtime";
import { type JsonRpcProvider, toQuantity } from "ethers";
import { isEndpointFailure } from "../endpoints/endpoint-provider.js";

/** Blocks below the head in which it is looked for: full nodes keep the state of so many. */
const LONGEST_SEARCH = 128;

/** A nonce that L1 counts as used, at this head, and the hashes of what was signed here for it. */
export interface UsedNonce {
  readonly address: EthAddress;
  readonly nonce: number;
  readonly hashes: readonly string[];
  readonly head: number;
}

/** `block`: in which another's transaction used it. */
export type NonceUser = { readonly user: "ours" | "unknown" } | { readonly user: "other"; readonly block: number };

const UNKNOWN: NonceUser = { user: "unknown" };

/**
 * Whose transaction has used a nonce, by the block in which the count went past it. `unknown` if the endpoint does not
 * show that block, or not what it counted then. Receipts prove nothing here: an endpoint may lag behind its own count.
 */
export async function nonceUser(
  provider: JsonRpcProvider,
  { address, nonce, hashes, head }: UsedNonce,
): Promise<NonceUser> {
  const isUsedAt = async (block: number) =>
    Number((await provider.send("eth_getTransactionCount", [address, toQuantity(block)])) as string) > nonce;
  try {
    const used = await searchBack({ top: head, reach: LONGEST_SEARCH }, isUsedAt);
    if (used === undefined || used <= head - LONGEST_SEARCH) return UNKNOWN;
    const block = (await provider.send("eth_getBlockByNumber", [toQuantity(used), false])) as {
      readonly transactions?: readonly string[];
    } | null;
    if (block?.transactions === undefined) return UNKNOWN;
    const isOurs = block.transactions.some(hash => hashes.includes(hash));
    return isOurs ? { user: "ours" } : { user: "other", block: used };
  } catch (error) {
    if (isEndpointFailure(error)) throw error;
    // It has no state, or no block, of that height.
    return UNKNOWN;
  }
}
