import type { BlockNumber } from "@sprtn/primitives";
import { CodedError } from "@sprtn/primitives";

/** A block that does not fit (with a rejection in its payload), or a store that cannot be trusted. */
export enum WorldStateErrorCode {
  /** PEND-8: the block is wrong. */
  BLOCK_REJECTED = "WORLD_STATE_BLOCK_REJECTED",
  /** The state is not where the caller thinks, or not what it was: trouble of this node's own. */
  OUT_OF_STEP = "WORLD_STATE_OUT_OF_STEP",
  NOT_KEPT = "WORLD_STATE_NOT_KEPT",
  CORRUPT = "WORLD_STATE_CORRUPT",
  WRONG_GENESIS = "WORLD_STATE_WRONG_GENESIS",
  READ_ONLY = "WORLD_STATE_READ_ONLY",
}

export class WorldStateError extends CodedError<
  WorldStateErrorCode,
  { readonly rejected?: BlockNumber; readonly reason?: string }
> {}
