import { BlockNumber, L1BlockNumber, ZERO_BYTES32 } from "@sprtn/primitives";
import type { L1Event, L1Position } from "@sprtn/ports";
import type { ChainDraft } from "../store/chain-draft.js";
import type { Reread } from "./reread-schedule.js";

/**
 * Takes `draft` back to before the L1 block from which on L1 is to be read again: that of the first block that is not
 * proven, or of the tip. Whatever block, proof or prune is missing lies there or later; a message may lie anywhere.
 * Returns where that block is when its L1 block is final: what comes before it there is not followed twice.
 */
export function rewind(draft: ChainDraft, reread: Reread): L1Position | undefined {
  const { l1Finalized } = draft.cursor;
  const anchor = anchorOf(draft);
  if (reread === "unproven" && anchor && (l1Finalized === null || anchor.blockNumber > l1Finalized)) {
    draft.unwindL1(L1BlockNumber(anchor.blockNumber - 1));
    return undefined;
  }
  draft.unwindL1(l1Finalized);
  if (l1Finalized === null) return undefined;
  const final = anchorOf(draft);
  draft.rewindFinal(final ? L1BlockNumber(final.blockNumber - 1) : null);
  return final ?? beginning;
}

/** Before everything, for a chain without blocks. */
const beginning: L1Position = {
  blockNumber: L1BlockNumber(0),
  blockHash: ZERO_BYTES32,
  transactionHash: ZERO_BYTES32,
  logIndex: 0,
};

function anchorOf({ chain, read }: ChainDraft): L1Position | undefined {
  return read.l1Position(BlockNumber(Math.min(chain.pending.number, chain.proven.number + 1)));
}

/** Whether an event lies before `start` in its L1 block: followed already, and not reverted. */
export function isBefore({ type, position }: L1Event, start: L1Position): boolean {
  return type !== "message-sent" && position.blockNumber === start.blockNumber && position.logIndex < start.logIndex;
}
