import { CodedError } from "@sprtn/primitives";

/** Why a published block does not follow from the state before it. */
export enum StateErrorCode {
  /** PEND-8: the block's effects do not lead to its stateHash. */
  STATE_MISMATCH = "STATE_MISMATCH",
  /** PEND-8: the block does not lead to its archive root. */
  ARCHIVE_MISMATCH = "STATE_ARCHIVE_MISMATCH",
  NOT_NEXT = "STATE_NOT_NEXT",
  TOO_MANY_MESSAGES = "STATE_TOO_MANY_MESSAGES",
}

/** Thrown while a block is applied; the fork that it was applied to is then to be dropped. */
export class StateError extends CodedError<StateErrorCode> {}
