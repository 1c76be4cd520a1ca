import { CodedError } from "@sprtn/primitives";

export enum NoirErrorCode {
  NOT_BUILT = "NOIR_NOT_BUILT",
  FAILED = "NOIR_FAILED",
  WORKER_DIED = "NOIR_WORKER_DIED",
}

export class NoirError extends CodedError<NoirErrorCode, { readonly circuit?: string }> {}
