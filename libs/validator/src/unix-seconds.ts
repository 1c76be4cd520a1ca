import { UnixSeconds } from "@sprtn/primitives";
import type { Clock } from "@sprtn/ports";

/** The clock's time in whole seconds. */
export function unixSeconds(clock: Clock): UnixSeconds {
  return UnixSeconds(Math.floor(clock.nowMs() / 1000));
}
