import { CodedError } from "@sprtn/primitives";

export enum NoirErrorCode {
  NOT_BUILT = "NOIR_NOT_BUILT",
  FAILED = "NOIR_FAILED",
}

export class NoirError extends CodedError<NoirErrorCode, { readonly circuit?: string }> {}
