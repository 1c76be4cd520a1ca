// Clocks of a bench: wall, and CPU of this process and of those it started.
import { readdirSync, readFileSync } from "node:fs";

/** CPU milliseconds (user and system) that this process and its children have used; children by /proc, so on Linux only. */
export function cpuMs() {
  const { user, system } = process.cpuUsage();
  return { own: (user + system) / 1000, children: childPids().reduce((sum, pid) => sum + processCpuMs(pid), 0) };
}

function childPids() {
  try {
    return readdirSync("/proc/self/task").flatMap(task => readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" ").filter(Boolean));
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

/** Runs `step` once for each item until `budgetMs` is over. Returns items a second of wall time, and how many cores were busy. */
export async function rate(items, budgetMs, step) {
  const cpu = cpuMs();
  const began = performance.now();
  let done = 0;
  for (const item of items) {
    done += await step(item);
    if (performance.now() - began > budgetMs) break;
  }
  const ms = performance.now() - began;
  const after = cpuMs();
  const own = (after.own - cpu.own) / ms;
  const children = (after.children - cpu.children) / ms;
  return { perSecond: (done / ms) * 1000, done, note: `${own.toFixed(2)} cores${children > 0.01 ? ` + ${children.toFixed(2)} in bb` : ""}` };
}

/** Resident bytes after a collection. */
export function residentBytes() {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  return process.memoryUsage().rss;
}
