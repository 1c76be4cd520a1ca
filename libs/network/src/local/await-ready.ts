import { join } from "node:path";
import { lastLines, type ProcessIdentity } from "@sprtn/host";
import { throwIfAborted, sleep } from "@sprtn/runtime";
import { NetworkError, NetworkErrorCode } from "../network-error.js";
import type { PlannedProcess } from "../plan/planned-process.js";
import type { NetworkHost } from "../host/network-host.js";

const LOOK_EVERY_MS = 250;

/** A process that was started, and until when it has to be ready. */
export interface Awaited {
  readonly directory: string;
  readonly planned: PlannedProcess;
  readonly identity: ProcessIdentity;
  /** By {@link NetworkHost.clock}'s steady time. */
  readonly untilMs: number;
  readonly signal: AbortSignal;
}

/** @throws PROCESS_ENDED, NOT_READY; both with its last lines */
export async function awaitReady(host: NetworkHost, awaited: Awaited): Promise<void> {
  const { planned, identity, untilMs, signal } = awaited;
  for (;;) {
    throwIfAborted("the network's start", signal);
    const missing = await whatIsMissing(host, planned);
    if (missing === undefined) return;
    if (!(await host.processes.isRunning(identity)))
      throw await failed(host, awaited, { code: NetworkErrorCode.PROCESS_ENDED, what: "ended before it was ready" });
    if (host.clock.steadyMs() >= untilMs)
      throw await failed(host, awaited, { code: NetworkErrorCode.NOT_READY, what: `is not ready yet (${missing})` });
    await sleep(host.clock, LOOK_EVERY_MS, signal);
  }
}

/** For a process that does one thing: that it has ended. @throws NOT_READY */
export async function awaitEnd(host: NetworkHost, awaited: Awaited): Promise<void> {
  const { identity, untilMs, signal } = awaited;
  try {
    while (await host.processes.isRunning(identity)) {
      if (host.clock.steadyMs() >= untilMs)
        throw await failed(host, awaited, { code: NetworkErrorCode.NOT_READY, what: "has not ended yet" });
      await sleep(host.clock, LOOK_EVERY_MS, signal);
    }
  } catch (error) {
    // It goes on where it stopped when it is started again.
    await host.processes.signal(identity, "SIGTERM");
    throw error;
  }
}

/** How a process has failed, in words that follow its name. */
interface Failure {
  readonly code: NetworkErrorCode;
  readonly what: string;
}

/** The error, with what the process said last. */
export async function failed(
  host: NetworkHost,
  { directory, planned }: Pick<Awaited, "directory" | "planned">,
  { code, what }: Failure,
): Promise<NetworkError> {
  const log = join(directory, planned.name, "log");
  const lines = await lastLines(host.files, log);
  const remedy =
    code === NetworkErrorCode.NOT_READY
      ? "the others go on; the same command continues, with a longer --wait if the machine is slow"
      : "mend what it says; the same command continues";
  return new NetworkError(code, `${planned.name} ${what}: ${remedy}. The end of ${log}:\n${lines.join("\n")}`, {
    name: planned.name,
  });
}

async function whatIsMissing(host: NetworkHost, { role, port, minPeers }: PlannedProcess): Promise<string | undefined> {
  const url = `http://127.0.0.1:${port}`;
  if (role === "l1") return (await host.isL1Ready(url)) ? undefined : "it does not answer";
  const readiness = await host.readiness(url);
  if (readiness === undefined) return "it does not answer";
  if (!readiness.ready) return `${readiness.code}: ${readiness.reason}`;
  if (minPeers === 0) return undefined;
  const peers = await host
    .node(url)
    .getPeers()
    .catch(() => []);
  return peers.length >= minPeers ? undefined : `it has ${peers.length} of ${minPeers} peers`;
}
