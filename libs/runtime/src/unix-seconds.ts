import { UnixSeconds } from "@sprtn/primitives";
import type { Clock } from "./clock.js";

/** The clock's time in whole seconds since 1970-01-01 UTC, as headers and L1 count it. */
export function unixSeconds(clock: Pick<Clock, "nowMs">): UnixSeconds {
  return UnixSeconds(Math.floor(clock.nowMs() / 1000));
}
