import { CodedError } from "@sprtn/primitives";

/** A hasher that this platform does not have, input of a wrong length, an answer that is not a field. */
export enum HasherErrorCode {
  UNAVAILABLE = "HASHER_UNAVAILABLE",
  BAD_LENGTH = "HASHER_BAD_LENGTH",
  BAD_RESPONSE = "HASHER_BAD_RESPONSE",
}

export class HasherError extends CodedError<HasherErrorCode, Readonly<Record<string, string | number>>> {}
