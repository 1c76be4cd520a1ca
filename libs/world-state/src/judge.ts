import { TreeError, TreeErrorCode } from "@sprtn/merkle-trees";
import { codeOf, messageOf } from "@sprtn/primitives";
import type { L2Block } from "@sprtn/protocol";
import { StateError, StateErrorCode } from "@sprtn/state-transition";
import { WorldStateError, WorldStateErrorCode } from "./world-state-error.js";

/**
 * What trees refuse because of the leaves that a block brings. All else is trouble of this node's own: so are more
 * messages than a block has room for, which are this node's reading of L1 and no part of the block.
 */
const faultsOfBlocks: ReadonlySet<string> = new Set([
  StateErrorCode.STATE_MISMATCH,
  StateErrorCode.ARCHIVE_MISMATCH,
  TreeErrorCode.FULL,
  TreeErrorCode.KEY_ZERO,
  TreeErrorCode.DUPLICATE_KEY,
  TreeErrorCode.BAD_LENGTH,
  TreeErrorCode.NOT_A_FIELD,
]);

/** Whether what judging a block threw says that the block is wrong (PEND-8). */
export function isFaultOfBlock(error: unknown): boolean {
  return (error instanceof StateError || error instanceof TreeError) && faultsOfBlocks.has(error.code);
}

export function rejected(block: L2Block, error: unknown): WorldStateError {
  const { number } = block.header;
  return new WorldStateError(
    WorldStateErrorCode.BLOCK_REJECTED,
    `block ${number} is rejected (${codeOf(error)}: ${messageOf(error)})`,
    { rejected: number, reason: codeOf(error) },
    { cause: error },
  );
}
