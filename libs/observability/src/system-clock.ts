import type { Clock } from "@sprtn/ports";

/** The longest delay that the platform's timers take; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** The machine's wall clock and timers. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  steadyMs: () => performance.now(),
  schedule(delayMs, callback) {
    let timer: NodeJS.Timeout;
    const arm = (leftMs: number) => {
      timer =
        leftMs > LONGEST_MS
          ? setTimeout(() => arm(leftMs - LONGEST_MS), LONGEST_MS)
          : setTimeout(callback, Math.max(0, leftMs));
    };
    arm(delayMs);
    return () => clearTimeout(timer);
  },
};
