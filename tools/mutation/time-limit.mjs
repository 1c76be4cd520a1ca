// How long a mutant may take. A slow machine must not look like a test that notices: work is counted in processor time,
// and what ran into a limit runs again after the same tests have shown, without a mutant, that the machine keeps up.
import { readFileSync } from "node:fs";

/** Clock ticks of Linux in milliseconds. */
const TICK_MS = 10;

/** @returns the processor time of a process with all its threads, in ms; undefined where /proc does not tell */
export function processorMs(pid) {
  try {
    // After the name, which may hold spaces: state is field 3, utime and stime 14 and 15.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return undefined;
  }
}

/** Processor time for tests that took `ms` without a mutant. */
export const workLimitMs = ms => 5 * ms + 10_000;

/** Time for one test, if the slowest took `ms` without a mutant: what is waited for in vain never comes. */
export const testLimitMs = ms => 10 * ms + 10_000;

/** A slow machine does that too; and a process dies that an earlier mutant has spoilt. */
const saysLittle = ({ killedBy, hung, died, isFresh }) =>
  hung === true || (died === true && isFresh !== true) || killedBy?.isTimeout === true;

/** @returns `{ result, by }` of an answer */
function resultOf({ killedBy, died, hung, at }) {
  if (killedBy === undefined && !died && !hung) return { result: "survived" };
  const by = killedBy?.file ?? at?.file;
  return { result: "killed", ...(by !== undefined && { by }) };
}

/**
 * @param runMutant runs the mutant's tests: `{ killedBy, hung, died, at }`, and `isFresh` in a process of its own
 * @param runControl runs the test at which it ended, or the same tests, without a mutant, with the same limits, in a
 *   process that has met none
 * @param runKiller runs the test that failed once more without the mutant: what an earlier one left behind kills too
 * @returns `{ result, by }`; undefined if the machine was too slow to tell, or if the process fails without the mutant
 *   too, so that a later run has to
 */
export async function judgeMutant(runMutant, runControl, runKiller = async () => ({})) {
  const first = await runMutant();
  if (!saysLittle(first)) {
    if (first.killedBy === undefined) return resultOf(first);
    const { killedBy, hung, died } = await runKiller(first.killedBy.title);
    return killedBy !== undefined || hung || died ? undefined : resultOf(first);
  }
  const { killedBy, hung, died } = await runControl(first.killedBy?.title ?? first.at?.title);
  if (killedBy !== undefined || hung || died) return undefined;
  return resultOf(await runMutant());
}
