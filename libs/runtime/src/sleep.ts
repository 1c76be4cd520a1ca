import { abortError, onAbort, throwIfAborted } from "./abort.js";
import type { Clock } from "./clock.js";

/** Resolves `delayMs` from now; rejects with ABORTED as soon as `signal` fires. For pacing, never for correctness. */
export async function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  throwIfAborted("the wait", signal);
  await new Promise<void>((resolve, reject) => {
    const cancel = clock.schedule(delayMs, () => {
      release();
      resolve();
    });
    const release = onAbort(signal, () => {
      cancel();
      reject(abortError("the wait", signal as AbortSignal));
    });
  });
}
