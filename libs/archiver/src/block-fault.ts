import { type BlockNumber, CodedError } from "@sprtn/primitives";

/** The rule that a block on L1 breaks. */
export enum BlockFaultCode {
  /** The published header cannot be read. */
  BAD_HEADER = "BLOCK_BAD_HEADER",
  /** The published effects cannot be read. */
  BAD_EFFECTS = "BLOCK_BAD_EFFECTS",
  WRONG_NUMBER = "BLOCK_PEND_1_WRONG_NUMBER",
  WRONG_LAST_ARCHIVE = "BLOCK_PEND_1_WRONG_LAST_ARCHIVE",
  SLOT_NOT_AFTER_PARENT = "BLOCK_PEND_2_SLOT_NOT_AFTER_PARENT",
  WRONG_TIMESTAMP = "BLOCK_PEND_2_WRONG_TIMESTAMP",
  WRONG_DA_HASH = "BLOCK_PEND_5_WRONG_DA_HASH",
  WRONG_TX_COUNT = "BLOCK_PEND_5_WRONG_TX_COUNT",
  WRONG_IN_HASH = "BLOCK_PEND_6_WRONG_IN_HASH",
  WRONG_BASE_FEES = "BLOCK_PEND_6_WRONG_BASE_FEES",
  TOO_MUCH_GAS = "BLOCK_TX_2_TOO_MUCH_GAS",
  WRONG_OUT_HASH = "BLOCK_MSG_2_WRONG_OUT_HASH",
  TX_TWICE = "BLOCK_TX_TWICE",
  STATE_REJECTED = "BLOCK_PEND_8_STATE_REJECTED",
}

/**
 * What the Rollup requires of a block itself, before it emits the block's event (PEND-1, PEND-2, PEND-5, PEND-6). A
 * block that seems to break one of these stands on events that this node has not seen: no fault of the block.
 */
const checkedByL1: ReadonlySet<BlockFaultCode> = new Set([
  BlockFaultCode.WRONG_NUMBER,
  BlockFaultCode.WRONG_LAST_ARCHIVE,
  BlockFaultCode.SLOT_NOT_AFTER_PARENT,
  BlockFaultCode.WRONG_TIMESTAMP,
  BlockFaultCode.WRONG_DA_HASH,
  BlockFaultCode.WRONG_IN_HASH,
  BlockFaultCode.WRONG_BASE_FEES,
]);

export function isCheckedByL1(code: BlockFaultCode): boolean {
  return checkedByL1.has(code);
}

/** A block that this node does not follow (PEND-8): nothing is wrong with the node. */
export class BlockFault extends CodedError<BlockFaultCode, { readonly block: BlockNumber }> {}
