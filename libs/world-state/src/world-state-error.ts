import type { BlockNumber } from "@sprtn/primitives";
import { CodedError } from "@sprtn/primitives";

export enum WorldStateErrorCode {
  /** PEND-8: the block is wrong. */
  BLOCK_REJECTED = "WORLD_STATE_BLOCK_REJECTED",
  NOT_KEPT = "WORLD_STATE_NOT_KEPT",
  CORRUPT = "WORLD_STATE_CORRUPT",
  WRONG_GENESIS = "WORLD_STATE_WRONG_GENESIS",
  READ_ONLY = "WORLD_STATE_READ_ONLY",
}

export class WorldStateError extends CodedError<
  WorldStateErrorCode,
  { readonly rejected?: BlockNumber; readonly reason?: string }
> {}
