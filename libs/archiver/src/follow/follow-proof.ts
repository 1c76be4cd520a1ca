import type { L1Event } from "@sprtn/ports";
import { ArchiverError, ArchiverErrorCode } from "../archiver-error.js";
import { blockId } from "../store/chain-record.js";
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
  const { draft, logger, toldProofs } = following;
  if (event.number > draft.chain.pending.number && !draft.chain.bad) {
    throw new ArchiverError(
      ArchiverErrorCode.L1_EVENTS_MISSING,
      `L1 proved block ${event.number} above the pending tip ${draft.chain.pending.number}: the L1 endpoint leaves out events; use another one`,
      { block: event.number, l1Block: event.position.blockNumber },
    );
  }
  // In a range that L1 has finalized a proof finalizes its blocks; one of them may turn out to be bad only now.
  await applyWaitingUpTo(following, event.number);
  const { pending, proven, proofs, bad } = draft.chain;
  if (bad && event.number >= bad.number && !toldProofs.has(bad.number)) {
    toldProofs.add(bad.number);
    logger.error(
      "L1 holds a proof of a block that this node found to break a rule: one of the two is defective; compare with other nodes, and stop validating until it is explained",
      { block: bad.number, code: bad.code },
    );
  }
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
