import type { StateViews } from "@sprtn/ports";
import type { PendingTxs } from "../pending-txs.js";
import type { PoolEntry } from "../pool-entry.js";

/** TX-1: those whose anchor a reorg or a prune has removed. */
export function findUnanchored(pending: PendingTxs, states: Pick<StateViews, "anchorBlock">): PoolEntry[] {
  return pending.ordered().filter(entry => states.anchorBlock(entry.tx.inputs.anchorNoteHashRoot) === undefined);
}
