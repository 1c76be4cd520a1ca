import { CodedError } from "@sprtn/primitives";

/** What can go wrong with duties. */
export enum SentinelErrorCode {
  /** More slots than one answer holds. */
  TOO_MANY_SLOTS = "SENTINEL_TOO_MANY_SLOTS",
  /** A record on disk that is none of this format. */
  BAD_RECORD = "SENTINEL_BAD_RECORD",
}

/** Trouble with the record of duties; it concerns queries alone. */
export class SentinelError extends CodedError<SentinelErrorCode, { readonly slot?: number }> {}
