import { CodedError } from "@sprtn/primitives";

export enum E2eErrorCode {
  TIMEOUT = "E2E_TIMEOUT",
  PROCESS_ENDED = "E2E_PROCESS_ENDED",
  NOT_RUNNING = "E2E_NOT_RUNNING",
  INVARIANT = "E2E_INVARIANT",
  /** L1 or a node has not what it should have by now. */
  NOT_FOUND = "E2E_NOT_FOUND",
}

export class E2eError extends CodedError<E2eErrorCode> {}
