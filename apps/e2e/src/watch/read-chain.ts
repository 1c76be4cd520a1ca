import type { NodeApi } from "@sprtn/ports";
import { BlockNumber } from "@sprtn/primitives";
import type { L2Block } from "@sprtn/protocol";

const PAGE = 100;

/** A node's blocks from 1 to `tip`, or to its own tip. */
export async function readChain(node: NodeApi, tip?: number): Promise<L2Block[]> {
  const last = tip ?? (await node.getChainTips()).pending.number;
  const blocks: L2Block[] = [];
  while (blocks.length < last) {
    const page = await node.getBlocks(BlockNumber(blocks.length + 1), Math.min(PAGE, last - blocks.length));
    if (page.length === 0) break;
    blocks.push(...page);
  }
  return blocks;
}
