import { CodedError } from "@sprtn/primitives";

/** A full tree, a key that cannot be inserted, an index or length out of range, a store that contradicts itself. */
export enum TreeErrorCode {
  FULL = "TREE_FULL",
  KEY_ZERO = "TREE_KEY_ZERO",
  DUPLICATE_KEY = "TREE_DUPLICATE_KEY",
  UNKNOWN_KEY = "TREE_UNKNOWN_KEY",
  OUT_OF_RANGE = "TREE_OUT_OF_RANGE",
  BAD_LENGTH = "TREE_BAD_LENGTH",
  NOT_A_FIELD = "TREE_NOT_A_FIELD",
  UNALIGNED = "TREE_UNALIGNED",
  CORRUPT_STORE = "TREE_CORRUPT_STORE",
}

/** Thrown before anything is written; CORRUPT_STORE alone is the store's trouble and not the caller's. */
export class TreeError extends CodedError<TreeErrorCode, Readonly<Record<string, string | number>>> {}
