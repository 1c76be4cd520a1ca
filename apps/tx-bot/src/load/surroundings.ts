import { execFile } from "node:child_process";
import { availableParallelism, cpus, totalmem } from "node:os";
import { promisify } from "node:util";
import type { LoadReport } from "@sprtn/load";

/** The machine that measures. */
export function machine(): LoadReport["machine"] {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
}

/** The commit of this checkout, with `+` behind it if files differ; null where there is none. */
export async function commitOf(folder: string): Promise<string | null> {
  const git = async (...args: readonly string[]) =>
    (await promisify(execFile)("git", ["-C", folder, ...args])).stdout.trim();
  try {
    const commit = await git("rev-parse", "HEAD");
    return (await git("status", "--porcelain")) === "" ? commit : `${commit}+`;
  } catch {
    // Installed from a package, or no git here.
    return null;
  }
}
