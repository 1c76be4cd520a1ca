import { CodedError } from "@sprtn/primitives";

export enum KeysErrorCode {
  /** No keys for this reference string in this version. */
  MISSING = "KEYS_MISSING",
  /** The keys are of other circuits than the compiled ones. */
  STALE = "KEYS_STALE",
}

export class KeysError extends CodedError<KeysErrorCode, { readonly crs?: string; readonly circuit?: string }> {}
