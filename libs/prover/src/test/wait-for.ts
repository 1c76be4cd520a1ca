import { messageOf } from "@sprtn/primitives";
import { sleep } from "@sprtn/runtime";
import { systemClock } from "./system-parts.js";

const LOOK_EVERY_MS = 5;

/** What `probe` gives once it gives something other than `undefined`, `null` and `false`; a throw counts as not yet. */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined | null | false>,
  deadlineMs = 100_000,
): Promise<T> {
  let last = "not yet";
  for (const endMs = systemClock.nowMs() + deadlineMs; ; await sleep(systemClock, LOOK_EVERY_MS)) {
    try {
      const found = await probe();
      if (found !== undefined && found !== null && found !== false) return found;
    } catch (error) {
      last = messageOf(error);
    }
    if (systemClock.nowMs() > endMs) throw new Error(`${what}: not within ${deadlineMs / 1000} s (${last})`);
  }
}
