import type { L2Block } from "@sprtn/protocol";
import type { StateView } from "@sprtn/ports";
import { overflows } from "../admission/check-credit.js";
import type { PendingTxs } from "../pending-txs.js";
import type { PoolEntry } from "../pool-entry.js";

const HALF = 2n ** 127n;

/** TX-3: those that would lift a balance to 2^128 wei on `state`. */
export function findOverflowing(pending: PendingTxs, state: StateView): PoolEntry[] {
  return pending.ordered().filter(entry => overflows(entry.tx, state));
}

/**
 * As {@link findOverflowing}, for a state that `blocks` have led to: only a balance of half the limit that they wrote,
 * or an amount of half of it, can have made the difference, so that hardly ever a balance is read.
 */
export function findOverflowingAfter(blocks: readonly L2Block[], pending: PendingTxs, state: StateView): PoolEntry[] {
  const high = blocks.some(block => block.effects.some(effect => effect.writes.some(write => write.value >= HALF)));
  return pending.ordered().filter(entry => (high || entry.tx.inputs.call.amount >= HALF) && overflows(entry.tx, state));
}
