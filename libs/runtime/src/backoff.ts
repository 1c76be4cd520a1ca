import { type Random, randomFraction } from "./random.js";

/** How long is waited between tries, ms. */
export interface BackoffSettings {
  /** The wait after the first failure; it doubles with each further one. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/**
 * The wait after failure number `failures` (from 1): between half and the whole of the doubled delay, so that many
 * clients do not come back at once.
 */
export function backoffMs(settings: BackoffSettings, failures: number, random: Random): number {
  const fullMs = Math.min(settings.maxDelayMs, settings.firstDelayMs * 2 ** Math.min(failures - 1, 52));
  return fullMs * (0.5 + randomFraction(random) / 2);
}
