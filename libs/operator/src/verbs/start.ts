import { lastLines } from "@sprtn/host";
import { sleep } from "@sprtn/runtime";
import type { OperatorHost } from "../host/operator-host.js";
import { requireInstalled } from "../installation/read-installation.js";
import { type NodeProgram, traitsOf } from "../installation/role.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";
import { isRunning, logPath, readRunRecord, type RunRecord, runPath } from "../supervise/run-record.js";
import { withRunLock } from "../supervise/with-run-lock.js";
import { readiness } from "./readiness.js";

const LOOK_EVERY_MS = 100;
/** A supervisor notes its node at once; a busy machine may take a while to load it. */
const NOTE_MS = 30_000;

/** What keeps a node from being ready until somebody else acts, for hours: as a place in the validator set. */
const forOthers: ReadonlySet<string> = new Set(["SEQUENCER_KEY_IN_NO_SET"]);

/** Which node, and for what to wait. */
export interface StartOptions {
  readonly directory: string;
  /** The compiled main of each program. */
  readonly mains: Readonly<Record<NodeProgram, string>>;
  /** How long the node may take to be ready; absent: it is enough that it was started. */
  readonly waitMs?: number | undefined;
  readonly signal: AbortSignal;
}

/** What was started. */
export interface StartResult {
  readonly name: string;
  readonly pid: number;
  readonly rpcUrl?: string | undefined;
  readonly ready: boolean;
  /** It does its part, and waits for others; how to make them act. */
  readonly waitsFor?: string | undefined;
}

/**
 * Starts a node under a supervisor, which goes on without us.
 * @throws OperatorError NOT_INSTALLED, RUNNING, UNSUPPORTED, ENDED, NOT_READY; HostError BUSY, FILE_ACCESS, NOT_STARTED
 */
export async function start(host: OperatorHost, options: StartOptions): Promise<StartResult> {
  const { directory, mains, waitMs, signal } = options;
  const node = await requireInstalled(host.files, directory);
  assertNative(node.mode);
  const record = await withRunLock(host, directory, async () => {
    await assertStopped(host, directory);
    const supervisor = await host.processes.start({
      program: "supervisor",
      args: [directory, mains[traitsOf(node.role).program]],
      environment: {},
      folder: runPath(directory, ""),
      logFile: runPath(directory, "supervisor.log"),
    });
    const noted = (found: RunRecord | undefined) =>
      found?.supervisor.pid === supervisor.pid && found.node !== undefined;
    return awaitRecord(host, options, { noted, untilMs: host.clock.steadyMs() + NOTE_MS });
  });
  const { name, rpcUrl } = node;
  const pid = record.node?.pid as number;
  if (waitMs === undefined || rpcUrl === undefined) return { name, pid, rpcUrl, ready: false };
  const untilMs = host.clock.steadyMs() + waitMs;
  for (;;) {
    const now = await readiness(host, rpcUrl);
    if (now?.ready === true) return { name, pid, rpcUrl, ready: true };
    if (now !== undefined && forOthers.has(now.code)) return { name, pid, rpcUrl, ready: false, waitsFor: now.reason };
    await assertAlive(host, directory);
    if (host.clock.steadyMs() >= untilMs) {
      const why = now === undefined ? "it does not answer" : `${now.code}: ${now.reason}`;
      throw new OperatorError(
        OperatorErrorCode.NOT_READY,
        `${name} is not ready after ${waitMs / 1000} s (${why}): it goes on; \`sprtn status\` shows it, and ` +
          "`sprtn logs` says more",
      );
    }
    await sleep(host.clock, LOOK_EVERY_MS, signal);
  }
}

/** @throws UNSUPPORTED for a node that docker runs */
export function assertNative(mode: string): void {
  if (mode === "docker")
    throw new OperatorError(
      OperatorErrorCode.UNSUPPORTED,
      "this node is set up for docker: use `docker compose up -d`, `docker compose logs -f` and " +
        "`docker compose down` in its folder, or set it up with --mode native",
    );
}

/** @throws RUNNING if a node of this folder, or its supervisor, runs */
export async function assertStopped(host: OperatorHost, directory: string): Promise<void> {
  const record = await readRunRecord(host.files, directory);
  const [supervised, alone] = [await isRunning(host, record?.supervisor), await isRunning(host, record?.node)];
  if (supervised || alone)
    throw new OperatorError(
      OperatorErrorCode.RUNNING,
      `this node runs already (process ${(alone ? record?.node : record?.supervisor)?.pid}` +
        `${supervised ? "" : ", without a supervisor"}): \`sprtn stop\` ends it, \`sprtn restart\` starts it anew`,
    );
}

/** @throws ENDED with the end of its log if it has ended, or crashed as it was started */
async function assertAlive(host: OperatorHost, directory: string): Promise<void> {
  const record = await readRunRecord(host.files, directory);
  if (record !== undefined && (record.state === "running" || record.state === "waiting")) {
    if (await isRunning(host, record.supervisor)) return;
  }
  const path = logPath(directory);
  const end = record?.lastEnd;
  const how = end === undefined ? "" : end.signal === null ? ` with code ${end.code}` : ` by ${end.signal}`;
  throw new OperatorError(
    OperatorErrorCode.ENDED,
    `the node has ended${how}: mend what it says, and start it again. The end of ${path}:\n` +
      (await lastLines(host.files, path)).join("\n"),
    { path },
  );
}

async function awaitRecord(
  host: OperatorHost,
  { directory, signal }: StartOptions,
  until: { readonly noted: (record: RunRecord | undefined) => boolean; readonly untilMs: number },
): Promise<RunRecord> {
  for (;;) {
    const record = await readRunRecord(host.files, directory);
    if (record !== undefined && until.noted(record)) return record;
    if (host.clock.steadyMs() >= until.untilMs) {
      const path = runPath(directory, "supervisor.log");
      throw new OperatorError(
        OperatorErrorCode.ENDED,
        `the node's supervisor has not started it: see that the machine has memory left. The end of ${path}:\n` +
          (await lastLines(host.files, path)).join("\n"),
        { path },
      );
    }
    await sleep(host.clock, LOOK_EVERY_MS, signal);
  }
}
