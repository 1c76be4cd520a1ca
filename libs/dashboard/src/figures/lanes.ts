import type { BlockRow, FeedState, SlotRow } from "@sprtn/feed";
import { epochOf } from "./time.js";

/** How far a block has come. */
export type BlockStage = "pending" | "proven" | "finalized";

/** What a slot shows in the lanes. */
export interface LaneColumn {
  readonly slot: number;
  readonly epoch: number;
  readonly block: (BlockRow & { readonly stage: BlockStage }) | null;
  /** Blocks that it had. */
  readonly removed: readonly BlockRow[];
  /** It goes on. */
  readonly current: boolean;
  /** Its block's epoch is being proven. */
  readonly proving: boolean;
}

/** The block of a slot that L1 holds. */
export function standing(row: SlotRow): BlockRow | undefined {
  return row.blocks.findLast(block => block.removed === undefined);
}

/** How far the block with this number has come. */
export function stageOf(state: FeedState, number: number): BlockStage {
  const { proven, finalized } = state.tips;
  return number <= finalized ? "finalized" : number <= proven ? "proven" : "pending";
}

/** The slots that the state holds, as the lanes show them. */
export function laneColumns(state: FeedState, currentSlot: number): readonly LaneColumn[] {
  const proving = new Set(state.proofs?.epochs.filter(one => one.state === "proving").map(one => one.epoch));
  return state.slots.map(row => {
    const block = standing(row);
    const epoch = epochOf(state.rules, row.slot);
    return {
      slot: row.slot,
      epoch,
      block: block === undefined ? null : { ...block, stage: stageOf(state, block.number) },
      removed: row.blocks.filter(one => one.removed !== undefined),
      current: row.slot === currentSlot,
      proving: proving.has(epoch) && block !== undefined && block.number > state.tips.proven,
    };
  });
}

/** The standing blocks of the state, newest first. */
export function newestBlocks(state: FeedState, limit: number): readonly { row: SlotRow; block: BlockRow }[] {
  const found: { row: SlotRow; block: BlockRow }[] = [];
  for (let i = state.slots.length - 1; i >= 0 && found.length < limit; i--) {
    const row = state.slots[i] as SlotRow;
    const block = standing(row);
    if (block !== undefined) found.push({ row, block });
  }
  return found;
}
