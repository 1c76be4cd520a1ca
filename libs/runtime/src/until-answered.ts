import type { Clock } from "./clock.js";
import { abortError, isAbortError, onAbort, throwIfAborted } from "./abort.js";
import { sleep } from "./sleep.js";

/** How patiently somebody is asked who may not be there yet. */
export interface UntilAnsweredOptions {
  readonly clock: Clock;
  /** Pause between two tries. */
  readonly pollMs: number;
  /** Hears of the first failure, and of the last one again every minute. */
  readonly onWaiting: (error: unknown) => void;
  /** What another try cannot change is thrown at once; by default nothing is. */
  readonly isHopeless?: (error: unknown) => boolean;
  readonly signal: AbortSignal;
}

const TELL_EVERY_MS = 60_000;

/** Asks until there is an answer. Rejects with ABORTED as soon as `signal` fires, whatever `ask` does meanwhile. */
export async function untilAnswered<T>(
  ask: () => Promise<T>,
  { clock, pollMs, onWaiting, isHopeless = () => false, signal }: UntilAnsweredOptions,
): Promise<T> {
  for (let tellAtMs = clock.steadyMs(); ;) {
    throwIfAborted("waiting for an answer", signal);
    try {
      return await orAborted(ask(), signal);
    } catch (error) {
      if (isAbortError(error) || isHopeless(error)) throw error;
      if (clock.steadyMs() >= tellAtMs) {
        onWaiting(error);
        tellAtMs = clock.steadyMs() + TELL_EVERY_MS;
      }
    }
    await sleep(clock, pollMs, signal);
  }
}

/** The request may hang for a long time: stopping does not wait for it. */
async function orAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const release = onAbort(signal, () => aborted.reject(abortError("waiting for an answer", signal)));
  try {
    return await Promise.race([answer, aborted.promise]);
  } finally {
    release();
    answer.catch(() => {});
  }
}
