import { CodedError } from "@sprtn/primitives";

/** Questions about time and committees that have no answer, or none yet. */
export enum ConsensusErrorCode {
  BEFORE_GENESIS = "CONSENSUS_BEFORE_GENESIS",
  EMPTY_COMMITTEE = "CONSENSUS_EMPTY_COMMITTEE",
  /** The randao or the set of an epoch may still change (SEED-1, SET-3). */
  NOT_FIXED = "CONSENSUS_EPOCH_NOT_FIXED",
  TIPS_OUT_OF_ORDER = "CONSENSUS_TIPS_OUT_OF_ORDER",
  BAD_TIMETABLE = "CONSENSUS_BAD_TIMETABLE",
}

/** Thrown by this package; NOT_FIXED is the one to expect in normal operation: ask again an epoch later. */
export class ConsensusError extends CodedError<ConsensusErrorCode> {}
