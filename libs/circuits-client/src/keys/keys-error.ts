import { CodedError } from "@sprtn/primitives";

/** Committed keys that are absent, or do not belong to the circuits next to them. */
export enum KeysErrorCode {
  /** No keys for this reference string in this version. */
  MISSING = "KEYS_MISSING",
  /** The keys do not belong to the compiled circuits. */
  STALE = "KEYS_STALE",
}

export class KeysError extends CodedError<KeysErrorCode, { readonly crs?: string; readonly circuit?: string }> {}
