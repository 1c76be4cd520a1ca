import { messageOf } from "@sprtn/primitives";
import { systemClock } from "@sprtn/observability/system";
import { sleep } from "@sprtn/runtime";
import { E2eError, E2eErrorCode } from "../e2e-error.js";

const LOOK_EVERY_MS = 200;

/**
 * What `probe` gives once it gives something other than `undefined` and `false`; a throw counts as not yet, unless it
 * is an E2eError.
 * @throws TIMEOUT, with what the probe said last
 */
export async function waitFor<T>(
  what: string,
  deadlineMs: number,
  probe: () => Promise<T | undefined | false>,
): Promise<T> {
  const endMs = systemClock.nowMs() + deadlineMs;
  let last = "not yet";
  for (;;) {
    try {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      if (error instanceof E2eError) throw error;
      last = messageOf(error);
    }
    if (systemClock.nowMs() > endMs)
      throw new E2eError(E2eErrorCode.TIMEOUT, `${what}: not within ${deadlineMs / 1000} s (${last})`);
    await sleep(systemClock, LOOK_EVERY_MS);
  }
}
