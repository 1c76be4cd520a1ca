import type { BlockNumber } from "@sprtn/primitives";
import type { L1Event, StateStore } from "@sprtn/ports";
import { eventsMissing } from "../archiver-error.js";
import type { Following } from "./following.js";

/**
 * PROV-4: a prune drops the pending chain to the proven tip, and with it a bad block.
 *
 * @throws ArchiverError L1_EVENTS_MISSING for a prune below the proven tip
 */
export async function followPrune(
  following: Following,
  event: Extract<L1Event, { readonly type: "pruned" }>,
): Promise<void> {
  const { draft, state, metrics } = following;
  const { proven, pending, bad } = draft.chain;
  if (event.tip < proven.number)
    throw eventsMissing(`L1 pruned to block ${event.tip}, below the proven block ${proven.number}`, {
      block: event.tip,
      l1Block: event.position.blockNumber,
    });
  metrics.prunes.add(1);
  if (event.tip < pending.number) {
    following.waiting = following.waiting?.filter(({ block }) => block.header.number <= event.tip);
    await unwindState(state, event.tip);
    draft.cutTo(event.tip);
  }
  if (bad && bad.number > event.tip) draft.change({ bad: null });
}

/** A state that is ahead, at a finalized block of a later branch, stays there. */
export async function unwindState(state: StateStore, to: BlockNumber): Promise<void> {
  if (to < state.tip().number && to >= state.oldest()) await state.unwind(to);
}
