import type { L1BlockRef } from "@sprtn/ports";
import { Bytes32, L1BlockNumber, UnixSeconds } from "@sprtn/primitives";
import { type JsonRpcProvider, toQuantity } from "ethers";
import { fromAnswer } from "../endpoints/from-answer.js";

/** What this software reads of a block's header. */
export interface HeaderRef extends L1BlockRef {
  readonly logsBloom: unknown;
}

/** A block's name, time and bloom; `undefined` if the endpoint does not have it. @throws L1Error BAD_ANSWER */
export async function blockRef(
  provider: JsonRpcProvider,
  tag: number | "latest" | "finalized",
): Promise<HeaderRef | undefined> {
  // Straight from the endpoint: ethers' own block type requires fields that are not needed here.
  const block = (await provider.send("eth_getBlockByNumber", [
    typeof tag === "number" ? toQuantity(tag) : tag,
    false,
  ])) as { number: string; hash: string; timestamp: string; logsBloom: unknown } | null;
  if (block === null) return undefined;
  return fromAnswer(`block ${tag}`, () => ({
    number: L1BlockNumber(Number(block.number)),
    hash: Bytes32(block.hash),
    timestamp: UnixSeconds(Number(block.timestamp)),
    logsBloom: block.logsBloom,
  }));
}
