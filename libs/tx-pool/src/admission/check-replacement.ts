import type { PoolEntry } from "../pool-entry.js";
import { type Refusal, TxRefusalCode } from "../refusal.js";
import { outbids } from "../score-of.js";

/**
 * TX-1: a nullifier that the pool has already is free for a transaction that pays at least 10 % more than each it
 * conflicts with.
 */
export function checkReplacement(candidate: PoolEntry, conflicts: readonly PoolEntry[]): Refusal | undefined {
  if (conflicts.every(other => outbids(candidate.score, other.score))) return undefined;
  return {
    code: TxRefusalCode.REPLACEMENT_UNDERPRICED,
    reason:
      "a pending transaction spends the same note: pay a priority fee at least 10 % higher to replace it, or wait",
  };
}
