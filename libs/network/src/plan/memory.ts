import { counted } from "@sprtn/primitives";
import { NetworkError, NetworkErrorCode } from "../network-error.js";
import type { NetworkParameters } from "./network-parameters.js";
import type { PlannedProcess } from "./planned-process.js";

const GIB = 2 ** 30;

/** What processes need together. */
export function memoryNeeded(processes: readonly PlannedProcess[]): number {
  return processes.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
}

/** @throws NO_MEMORY if the processes need more than there is */
export function checkMemory(
  processes: readonly PlannedProcess[],
  {
    freeBytes,
    parameters: { cluster, proving },
  }: { readonly freeBytes: number; readonly parameters: Pick<NetworkParameters, "cluster" | "proving"> },
): void {
  const needed = memoryNeeded(processes);
  if (needed <= freeBytes) return;
  const running = processes.filter(({ memoryBytes }) => memoryBytes > 0).length;
  const remedy =
    proving === "real"
      ? "prove with --proving simulated, lower --agents or --sequencers, or use a larger machine"
      : cluster === "dense"
        ? "lower --sequencers, or use a larger machine"
        : "lower --sequencers, or share processes among validators with --cluster dense";
  throw new NetworkError(
    NetworkErrorCode.NO_MEMORY,
    `${counted(running, "process", "processes")} cannot start: ${gib(needed, Math.ceil)} GiB of memory are needed, ` +
      `and ${gib(freeBytes, Math.floor)} GiB are free: ${remedy}`,
  );
}

/** Rounded so that what is needed never looks like what is there. */
function gib(bytes: number, round: (value: number) => number): string {
  return (round((10 * bytes) / GIB) / 10).toFixed(1);
}
