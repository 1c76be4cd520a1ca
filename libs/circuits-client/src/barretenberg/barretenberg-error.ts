import { CodedError } from "@sprtn/primitives";

/** How Barretenberg can fail: its process or worker died or did not start, or it refused what it was given. */
export enum BarretenbergErrorCode {
  /** No file at the path of bb. */
  NOT_FOUND = "BB_NOT_FOUND",
  /** There is a file, but the system does not run it. */
  NOT_EXECUTABLE = "BB_NOT_EXECUTABLE",
  /** The system has no resources for another process, or refuses it. */
  NOT_STARTED = "BB_NOT_STARTED",
  /** Ended by a signal that this package did not send: for SIGKILL, out of memory is likely. */
  KILLED = "BB_KILLED",
  /** Ended on its own before it answered. */
  EXITED = "BB_EXITED",
  /** What answers is not bb, or not the version that this package pins. */
  BAD_ANSWER = "BB_BAD_ANSWER",
  /** bb looked at the request and refused it. */
  REFUSED = "BB_REFUSED",
  OUT_OF_MEMORY = "BB_OUT_OF_MEMORY",
  BAD_BYTECODE = "BB_BAD_BYTECODE",
  BAD_WITNESS = "BB_BAD_WITNESS",
  BAD_KEY = "BB_BAD_KEY",
  CRS_MISSING = "BB_CRS_MISSING",
  CRS_TOO_SMALL = "BB_CRS_TOO_SMALL",
  /** The processes that verify died twice over one request. */
  VERIFIER_DIES = "BB_VERIFIER_DIES",
  NO_TEMPORARY_FOLDER = "BB_NO_TEMPORARY_FOLDER",
  /** The WebAssembly instance broke down, or could not be made. */
  WASM_FAILED = "BB_WASM_FAILED",
  /** A worker of the WebAssembly does not load, or does not start in time. */
  WORKER_NOT_STARTED = "BB_WORKER_NOT_STARTED",
  CLOSED = "BB_CLOSED",
}

/** The job that failed, how its process ended, and the end of what it printed. */
export type BarretenbergErrorPayload = Partial<{
  readonly job: string;
  readonly path: string;
  readonly exitCode: number;
  readonly signal: string;
  /** The last lines that bb wrote. */
  readonly output: string;
  readonly points: number;
  readonly pointsNeeded: number;
}>;

export class BarretenbergError extends CodedError<BarretenbergErrorCode, BarretenbergErrorPayload> {}

export function closedError(): BarretenbergError {
  return new BarretenbergError(BarretenbergErrorCode.CLOSED, "this proof engine is closed: create another one");
}

export function crsTooSmall(
  payload: { readonly path?: string; readonly points?: number; readonly pointsNeeded?: number },
  options?: ErrorOptions,
): BarretenbergError {
  const { path, points, pointsNeeded } = payload;
  const has = points === undefined ? "too few points" : `${points} points`;
  const needs = pointsNeeded === undefined ? "" : ` and the circuit needs ${pointsNeeded}`;
  return new BarretenbergError(
    BarretenbergErrorCode.CRS_TOO_SMALL,
    `the CRS${path === undefined ? "" : ` in ${path}`} has ${has}${needs}: prepare a larger one`,
    payload,
    options,
  );
}
