import type { Clock } from "@sprtn/ports";

/** A page's own time. */
export const browserClock: Clock = {
  nowMs: () => Date.now(),
  steadyMs: () => performance.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};
