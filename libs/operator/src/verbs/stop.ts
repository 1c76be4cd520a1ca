import { HostError, HostErrorCode, type ProcessIdentity } from "@sprtn/host";
import { sleep } from "@sprtn/runtime";
import type { OperatorHost } from "../host/operator-host.js";
import { requireInstalled } from "../installation/read-installation.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";
import { isRunning, readRunRecord } from "../supervise/run-record.js";
import { withRunLock } from "../supervise/with-run-lock.js";
import { assertNative } from "./start.js";

const LOOK_EVERY_MS = 100;
/** After SIGKILL: a process that waits for its disk may take a moment. */
const KILL_MS = 10_000;

/** Which node, and how long it may take. */
export interface StopOptions {
  readonly directory: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What had to be done: a node that did not end in time was killed. */
export interface StopResult {
  readonly name: string;
  readonly wasRunning: boolean;
  readonly killed: boolean;
}

/**
 * Ends a node and its supervisor: SIGTERM, and SIGKILL for what has not ended in time.
 * @throws OperatorError NOT_INSTALLED, UNSUPPORTED, NOT_STOPPED; HostError BUSY, FILE_ACCESS
 */
export async function stop(host: OperatorHost, options: StopOptions): Promise<StopResult> {
  const { directory, timeoutMs } = options;
  const { name, mode } = await requireInstalled(host.files, directory);
  assertNative(mode);
  const work = async (): Promise<StopResult> => {
    const record = await readRunRecord(host.files, directory);
    const processes = [record?.supervisor, record?.node].filter(each => each !== undefined);
    const before = await running(host, processes);
    if (before.length === 0) return { name, wasRunning: false, killed: false };
    // A supervisor ends its node first; a node whose supervisor was killed is told directly.
    const [first] = before as [ProcessIdentity];
    await host.processes.signal(first, "SIGTERM");
    const late = await stillRunning(host, before, { ...options, timeoutMs });
    for (const identity of late.toReversed()) await host.processes.signal(identity, "SIGKILL");
    const left = await stillRunning(host, late, { ...options, timeoutMs: KILL_MS });
    if (left.length > 0)
      throw new OperatorError(
        OperatorErrorCode.NOT_STOPPED,
        `${name} did not end (processes ${left.map(({ pid }) => pid).join(", ")}): see with ps what it waits for, ` +
          "and try again",
      );
    return { name, wasRunning: true, killed: late.length > 0 };
  };
  return withRunLock(host, directory, work).catch((error: unknown) => {
    // Where nothing can be written, no other command can begin either.
    if (error instanceof HostError && error.code === HostErrorCode.DISK_FULL) return work();
    throw error;
  });
}

async function stillRunning(
  host: OperatorHost,
  processes: readonly ProcessIdentity[],
  { timeoutMs, signal }: Pick<StopOptions, "timeoutMs" | "signal">,
): Promise<readonly ProcessIdentity[]> {
  const untilMs = host.clock.steadyMs() + timeoutMs;
  for (;;) {
    const left = await running(host, processes);
    if (left.length === 0 || host.clock.steadyMs() >= untilMs) return left;
    await sleep(host.clock, LOOK_EVERY_MS, signal);
  }
}

async function running(host: OperatorHost, processes: readonly ProcessIdentity[]): Promise<ProcessIdentity[]> {
  const found: ProcessIdentity[] = [];
  for (const each of processes) if (await isRunning(host, each)) found.push(each);
  return found;
}
