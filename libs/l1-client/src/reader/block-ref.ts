import type { L1BlockRef } from "@sprtn/ports";
import { Bytes32, L1BlockNumber, UnixSeconds } from "@sprtn/primitives";
import { type JsonRpcProvider, toQuantity } from "ethers";

/** A block's name and time; `undefined` if the endpoint does not have it. */
export async function blockRef(
  provider: JsonRpcProvider,
  tag: number | "latest" | "finalized",
): Promise<L1BlockRef | undefined> {
  // Straight from the endpoint: ethers' own block type wants fields that are nobody's business here.
  const block = (await provider.send("eth_getBlockByNumber", [
    typeof tag === "number" ? toQuantity(tag) : tag,
    false,
  ])) as { number: string; hash: string; timestamp: string } | null;
  if (block === null) return undefined;
  return {
    number: L1BlockNumber(Number(block.number)),
    hash: Bytes32(block.hash),
    timestamp: UnixSeconds(Number(block.timestamp)),
  };
}
