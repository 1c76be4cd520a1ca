import { CodedError } from "@sprtn/primitives";

export enum SequencerErrorCode {
  NO_QUORUM = "SEQUENCER_NO_QUORUM",
  TOO_LATE = "SEQUENCER_TOO_LATE",
  PARENT_GONE = "SEQUENCER_PARENT_GONE",
}

export class SequencerError extends CodedError<SequencerErrorCode> {}
