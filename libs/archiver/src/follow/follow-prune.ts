import type { BlockNumber } from "@sprtn/primitives";
import type { L1Event, StateStore } from "@sprtn/ports";
import { eventsMissing } from "../archiver-error.js";
import type { ChainDraft } from "../store/chain-draft.js";
import { l1TipOf } from "../store/l1-tip.js";
import type { Following } from "./following.js";

type Pruned = Extract<L1Event, { readonly type: "pruned" }>;

/**
 * PROV-4: a prune drops the pending chain to the proven tip, and with it a bad block.
 *
 * @throws ArchiverError L1_EVENTS_MISSING for a prune from or to other tips than were read
 */
export async function followPrune(following: Following, event: Pruned): Promise<void> {
  const { draft, state } = following;
  requireFits(draft, event);
  const { pending, bad } = draft.chain;
  draft.notePrune(event.position.blockNumber);
  if (event.tip < pending.number) {
    following.waiting = following.waiting?.filter(({ block }) => block.header.number <= event.tip);
    await unwindState(state, event.tip);
    draft.cutTo(event.tip);
  }
  if (bad && bad.number > event.tip) draft.change({ bad: null });
}

/** @throws ArchiverError L1_EVENTS_MISSING */
function requireFits(draft: ChainDraft, { tip, oldTip, position }: Pruned): void {
  const { proven, bad } = draft.chain;
  const pending = l1TipOf(draft).number;
  const missing = (what: string): Error => eventsMissing(what, { block: tip, l1Block: position.blockNumber });
  if (oldTip !== pending) throw missing(`L1 pruned from block ${oldTip}, but the pending tip is block ${pending}`);
  // Above a bad block that was proven the proven tip on L1 is not known here.
  if (tip < proven.number || (tip > proven.number && !bad?.proven))
    throw missing(`L1 pruned to block ${tip}, but the last proven block is ${proven.number}`);
}

/** A state whose finalized block is ahead goes back to that one: the blocks on top are applied again. */
export async function unwindState(state: StateStore, to: BlockNumber): Promise<void> {
  const oldest = state.oldest();
  const target = to < oldest ? oldest : to;
  if (target < state.tip().number) await state.unwind(target);
}
