import { join } from "node:path";
import type { NetworkHost } from "../host/network-host.js";
import type { PlannedProcess } from "../plan/planned-process.js";
import type { NetworkRecord, ProcessRecord } from "./network-file.js";

/**
 * The process of a network with that name, if it runs: as it is noted, or, if whoever started it was killed before
 * that, as the system knows it.
 */
export async function runningProcess(
  { processes, clock }: Pick<NetworkHost, "processes" | "clock">,
  { directory, planned: { name, program } }: { readonly directory: string; readonly planned: PlannedProcess },
  record: Pick<NetworkRecord, "processes">,
): Promise<ProcessRecord | undefined> {
  const folder = join(directory, name);
  const known = record.processes[name];
  const runs = known !== undefined && (await processes.isRunning(known));
  // The file of a network that was copied names the processes of the other one.
  if (runs && !(await processes.worksElsewhere(known, folder))) return known;
  const found = await processes.startedIn({ folder, program });
  if (found === undefined) return undefined;
  const { pid, started, boot } = found;
  return { pid, started, boot, atMs: clock.nowMs() };
}
