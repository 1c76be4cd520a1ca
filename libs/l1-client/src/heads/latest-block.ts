import type { L1BlockRef } from "@sprtn/ports";
import type { JsonRpcProvider } from "ethers";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import { blockRef } from "../reader/block-ref.js";

/** @throws L1Error BAD_ANSWER from an endpoint that has no block at all */
export async function latestBlock(provider: JsonRpcProvider): Promise<L1BlockRef> {
  const block = await blockRef(provider, "latest");
  if (block !== undefined) return block;
  throw new L1Error(L1ErrorCode.BAD_ANSWER, "L1 has no latest block: wait until the endpoint has begun to sync");
}
