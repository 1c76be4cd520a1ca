import { comparePriority } from "../pending-txs.js";
import type { PoolEntry } from "../pool-entry.js";
import { type Refusal, TxRefusalCode } from "../refusal.js";
import type { AdmissionView } from "./admission-view.js";

/**
 * The lowest entries that have to go for `candidate` to fit, all of lower priority than itself; else POOL_FULL.
 * `leaving` go anyway. A pool above its limits (transactions came back from removed blocks, INV-10) must only not grow.
 */
export function makeRoom(
  candidate: PoolEntry,
  { pending, limits }: Pick<AdmissionView, "pending" | "limits">,
  leaving: readonly PoolEntry[],
): Refusal | readonly PoolEntry[] {
  const txs = pending.size - leaving.length + 1;
  let bytes = leaving.reduce((sum, entry) => sum - entry.bytes, pending.bytes + candidate.bytes);
  const [maxTxs, maxBytes] = [Math.max(limits.maxTxs, pending.size), Math.max(limits.maxBytes, pending.bytes)];
  const displaced: PoolEntry[] = [];
  for (let at = pending.size - 1; txs - displaced.length > maxTxs || bytes > maxBytes; at--) {
    const lowest = pending.ordered()[at];
    if (lowest && leaving.includes(lowest)) continue;
    if (!lowest || comparePriority(candidate, lowest) > 0) {
      return {
        code: TxRefusalCode.POOL_FULL,
        reason: "the pool is full of transactions that pay more: raise the priority fee, or try again later",
      };
    }
    displaced.push(lowest);
    bytes -= lowest.bytes;
  }
  return displaced;
}
