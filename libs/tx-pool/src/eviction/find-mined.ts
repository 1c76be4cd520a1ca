import type { L2Block } from "@sprtn/protocol";
import type { PendingTxs } from "../pending-txs.js";
import type { PoolEntry } from "../pool-entry.js";

/** Those that `block` includes. */
export function findMined(pending: PendingTxs, block: L2Block): PoolEntry[] {
  return block.effects.flatMap(effect => pending.get(effect.txHash) ?? []);
}
