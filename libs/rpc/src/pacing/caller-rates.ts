import type { Clock } from "@sprtn/ports";
import { RateLimiter } from "@sprtn/runtime";

/** Addresses whose rate is remembered. */
const CALLERS = 10_000;

/** LIMIT-22: the work that each address may request, in units. */
export function callerRates(
  dependencies: { readonly clock: Clock },
  { workBurst, workPerSecond }: { readonly workBurst: number; readonly workPerSecond: number },
): RateLimiter {
  return new RateLimiter(dependencies, { burst: workBurst, tokensPerSecond: workPerSecond, maxKeys: CALLERS });
}
