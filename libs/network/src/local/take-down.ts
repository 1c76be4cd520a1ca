import { join } from "node:path";
import { HostError, HostErrorCode, type HostFiles, withLock } from "@sprtn/host";
import { sleep } from "@sprtn/runtime";
import { NetworkError, NetworkErrorCode } from "../network-error.js";
import {
  lockPath,
  type NetworkRecord,
  type ProcessRecord,
  readRecord,
  recordPath,
  writeRecord,
} from "./network-file.js";
import { runningProcess } from "./running-process.js";
import type { NetworkHost } from "../host/network-host.js";

const LOOK_EVERY_MS = 100;
/** After SIGKILL: a process that waits for its disk may take a moment. */
const KILL_MS = 10_000;

/** Which network, how long each wave may take to end in its order, and what remains of it. */
export interface DownOptions {
  readonly directory: string;
  readonly waitMs: number;
  readonly purge: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** What was stopped, and what had to be killed for it. */
export interface DownResult {
  readonly stopped: readonly string[];
  readonly killed: readonly string[];
}

/** Ends every process of a network, in the reverse of their order. @throws NetworkError */
export async function takeDown(host: NetworkHost, options: DownOptions): Promise<DownResult> {
  const { directory, purge } = options;
  await requireRecord(host, directory);
  const work = async () => {
    const stopped = await stopAll(host, options, await requireRecord(host, directory));
    if (purge) await deleteAll(host.files, directory);
    return stopped;
  };
  const result = await withLock(host, lockPath(directory), work).catch((error: unknown) => {
    // Where nothing can be written, no other command can begin either.
    if (!isDiskFull(error)) throw error;
    options.onProgress("the disk is full: that this network has ended is not noted, but seen by the next command");
    return work();
  });
  if (purge) await host.files.removeEmptyFolder(directory);
  return result;
}

/** All but the lock. The record is the last: until then the same command continues after a kill. */
async function deleteAll(files: HostFiles, directory: string): Promise<void> {
  const last = [recordPath(directory), lockPath(directory)];
  for (const name of (await files.list(directory)) ?? []) {
    const path = join(directory, name);
    if (!last.includes(path)) await files.removeAll(path);
  }
  await files.remove(recordPath(directory));
}

/** The network in a directory. @throws NOT_A_NETWORK if there is none, BAD_FILE; HostError FILE_ACCESS */
export async function requireRecord({ files }: NetworkHost, directory: string): Promise<NetworkRecord> {
  const record = await readRecord(files, directory);
  if (record !== undefined) return record;
  throw new NetworkError(
    NetworkErrorCode.NOT_A_NETWORK,
    `there is no network in ${directory} (no ${recordPath(".")}): give its directory with --dir, or start one with ` +
      "`network up`",
    { path: directory },
  );
}

function isDiskFull(error: unknown): boolean {
  return error instanceof HostError && error.code === HostErrorCode.DISK_FULL;
}

type Running = readonly [name: string, ProcessRecord];

async function stopAll(host: NetworkHost, options: DownOptions, record: NetworkRecord): Promise<DownResult> {
  const { directory, onProgress, waitMs, signal } = options;
  const stopped: string[] = [];
  const killed: string[] = [];
  let { processes } = record;
  for (const wave of record.plan.waves.toReversed()) {
    const running: Running[] = [];
    for (const planned of record.plan.processes.filter(({ name }) => wave.includes(name))) {
      const found = await runningProcess(host, { directory, planned }, { processes });
      if (found !== undefined) running.push([planned.name, found]);
    }
    await Promise.all(running.map(([, identity]) => host.processes.signal(identity, "SIGTERM")));
    for (const [name, identity] of await stillRunning(host, running, { waitMs, signal })) {
      onProgress(`${name} did not end within ${waitMs / 1000} s of SIGTERM: SIGKILL`);
      killed.push(name);
      await host.processes.signal(identity, "SIGKILL");
    }
    const left = await stillRunning(host, running, { waitMs: KILL_MS, signal });
    const names = left.map(([name]) => name);
    if (left.length > 0)
      throw new NetworkError(
        NetworkErrorCode.NOT_STOPPED,
        `${names.join(", ")} did not end: see with ps what the process waits for, and try again`,
        { names },
      );
    if (running.length > 0) onProgress(`${running.map(([name]) => name).join(", ")}: ended`);
    stopped.push(...running.map(([name]) => name));
    processes = Object.fromEntries(Object.entries(processes).filter(([name]) => !wave.includes(name)));
    await writeRecord(host.files, directory, { ...record, processes }).catch((error: unknown) => {
      // What has ended is known by itself.
      if (!isDiskFull(error)) throw error;
    });
  }
  return { stopped, killed };
}

/** Which of them still run when the time is over. */
async function stillRunning(
  { clock, processes }: NetworkHost,
  running: readonly Running[],
  { waitMs, signal }: { readonly waitMs: number; readonly signal: AbortSignal },
): Promise<readonly Running[]> {
  const untilMs = clock.steadyMs() + waitMs;
  for (let left = running; ;) {
    const states = await Promise.all(left.map(([, identity]) => processes.isRunning(identity)));
    left = left.filter((_, i) => states[i]);
    if (left.length === 0 || clock.steadyMs() >= untilMs) return left;
    await sleep(clock, LOOK_EVERY_MS, signal);
  }
}
