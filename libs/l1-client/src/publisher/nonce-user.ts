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
 * While L1 is reorganised, servers behind one endpoint have different blocks of one number: that it was this one in
 * which the count went past the nonce, the counts at its hash and at its parent's have to say.
 */
export async function nonceUser(
  provider: JsonRpcProvider,
  { address, nonce, hashes, head }: UsedNonce,
): Promise<NonceUser> {
  const isUsedAt = async (block: string | { readonly blockHash: string }) =>
    Number((await provider.send("eth_getTransactionCount", [address, block])) as string) > nonce;
  try {
    const used = await searchBack({ top: head, reach: LONGEST_SEARCH }, block => isUsedAt(toQuantity(block)));
    if (used === undefined || used <= head - LONGEST_SEARCH) return UNKNOWN;
    const block = (await provider.send("eth_getBlockByNumber", [toQuantity(used), false])) as {
      readonly hash: string;
      readonly parentHash?: string;
      readonly transactions?: readonly string[];
    } | null;
    if (block?.transactions === undefined || block.parentHash === undefined) return UNKNOWN;
    if (block.transactions.some(hash => hashes.includes(hash))) return { user: "ours" };
    const { hash: blockHash, parentHash } = block;
    if (!(await isUsedAt({ blockHash })) || (await isUsedAt({ blockHash: parentHash }))) return UNKNOWN;
    return { user: "other", block: used };
  } catch (error) {
    if (isEndpointFailure(error)) throw error;
    // It has no state, or no block, of that height.
    return UNKNOWN;
  }
}
