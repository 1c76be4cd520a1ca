import type { Field } from "@sprtn/primitives";
import type { StateView } from "@sprtn/ports";
import { shortfall } from "../admission/check-funds.js";
import { comparePriority, type PendingTxs } from "../pending-txs.js";
import type { PoolEntry } from "../pool-entry.js";

/**
 * TX-3: of each payer's entries, the lowest ones that his balance does not cover any more. Deposits that pay more in
 * than their own fee stay: they never make him poorer.
 */
export function findUnderfunded(pending: PendingTxs, state: StateView, payers: readonly Field[]): PoolEntry[] {
  return payers.flatMap(payer => {
    let missing = shortfall(state.publicBalance(payer), pending.ofPayer(payer));
    if (missing <= 0n) return [];
    const costly = pending
      .ofPayer(payer)
      .filter(entry => entry.due > entry.credit)
      .toSorted((a, b) => comparePriority(b, a));
    const evicted: PoolEntry[] = [];
    for (const entry of costly) {
      if (missing <= 0n) break;
      missing -= entry.due - entry.credit;
      evicted.push(entry);
    }
    return evicted;
  });
}
