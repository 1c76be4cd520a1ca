import type { FeedState } from "@sprtn/feed";
import { standing } from "./lanes.js";
import { epochOf, proofDeadlines, slotAt } from "./time.js";

/** An epoch on its way to being proven. */
export interface EpochProof {
  readonly epoch: number;
  /** `open`: it goes on; `waiting`: it is over, and this node does not prove it. */
  readonly state: "open" | "waiting" | "collecting" | "proving" | "proven" | "failed";
  /** Blocks of it that this node knows. */
  readonly blocks: number;
  /** Jobs, where this node's prover is at it. */
  readonly jobs: { readonly done: number; readonly total: number } | null;
  readonly secondsLeft: number | null;
  readonly failure: string | null;
  /** Until when its coordinator, and then anyone, may prove it, ms since 1970. */
  readonly deadlines: { readonly first: number; readonly last: number };
}

/** Those that are not proven, those that this node's prover is at, and the last proven one; oldest first. */
export function epochProofs(state: FeedState, nowMs: number): readonly EpochProof[] {
  const { rules, tips } = state;
  const current = epochOf(rules, slotAt(rules, nowMs));
  const blocks = new Map<number, { count: number; proven: boolean }>();
  for (const row of state.slots) {
    const block = standing(row);
    if (block === undefined) continue;
    const epoch = epochOf(rules, row.slot);
    const count = (blocks.get(epoch)?.count ?? 0) + 1;
    blocks.set(epoch, { count, proven: block.number <= tips.proven });
  }
  const own = new Map(state.proofs?.epochs.map(one => [one.epoch, one] as const));
  const proven = [...blocks].filter(([, one]) => one.proven).map(([epoch]) => epoch);
  const lastProven = Math.max(...proven, -1);
  const shown = new Set([...blocks.keys(), ...own.keys()]);
  return [...shown]
    .filter(epoch => own.has(epoch) || blocks.get(epoch)?.proven === false || epoch === lastProven)
    .toSorted((a, b) => a - b)
    .map(epoch => {
      const known = blocks.get(epoch);
      const at = own.get(epoch);
      const seen = known?.proven === true ? "proven" : epoch >= current ? "open" : "waiting";
      // L1 knows better than a prover whose work was overtaken by another's proof.
      const settled = seen === "proven" || at === undefined;
      return {
        epoch,
        state: settled ? seen : at.state,
        blocks: known?.count ?? 0,
        jobs: at === undefined ? null : { done: at.done, total: at.total },
        secondsLeft: settled ? null : at.secondsLeft,
        failure: settled ? null : at.failure,
        deadlines: proofDeadlines(rules, epoch),
      };
    });
}
