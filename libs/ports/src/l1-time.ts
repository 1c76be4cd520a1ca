import type { UnixSeconds } from "@sprtn/primitives";
import type { L1BlockRef } from "./l1-events.js";

/** Time as L1's heads tell it (TIME-1). The node's own clock may be wrong; what L1 accepts depends on L1's alone. */
export interface L1Time {
  /** The newest head that was seen; `undefined` before the first. */
  head(): L1BlockRef | undefined;
  /**
   * The earliest time that the next L1 block can have, after one of time `latest` if the caller knows a newer one;
   * `undefined` before the first head.
   */
  nextBlock(latest?: UnixSeconds): UnixSeconds | undefined;
  /** By how much the own clock is ahead of L1, s, negative when behind; `undefined` until enough heads were seen. */
  skewSeconds(): number | undefined;
  /**
   * Called after each L1 reorg, also one that reverts no L2 block: what was derived from L1 and kept may not hold
   * any
   * more.
   * @returns unsubscribes
   */
  onReorg(listener: () => void): () => void;
}
