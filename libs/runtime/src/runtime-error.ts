import { CodedError } from "@sprtn/primitives";

/** Ways for waiting and services to end that are not bugs: aborted, too late, too full, in the wrong order. */
export enum RuntimeErrorCode {
  /** The caller's AbortSignal fired; the cause is its reason. */
  ABORTED = "RUNTIME_ABORTED",
  TIMEOUT = "RUNTIME_TIMEOUT",
  QUEUE_FULL = "RUNTIME_QUEUE_FULL",
  QUEUE_CLOSED = "RUNTIME_QUEUE_CLOSED",
  /** A service was asked to start while it was not at rest. */
  ALREADY_STARTED = "RUNTIME_ALREADY_STARTED",
  /** A service of a group did not start; the cause is its error. */
  START_FAILED = "RUNTIME_START_FAILED",
  /** Services of a group did not stop; the cause holds their errors. */
  STOP_FAILED = "RUNTIME_STOP_FAILED",
  /** A number that makes no sense for the thing built with it. */
  BAD_SETTING = "RUNTIME_BAD_SETTING",
}

/** What was waited for or started, with the limit that was met. */
export type RuntimeErrorPayload = { readonly what: string } & Partial<{
  readonly limit: number;
  readonly timeoutMs: number;
  readonly services: readonly string[];
}>;

/** Thrown by this package; ABORTED is not a failure, see `isAbortError`. */
export class RuntimeError extends CodedError<RuntimeErrorCode, RuntimeErrorPayload> {}

/** @throws BAD_SETTING unless `value` is a finite number of at least `minimum` */
export function requireAtLeast(what: string, value: number, minimum: number): number {
  if (!Number.isFinite(value) || value < minimum)
    throw new RuntimeError(RuntimeErrorCode.BAD_SETTING, `${what} is ${value}: give a number of at least ${minimum}`, {
      what,
    });
  return value;
}
