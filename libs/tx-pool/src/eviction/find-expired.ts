import type { Slot } from "@sprtn/primitives";
import type { PendingTxs } from "../pending-txs.js";
import type { PoolEntry } from "../pool-entry.js";

/** TX-1: those expired in `currentSlot`. */
export function findExpired(pending: PendingTxs, currentSlot: Slot): PoolEntry[] {
  return pending.ordered().filter(entry => entry.tx.inputs.expirationSlot < currentSlot);
}
