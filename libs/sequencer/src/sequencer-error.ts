import { CodedError } from "@sprtn/primitives";

/** Why one of this sequencer's slots has no block, or why it never could have one. */
export enum SequencerErrorCode {
  NO_QUORUM = "SEQUENCER_NO_QUORUM",
  TOO_LATE = "SEQUENCER_TOO_LATE",
  PARENT_GONE = "SEQUENCER_PARENT_GONE",
  /** This node does not have L1's pending tip. */
  NOT_SYNCED = "SEQUENCER_NOT_SYNCED",
  /** The pending chain is pruned, or is about to be, in this slot. */
  PRUNING = "SEQUENCER_PRUNING",
  NOTHING_TO_BUILD = "SEQUENCER_NOTHING_TO_BUILD",
  /** None of the pool's transactions can be in this block. */
  NOTHING_INCLUDABLE = "SEQUENCER_NOTHING_INCLUDABLE",
  /** What was to be built came after the last moment at which a quorum could be had. */
  LATE_START = "SEQUENCER_LATE_START",
  /** The block of an earlier slot was on its way for all of this one. */
  STILL_PUBLISHING = "SEQUENCER_STILL_PUBLISHING",
  /** The validator set does not have this node's key. */
  KEY_IN_NO_SET = "SEQUENCER_KEY_IN_NO_SET",
  /** The slot passed unseen. */
  NOT_LOOKED = "SEQUENCER_NOT_LOOKED",
  /** A setting that makes no sense. */
  BAD_SETTING = "SEQUENCER_BAD_SETTING",
}

export class SequencerError extends CodedError<SequencerErrorCode> {}
