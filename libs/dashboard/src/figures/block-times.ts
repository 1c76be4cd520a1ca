import type { FeedState, StepRow } from "@sprtn/feed";
import { committeeOf, quorumMs } from "./committee.js";
import { newestBlocks } from "./lanes.js";

/** A stretch of a block's way, ms into its slot; what lies behind `lateMs` is late by the timetable. */
export interface Stretch {
  readonly kind: "proposal" | "quorum" | "l1";
  readonly fromMs: number;
  readonly toMs: number;
  readonly lateMs: number;
}

/** Where a block's time went. */
export interface BlockTime {
  readonly number: number;
  readonly slot: number;
  readonly txs: number;
  /** Those that this node saw end, in order. */
  readonly stretches: readonly Stretch[];
  /** Of this node, where it proposed the block. */
  readonly steps: readonly StepRow[];
}

/** The last blocks, newest first. */
export function blockTimes(state: FeedState, limit = 8): readonly BlockTime[] {
  const { timetable, slotDuration } = state.rules;
  return newestBlocks(state, limit).map(({ row, block }) => {
    const quorum = quorumMs(row, committeeOf(state, row.slot)?.quorum ?? 0);
    const ends = [
      ["proposal", row.proposal?.afterMs ?? null, timetable.propose],
      ["quorum", quorum, timetable.publish],
      ["l1", block.afterMs, slotDuration * 1000],
    ] as const;
    const stretches: Stretch[] = [];
    let fromMs = 0;
    for (const [kind, toMs, lateMs] of ends) {
      // What was not seen, or came out of order, is part of the next one.
      if (toMs === null || toMs < fromMs) continue;
      stretches.push({ kind, fromMs, toMs, lateMs });
      fromMs = toMs;
    }
    return { number: block.number, slot: row.slot, txs: block.txs, stretches, steps: row.steps };
  });
}
