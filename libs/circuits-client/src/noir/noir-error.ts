import { CodedError } from "@sprtn/primitives";

/** A circuit that is not built, inputs without a witness, a solver that did not start or died. */
export enum NoirErrorCode {
  NOT_BUILT = "NOIR_NOT_BUILT",
  FAILED = "NOIR_FAILED",
  /** In a page: Noir's WebAssembly is not where it is looked for. */
  NOT_STARTED = "NOIR_NOT_STARTED",
  WORKER_DIED = "NOIR_WORKER_DIED",
}

export class NoirError extends CodedError<NoirErrorCode, { readonly circuit?: string }> {}
