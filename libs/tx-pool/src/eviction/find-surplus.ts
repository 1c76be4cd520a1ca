import { type GasFees, MAX_TX_BYTES } from "@sprtn/protocol";
import type { AdmissionView } from "../admission/admission-view.js";
import { comparePriority } from "../pending-txs.js";
import type { WaitingTx } from "../pool-contents.js";
import { createPoolEntry } from "../pool-entry.js";

/** LIMIT-36: those that pay least of `waiting`, if there are more than a pool holds. */
export function findSurplus(
  waiting: readonly WaitingTx[],
  limits: AdmissionView["limits"],
  baseFees: GasFees,
): readonly WaitingTx[] {
  // Ranking takes time, and is needed after a deep prune only.
  if (waiting.length <= limits.maxTxs && waiting.length * MAX_TX_BYTES <= limits.maxBytes) return [];
  const ranked = waiting
    .map(tx => createPoolEntry(tx.tx, { arrival: tx.arrival, submitted: tx.submitted, baseFees }))
    .toSorted(comparePriority);
  let [count, bytes] = [0, 0];
  const surplus = new Set(
    ranked
      .filter(entry => {
        const fits = count < limits.maxTxs && bytes + entry.bytes <= limits.maxBytes;
        if (fits) [count, bytes] = [count + 1, bytes + entry.bytes];
        return !fits;
      })
      .map(entry => entry.tx.hash),
  );
  return waiting.filter(({ tx }) => surplus.has(tx.hash));
}
