import { CodedError } from "@sprtn/primitives";

/** What keeps a load test from being read, run or compared. */
export enum LoadErrorCode {
  /** The scenario's file cannot be read as one. */
  BAD_SCENARIO = "LOAD_BAD_SCENARIO",
  /** The scenario asks for something that this network does not have. */
  OTHER_NETWORK = "LOAD_OTHER_NETWORK",
  /** Accounts could not be funded. */
  NOT_FUNDED = "LOAD_NOT_FUNDED",
  /** A file is not a report of a load test. */
  BAD_REPORT = "LOAD_BAD_REPORT",
  /** Two reports that nobody should compare. */
  NOT_COMPARABLE = "LOAD_NOT_COMPARABLE",
  /** No account had a free note, or balance, for a payment that was due. */
  NOTHING_TO_SPEND = "LOAD_NOTHING_TO_SPEND",
  /** A payment was due later than the run lasted. */
  NOT_REACHED = "LOAD_NOT_REACHED",
  /** A fault could not be made, or not be healed. */
  FAULT_FAILED = "LOAD_FAULT_FAILED",
}

interface LoadErrorDetails {
  readonly line?: number;
  readonly path?: string;
  readonly what?: string;
}

/** What keeps a load test from its end, with what to do about it. */
export class LoadError extends CodedError<LoadErrorCode, LoadErrorDetails> {}
