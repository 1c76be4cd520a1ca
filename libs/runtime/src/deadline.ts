import type { Clock } from "./clock.js";

/** What a piece of work may take, and the signal that ends it. */
export interface DeadlineOptions {
  readonly clock: Clock;
  /** From now on; not above 0: as soon as possible. */
  readonly delayMs: number;
  /** Ends the work earlier. */
  readonly signal?: AbortSignal | undefined;
}

/** A signal that fires when the time is over, or when the caller's does. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether it was the time that ended the work. */
  readonly passed: boolean;
  /** Lets go of the clock; call it when the work is done, in a `finally`. */
  clear(): void;
}

/**
 * Starts the time of a piece of work that ends itself when its signal fires. Work that might not is cut off by
 * `withTimeout` instead.
 */
export function startDeadline({ clock, delayMs, signal }: DeadlineOptions): Deadline {
  const late = new AbortController();
  const clear = clock.schedule(delayMs, () => late.abort());
  return {
    signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
    get passed() {
      return late.signal.aborted;
    },
    clear,
  };
}
