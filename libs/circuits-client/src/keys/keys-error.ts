import { CodedError } from "@sprtn/primitives";

/** Committed keys that are absent, or not those of the circuits beside them. */
export enum KeysErrorCode {
  /** No keys for this reference string in this version. */
  MISSING = "KEYS_MISSING",
  /** The keys are of other circuits than the compiled ones. */
  STALE = "KEYS_STALE",
}

export class KeysError extends CodedError<KeysErrorCode, { readonly crs?: string; readonly circuit?: string }> {}
