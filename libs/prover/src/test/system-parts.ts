import { randomBytes } from "node:crypto";
import type { Clock, Random } from "@sprtn/ports";

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  steadyMs: () => performance.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = { bytes: length => Uint8Array.from(randomBytes(length)) };
