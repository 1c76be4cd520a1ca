import type { FeedState } from "@sprtn/feed";
import { standing } from "./lanes.js";

/** Transactions by slot and by second. */
export interface Rates {
  readonly bySlot: readonly { readonly slot: number; readonly txs: number; readonly proven: boolean }[];
  /** Over the last epoch's worth of finished slots; null before the first has ended. */
  readonly pending: number | null;
  /** Over as many slots up to the last one whose block is proven; null before. */
  readonly proven: number | null;
}

/** How many transactions came through. */
export function rates(state: FeedState, currentSlot: number): Rates {
  const bySlot = state.slots.map(row => {
    const block = standing(row);
    return { slot: row.slot, txs: block?.txs ?? 0, proven: block !== undefined && block.number <= state.tips.proven };
  });
  const over = bySlot.filter(({ slot }) => slot < currentSlot);
  const lastProven = over.findLastIndex(({ proven }) => proven);
  return { bySlot, pending: perSecond(state, over), proven: perSecond(state, over.slice(0, lastProven + 1)) };
}

function perSecond(state: FeedState, slots: readonly { readonly txs: number }[]): number | null {
  const counted = slots.slice(-state.rules.epochDuration);
  if (counted.length === 0) return null;
  return counted.reduce((sum, { txs }) => sum + txs, 0) / (counted.length * state.rules.slotDuration);
}
