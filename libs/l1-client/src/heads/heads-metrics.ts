import type { Meter } from "@sprtn/ports";

/** How far clock and L1 differ. */
export function clockSkewSeconds(meter: Meter) {
  return meter.gauge({
    name: "sprtn_l1_clock_skew_seconds",
    help: "Upper bound of how far this clock is ahead of L1's heads; if negative, lower bound of how far it is behind",
  });
}
