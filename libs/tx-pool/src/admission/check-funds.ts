import type { PoolEntry } from "../pool-entry.js";
import { type Refusal, TxRefusalCode } from "../refusal.js";
import type { AdmissionView } from "./admission-view.js";

/**
 * TX-1, TX-3: the fee payer's public balance covers maxFee of all his pending transactions, a deposit to himself
 * counting towards it; one that pays from notes owes nothing. `leaving` are about to make room.
 */
export function checkFunds(
  candidate: PoolEntry,
  { state, pending }: Pick<AdmissionView, "state" | "pending">,
  leaving: readonly PoolEntry[],
): Refusal | undefined {
  const { feePayer } = candidate.tx.inputs;
  const staying = pending.ofPayer(feePayer).filter(entry => !leaving.includes(entry));
  const missing = shortfall(state.publicBalance(feePayer), [...staying, candidate]);
  if (missing <= 0n) return undefined;
  return {
    code: TxRefusalCode.FEE_UNPAYABLE,
    reason:
      `its fee payer's balance is ${missing} wei short of the maximum fees of its pending transactions: deposit ` +
      "more, or wait until those are included",
  };
}

/** How much `balance` lacks for one payer's entries, wei; not above 0 if nothing. */
export function shortfall(balance: bigint, entries: readonly PoolEntry[]): bigint {
  return entries.reduce((sum, entry) => sum + entry.due - entry.credit, -balance);
}
