import { abortError, onAbort, throwIfAborted } from "./abort.js";
import type { Clock } from "./clock.js";
import { RuntimeError, RuntimeErrorCode } from "./runtime-error.js";

/** How long a task may take, ms, and what it is called in the error. */
export interface TimeoutOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Names the work in the error's text: "the block from peer X". */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * `task`'s result, or TIMEOUT after `timeoutMs`, or ABORTED when `signal` fires. Either way the task's own signal
 * fires,
 * and what it does later does not matter: a late result or a late error is dropped.
 */
export async function withTimeout<T>(options: TimeoutOptions, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { clock, timeoutMs, what, signal } = options;
  throwIfAborted(what, signal);
  const controller = new AbortController();
  const { promise: cut, reject } = Promise.withResolvers<never>();
  const end = (error: RuntimeError) => {
    reject(error);
    controller.abort(error);
  };
  const cancel = clock.schedule(timeoutMs, () => {
    end(new RuntimeError(RuntimeErrorCode.TIMEOUT, `${what} took longer than ${timeoutMs} ms`, { what, timeoutMs }));
  });
  const release = onAbort(signal, () => end(abortError(what, signal as AbortSignal)));
  try {
    return await Promise.race([task(controller.signal), cut]);
  } finally {
    cancel();
    release();
  }
}
