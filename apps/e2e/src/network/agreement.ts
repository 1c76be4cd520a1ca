import { BlockNumber } from "@sprtn/primitives";
import { type L1History, readL1History } from "../l1/l1-history.js";
import { waitFor } from "../process/wait-for.js";
import type { TestNetwork } from "./test-network.js";
import type { TestNode } from "./test-node.js";

/**
 * Whether a node holds L1's chain up to L1's tips: numbers, header hashes and archive roots. It may have seen a block
 * more by now.
 */
async function agrees({ api }: TestNode, history: L1History): Promise<boolean> {
  const tips = await api.getChainTips();
  if (tips.pending.number < history.pending || tips.proven.number < history.proven) return false;
  const tip = history.chain.get(history.pending);
  if (tip === undefined) return history.pending === 0;
  const block = await api.getBlock(BlockNumber(history.pending));
  return block?.headerHash === tip.headerHash && block.archive === tip.archive;
}

/** Waits until every one of `nodes` agrees with L1 as it is then. @throws TIMEOUT */
export function allAgree(network: TestNetwork, nodes: readonly TestNode[], deadlineMs: number): Promise<L1History> {
  return waitFor(`${nodes.map(node => node.name).join(", ")} agree with L1`, deadlineMs, async () => {
    const history = await readL1History(network);
    const agreed = await Promise.all(nodes.map(node => agrees(node, history)));
    return agreed.every(Boolean) ? history : undefined;
  });
}
