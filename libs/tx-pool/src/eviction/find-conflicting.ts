import type { L2Block } from "@sprtn/protocol";
import type { PendingTxs } from "../pending-txs.js";
import type { PoolEntry } from "../pool-entry.js";

/** INV-4: those that use a nullifier of `block`; its own transactions have left the pool before. */
export function findConflicting(pending: PendingTxs, block: L2Block): PoolEntry[] {
  return pending.using(block.effects.flatMap(effect => [...effect.nullifiers]));
}
