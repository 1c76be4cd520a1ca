import type { BlockSource } from "@sprtn/ports";
import { checkMessage } from "../admission/check-message.js";
import type { PendingTxs } from "../pending-txs.js";
import type { PoolEntry } from "../pool-entry.js";

/** TX-3: the deposits whose L1→L2 message an L1 reorg has removed. */
export async function findMessageless(
  pending: PendingTxs,
  blocks: Pick<BlockSource, "messageIndex">,
): Promise<PoolEntry[]> {
  const entries = [...pending.ordered()];
  const refusals = await Promise.all(entries.map(entry => checkMessage(entry.tx, blocks)));
  return entries.filter((_, at) => refusals[at] !== undefined);
}
