// Clocks of a bench: wall, and CPU of this process and of those it started.
import { readdirSync, readFileSync } from "node:fs";

/**
 * CPU milliseconds (user and system) that this process and its children have used; children by /proc, so on Linux only.
 */
export function cpuMs() {
  const { user, system } = process.cpuUsage();
  return { own: (user + system) / 1000, children: childPids().reduce((sum, pid) => sum + processCpuMs(pid), 0) };
}

function childPids() {
  try {
    return readdirSync("/proc/self/task").flatMap(task =>
      readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" ").filter(Boolean),
    );
  } catch {
    return [];
  }
}

function processCpuMs(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

const WINDOWS = 8;

/**
 * Runs `step` once for each item until `budgetMs` is over. Returns the wall-clock rate of the best of eight windows, as
 * others use the machine too, and in `note` the rate per
 * second of CPU time over all of them, this process's and its children's, with the database's threads.
 */
export async function rate(items, budgetMs, step) {
  const cpu = cpuMs();
  const began = performance.now();
  let done = 0;
  let best = 0;
  let window = { began, done: 0 };
  for (const item of items) {
    done += await step(item);
    const now = performance.now();
    if (now - window.began >= budgetMs / WINDOWS) {
      best = Math.max(best, ((done - window.done) / (now - window.began)) * 1000);
      window = { began: now, done };
    }
    if (now - began > budgetMs) break;
  }
  const ms = performance.now() - began;
  const after = cpuMs();
  const own = after.own - cpu.own;
  const children = after.children - cpu.children;
  const perCpuSecond = (done / (own + children)) * 1000;
  const cores =
    children > 10 ? `${(own / ms).toFixed(2)} + ${(children / ms).toFixed(2)} in bb` : (own / ms).toFixed(2);
  return {
    perSecond: best || (done / ms) * 1000,
    done,
    note: `${Math.round(perCpuSecond).toLocaleString("en-US")} per CPU second; cores busy: ${cores}`,
  };
}

/** Resident bytes after a collection. */
export function residentBytes() {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  return process.memoryUsage().rss;
}
