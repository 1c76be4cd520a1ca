import type { BlockNumber, Field } from "@sprtn/primitives";
import type { L1Event } from "@sprtn/ports";
import { eventsMissing } from "../archiver-error.js";
import type { ChainDraft } from "../store/chain-draft.js";
import { blockId } from "../store/chain-record.js";
import { l1TipOf } from "../store/l1-tip.js";
import type { Following } from "./following.js";
import { applyWaitingUpTo } from "./follow-waiting.js";

type BlockProven = Extract<L1Event, { readonly type: "block-proven" }>;

/**
 * PROV-3: the proven tip moves; never past the pending one (FINAL-2).
 *
 * @throws ArchiverError L1_EVENTS_MISSING for a proof of a block that L1 never showed, or after one that it never
 * showed
 */
export async function followProof(following: Following, event: BlockProven): Promise<void> {
  const { draft } = following;
  requireFits(draft, event);
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

/**
 * A proven block can become final, so it must be the very one that L1 holds.
 * @throws ArchiverError L1_EVENTS_MISSING
 */
function requireFits(draft: ChainDraft, { number, archive, firstBlock, position }: BlockProven): void {
  const missing = (what: string): Error => eventsMissing(what, { block: number, l1Block: position.blockNumber });
  const tip = l1TipOf(draft);
  if (number > tip.number) throw missing(`block ${number} was proven, but the pending tip is block ${tip.number}`);
  const known = archiveOf(draft, number);
  if (known !== undefined && known !== archive)
    throw missing(`the proven block ${number} is not the block that was read`);
  // Above a bad block that was proven the proven tip on L1 is not known here. One that is read again may begin lower.
  const { proven, bad } = draft.chain;
  if (!bad?.proven && number > proven.number && firstBlock > proven.number + 1)
    throw missing(`a proof began at block ${firstBlock}, but the last proven block is ${proven.number}`);
}

/** `undefined` for a block between a bad one and the tip on top of it. */
function archiveOf(draft: ChainDraft, number: BlockNumber): Field | undefined {
  const tip = l1TipOf(draft);
  if (number === tip.number) return tip.archive;
  return number <= draft.chain.pending.number ? draft.block(number).archive : undefined;
}
