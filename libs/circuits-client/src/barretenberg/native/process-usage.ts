import { readFile } from "node:fs/promises";
import type { ProcessUsage } from "../proof-engine.js";

/** The kernel counts in hundredths of a second whatever its own clock. */
const TICKS_A_SECOND = 100;

/** Of a process that still lives; undefined where there is no /proc. */
export async function processUsage(pid: number): Promise<ProcessUsage | undefined> {
  try {
    const [stat, status] = (await Promise.all(
      ["stat", "status"].map(name => readFile(`/proc/${pid}/${name}`, "utf8")),
    )) as [string, string];
    // After the name in brackets, which may hold anything: state is the first, utime and stime are the 12th and 13th.
    const [user, system] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 13)
      .map(Number) as [number, number];
    const peakKilobytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
    return Number.isFinite(user + system + peakKilobytes)
      ? { cpuSeconds: (user + system) / TICKS_A_SECOND, peakMemoryBytes: peakKilobytes * 1024 }
      : undefined;
  } catch {
    return undefined;
  }
}
