import { throwIfAborted } from "./abort.js";
import type { Clock } from "./clock.js";
import { type Random, randomFraction } from "./random.js";
import { requireAtLeast } from "./runtime-error.js";
import { sleep } from "./sleep.js";

/** How long is waited between tries, ms. */
export interface BackoffSettings {
  /** The wait after the first failure; it doubles with each further one. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/** How often and how patiently a task is tried. */
export interface RetryOptions extends BackoffSettings {
  readonly clock: Clock;
  readonly random: Random;
  /** How often the task is tried in all. */
  readonly attempts: number;
  readonly signal?: AbortSignal | undefined;
  /** Whether it makes sense to try again after `error`; by default always. */
  readonly retryable?: (error: unknown) => boolean;
  /** Hears of each failure that is followed by another try. */
  readonly onRetry?: (failure: { readonly error: unknown; readonly attempt: number; readonly delayMs: number }) => void;
}

/**
 * The wait after failure number `failures` (from 1): between half and the whole of the doubled delay, so that many
 * clients do not come back at once.
 */
export function backoffMs(settings: BackoffSettings, failures: number, random: Random): number {
  const fullMs = Math.min(settings.maxDelayMs, settings.firstDelayMs * 2 ** Math.min(failures - 1, 52));
  return fullMs * (0.5 + randomFraction(random) / 2);
}

/**
 * The first result of `task` (attempts count from 1). Throws the last attempt's own error, or ABORTED when `signal`
 * fires between attempts.
 */
export async function retry<T>(options: RetryOptions, task: (attempt: number) => Promise<T>): Promise<T> {
  const { clock, random, signal, retryable = () => true } = options;
  const attempts = requireAtLeast("the number of attempts", options.attempts, 1);
  for (let attempt = 1; ; attempt++) {
    throwIfAborted("retrying", signal);
    try {
      return await task(attempt);
    } catch (error) {
      if (attempt >= attempts || signal?.aborted || !retryable(error)) throw error;
      const delayMs = backoffMs(options, attempt, random);
      options.onRetry?.({ error, attempt, delayMs });
      await sleep(clock, delayMs, signal);
    }
  }
}
