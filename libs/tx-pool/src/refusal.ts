import { ProtocolErrorCode, TxShapeCode } from "@sprtn/protocol";

/**
 * Why a transaction is not, or no longer, in the pool; TxShapeCode holds the codes of what is wrong in every state.
 * Those that a block builder has too are named alike.
 */
export enum TxRefusalCode {
  WRONG_SIZE = "TX_WRONG_SIZE",
  WRONG_CHAIN = "TX_WRONG_CHAIN",
  NOTES_HASH_WRONG = "TX_NOTES_HASH_WRONG",
  /** It needs more gas than a block has. */
  EXCEEDS_BLOCK_GAS = "TX_EXCEEDS_BLOCK_GAS",
  INVALID_PROOF = "TX_INVALID_PROOF",
  EXPIRED = "TX_EXPIRED",
  UNKNOWN_ANCHOR = "TX_UNKNOWN_ANCHOR",
  MAX_FEE_TOO_LOW = "TX_MAX_FEE_TOO_LOW",
  NULLIFIER_USED = "TX_NULLIFIER_USED",
  FEE_UNPAYABLE = "TX_FEE_UNPAYABLE",
  MESSAGE_ABSENT = "TX_MESSAGE_ABSENT",
  /** What it credits would lift a balance to 2^128 wei. */
  BALANCE_OVERFLOW = "TX_BALANCE_OVERFLOW",
  /** It conflicts with a pending one and does not pay enough more to replace it. */
  REPLACEMENT_UNDERPRICED = "TX_REPLACEMENT_UNDERPRICED",
  KNOWN = "TX_KNOWN",
  MINED = "TX_MINED",
  POOL_FULL = "TX_POOL_FULL",
  NOT_SYNCED = "TX_POOL_NOT_SYNCED",
  /** A peer gave a transaction that it was not asked for. */
  NOT_ASKED = "TX_POOL_NOT_ASKED",
  /** A peer sends too many. */
  PEER_LIMIT = "TX_POOL_PEER_LIMIT",
  /** A peer sent the same transaction with another proof before. */
  SECOND_FORM = "TX_POOL_SECOND_FORM",
  PROOF_UNCHECKED = "TX_POOL_PROOF_UNCHECKED",
  STORE_FAILED = "TX_POOL_STORE_FAILED",
  /** Left the pool for one that shares a nullifier and pays more. */
  REPLACED = "TX_REPLACED",
  /** Left the pool for one that pays more. */
  DISPLACED = "TX_DISPLACED",
}

/** Why a transaction is not taken, for programs and for its sender. */
export interface Refusal {
  readonly code: TxRefusalCode | TxShapeCode;
  /** What the sender can do. */
  readonly reason: string;
}

const malformed: ReadonlySet<string> = new Set([
  ...Object.values(TxShapeCode),
  ProtocolErrorCode.BAD_TX,
  TxRefusalCode.WRONG_SIZE,
  TxRefusalCode.WRONG_CHAIN,
  TxRefusalCode.NOTES_HASH_WRONG,
  TxRefusalCode.EXCEEDS_BLOCK_GAS,
  TxRefusalCode.INVALID_PROOF,
]);

/** Whether no state could make the transaction valid: only then is the peer that sent it at fault. */
export function isMalformed(code: string): boolean {
  return malformed.has(code);
}

const healing: ReadonlySet<string> = new Set([
  TxRefusalCode.UNKNOWN_ANCHOR,
  TxRefusalCode.FEE_UNPAYABLE,
  TxRefusalCode.MESSAGE_ABSENT,
  TxRefusalCode.BALANCE_OVERFLOW,
]);

/** Whether blocks that come back after a reorg may make the transaction valid again. */
export function mayHeal(code: string): boolean {
  return healing.has(code);
}
