import { abortError, onAbort } from "./abort.js";
import type { Clock } from "./clock.js";

/** What is waited for, and whether it may still end when the signal has fired. */
export interface OrAbortedOptions {
  /** Names the work in the error's text: "preparing the CRS". */
  readonly what: string;
  readonly signal: AbortSignal | undefined;
  /** How long after the signal an answer is still taken; not at all if absent. */
  readonly grace?: { readonly clock: Clock; readonly delayMs: number };
}

/**
 * The result of work that knows no signal, or ABORTED when `signal` fires. What the work does later does not matter:
 * its late result and its late error are dropped.
 */
export async function orAborted<T>(work: Promise<T>, { what, signal, grace }: OrAbortedOptions): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const end = () => reject(abortError(what, signal as AbortSignal));
  let cancel = () => {};
  const release = onAbort(signal, () => {
    if (grace === undefined) end();
    else cancel = grace.clock.schedule(grace.delayMs, end);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    release();
    cancel();
  }
}
