import type { ChainTips } from "@sprtn/protocol";
import { ConsensusError, ConsensusErrorCode } from "./consensus-error.js";

/** FINAL-2 and INV-1. @throws ConsensusError TIPS_OUT_OF_ORDER */
export function assertTipsOrdered({ finalized, proven, pending }: ChainTips): void {
  if (finalized.number <= proven.number && proven.number <= pending.number) return;
  throw new ConsensusError(
    ConsensusErrorCode.TIPS_OUT_OF_ORDER,
    `finalized ${finalized.number}, proven ${proven.number}, pending ${pending.number} are out of order: this is a ` +
      "bug; keep the data directory and report it",
    { finalized, proven, pending },
  );
}
