import type { L1Event } from "@sprtn/ports";
import { eventsMissing } from "../archiver-error.js";
import { blockId } from "../store/chain-record.js";
import { l1TipOf } from "../store/l1-tip.js";
import type { Following } from "./following.js";
import { applyWaitingUpTo } from "./follow-waiting.js";

/**
 * PROV-3: the proven tip moves; never past the pending one (FINAL-2).
 *
 * @throws ArchiverError L1_EVENTS_MISSING for a proof of a block that L1 never showed
 */
export async function followProof(
  following: Following,
  event: Extract<L1Event, { readonly type: "block-proven" }>,
): Promise<void> {
  const { draft } = following;
  const { number: tipOnL1 } = l1TipOf(draft);
  if (event.number > tipOnL1)
    throw eventsMissing(`block ${event.number} was proven, and the pending tip is ${tipOnL1}`, {
      block: event.number,
      l1Block: event.position.blockNumber,
    });
  // In a range that L1 has finalized a proof finalizes its blocks; one of them may turn out to be bad only now.
  await applyWaitingUpTo(following, event.number);
  const { pending, proven, proofs, bad } = draft.chain;
  if (bad && event.number >= bad.number) draft.change({ bad: { ...bad, proven: true } });
  if (event.number <= proven.number || pending.number <= proven.number) return;
  const tip = event.number < pending.number ? blockId(draft.block(event.number)) : pending;
  const { l1Finalized } = draft.cursor;
  draft.change({
    proven: tip,
    proofs: [
      ...proofs.filter(proof => l1Finalized === null || proof.l1 > l1Finalized),
      { l1: event.position.blockNumber, tip },
    ],
  });
}
