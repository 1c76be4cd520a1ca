import type { Bytes32, L1BlockNumber } from "@sprtn/primitives";
import type { ChainTips, L2Block } from "@sprtn/protocol";
import type { ChainRecord } from "./chain-record.js";
import type { CursorRecord } from "./cursor-record.js";

export interface L1BlockName {
  readonly number: L1BlockNumber;
  readonly hash: Bytes32;
}

/** The stored chain as kept in memory: immutable, replaced when a batch is written. */
export interface ChainSnapshot {
  readonly chain: ChainRecord;
  readonly cursor: CursorRecord;
  /** Read L1 blocks from the finalized one (or the first) to the last, ascending. */
  readonly l1Blocks: readonly L1BlockName[];
  /** The pending tip. */
  readonly tip: L2Block;
}

export function tipsOf({ chain, cursor }: ChainSnapshot): ChainTips {
  return { pending: chain.pending, proven: chain.proven, finalized: cursor.finalized };
}
