import { CodedError } from "@sprtn/primitives";

export enum ConsensusErrorCode {
  BEFORE_GENESIS = "CONSENSUS_BEFORE_GENESIS",
  EMPTY_COMMITTEE = "CONSENSUS_EMPTY_COMMITTEE",
  /** The randao or the set of an epoch may still change (SEED-1, SET-3). */
  NOT_FIXED = "CONSENSUS_EPOCH_NOT_FIXED",
  TIPS_OUT_OF_ORDER = "CONSENSUS_TIPS_OUT_OF_ORDER",
  BAD_TIMETABLE = "CONSENSUS_BAD_TIMETABLE",
}

export class ConsensusError extends CodedError<ConsensusErrorCode> {}
