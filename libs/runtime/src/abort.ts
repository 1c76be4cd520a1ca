import { RuntimeError, RuntimeErrorCode } from "./runtime-error.js";

/** The error that `what` ends with when `signal` has fired. */
export function abortError(what: string, signal: AbortSignal): RuntimeError {
  return new RuntimeError(RuntimeErrorCode.ABORTED, `${what} was aborted`, { what }, { cause: signal.reason });
}

/** @throws ABORTED if `signal` has fired */
export function throwIfAborted(what: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortError(what, signal);
}

/** Whether `error` says that a signal ended the work, rather than that something failed: a RuntimeError ABORTED. */
export function isAbortError(error: unknown): boolean {
  return error instanceof RuntimeError && error.code === RuntimeErrorCode.ABORTED;
}

/** Calls `callback` when `signal` fires, at once if it has; returns a function that lets go of the signal. */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal) return () => {};
  if (signal.aborted) {
    callback();
    return () => {};
  }
  signal.addEventListener("abort", callback, { once: true });
  return () => signal.removeEventListener("abort", callback);
}
