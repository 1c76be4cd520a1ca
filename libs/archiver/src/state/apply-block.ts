import { CodedError, messageOf } from "@sprtn/primitives";
import type { BlockRejection, BlockToApply, StateStore } from "@sprtn/ports";
import { BlockFault, BlockFaultCode } from "../block-fault.js";

/**
 * Whether the state is that of the block before: it may be ahead, after this archiver's data was lost or a crash came
 * between the two.
 */
export function isNext(state: StateStore, { block }: BlockToApply): boolean {
  const tip = state.tip();
  return tip.number === block.header.number - 1 && tip.archive === block.header.lastArchive;
}

/**
 * PEND-8: every node applies the published effects and compares stateHash and archive.
 *
 * @throws BlockFault STATE_REJECTED
 */
export async function applyBlock(state: StateStore, next: BlockToApply): Promise<void> {
  if (!isNext(state, next)) return;
  try {
    await state.apply(next.block, next.messages);
  } catch (error) {
    if (!isRejection(error)) throw error;
    const { number } = next.block.header;
    throw new BlockFault(
      BlockFaultCode.STATE_REJECTED,
      `block ${number}: the world state rejects it: ${messageOf(error)}`,
      { block: number },
      { cause: error },
    );
  }
}

export function isRejection(error: unknown): error is CodedError<string, BlockRejection> {
  return error instanceof CodedError && "rejected" in error.payload;
}
