import { join } from "node:path";
import { withLock } from "@sprtn/host";
import { DEVNET_MNEMONIC } from "@sprtn/l1-client/devnet";
import { isAbortError } from "@sprtn/runtime";
import { NetworkError, NetworkErrorCode } from "../network-error.js";
import { parameterNotices } from "../plan/check-parameters.js";
import { differences, type GivenParameters, parametersFrom } from "../plan/network-parameters.js";
import { type NetworkPlan, planNetwork } from "../plan/network-plan.js";
import { checkMemory } from "../plan/memory.js";
import type { PlannedProcess, SecretName } from "../plan/planned-process.js";
import { awaitEnd, awaitReady, failed } from "./await-ready.js";
import {
  type NetworkRecord,
  lockPath,
  type ProcessRecord,
  readRecord,
  recordPath,
  writeRecord,
} from "./network-file.js";
import { runningProcess } from "./running-process.js";
import type { NetworkHost } from "../host/network-host.js";

/** Which network, and who listens. */
export interface UpOptions {
  readonly directory: string;
  readonly given: GivenParameters;
  /** How long a wave may take. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Hears what happens, a line at a time. */
  readonly onProgress: (line: string) => void;
}

/** What runs afterwards. */
export interface UpResult {
  readonly plan: NetworkPlan;
  /** What was started now. */
  readonly started: readonly string[];
}

/**
 * Starts every process of a network that does not run, in waves. Interrupted or failed, it leaves running what runs:
 * the same command goes on from there.
 * @throws NetworkError
 */
export async function bringUp(host: NetworkHost, options: UpOptions): Promise<UpResult> {
  const { directory, given, onProgress } = options;
  const existing = await readRecord(host.files, directory);
  if (existing === undefined) await assertEmpty(host, directory);
  else assertSame(existing.plan, given);
  const plan = existing?.plan ?? planNetwork(parametersFrom(given), { cores: host.cores });
  for (const notice of parameterNotices(plan.parameters)) onProgress(notice);
  // Before anything is written.
  if (existing === undefined) await assertRoom(host, directory, { plan, processes: {} });
  await host.files.makeFolder(directory);
  return withLock(host, lockPath(directory), async () => {
    // Another command may have been faster.
    const found = await readRecord(host.files, directory);
    if (found !== undefined) assertSame(found.plan, given);
    if (found !== undefined) await assertRoom(host, directory, found);
    const record = found ?? { plan, processes: {} };
    if (found === undefined) await writeRecord(host.files, directory, record);
    return new Start(host, options, record).run();
  });
}

/** One run of {@link bringUp}. */
class Start {
  readonly #started: string[] = [];
  readonly #host: NetworkHost;

  constructor(
    dependencies: NetworkHost,
    private readonly options: UpOptions,
    private record: NetworkRecord,
  ) {
    this.#host = dependencies;
  }

  async run(): Promise<UpResult> {
    const { plan } = this.record;
    for (const wave of plan.waves) {
      try {
        await this.#wave(plan.processes.filter(({ name }) => wave.includes(name)));
      } catch (error) {
        if (isAbortError(error)) this.options.onProgress("interrupted: what was started goes on running");
        throw error;
      }
    }
    return { plan, started: this.#started };
  }

  async #wave(wave: readonly PlannedProcess[]): Promise<void> {
    const { waitMs, directory, signal, onProgress } = this.options;
    const before = this.#started.length;
    for (const planned of wave) await this.#start(planned);
    const untilMs = this.#host.clock.steadyMs() + waitMs;
    await Promise.all(
      wave.map(async planned => {
        const identity = this.record.processes[planned.name];
        if (identity === undefined) return;
        const awaited = { directory, planned, identity, untilMs, signal };
        if (planned.role !== "deploy") return awaitReady(this.#host, awaited);
        await awaitEnd(this.#host, awaited);
        if (!(await this.#isDeployed()))
          throw await failed(this.#host, awaited, { code: NetworkErrorCode.PROCESS_ENDED, what: "failed" });
        await this.#keepL1();
      }),
    );
    const fresh = this.#started.slice(before);
    if (fresh.length > 0) onProgress(`${fresh.join(", ")}: ready`);
  }

  async #start(planned: PlannedProcess): Promise<void> {
    const { directory, signal } = this.options;
    if (planned.role === "deploy" && (await this.#isDeployed())) return;
    const running = await runningProcess(this.#host, { directory, planned }, this.record);
    if (running !== undefined) return this.#note(planned.name, running);
    signal.throwIfAborted();
    await assertPortsFree(this.#host, [planned]);
    const folder = join(directory, planned.name);
    const identity = await this.#host.processes.start({
      program: planned.program,
      args: planned.args,
      environment: { ...planned.environment, ...(await this.#secrets(planned.secrets)) },
      folder,
      logFile: join(folder, "log"),
    });
    this.#started.push(planned.name);
    // At once: not every system tells of a process that is not in there.
    await this.#note(planned.name, { ...identity, atMs: this.#host.clock.nowMs() });
  }

  async #note(name: string, running: ProcessRecord): Promise<void> {
    if (this.record.processes[name] === running) return;
    this.record = { ...this.record, processes: { ...this.record.processes, [name]: running } };
    await writeRecord(this.#host.files, this.options.directory, this.record);
  }

  /** What was just deployed outlives a crash of L1, which otherwise keeps its state every half a minute. */
  async #keepL1(): Promise<void> {
    const l1 = this.record.processes.l1;
    if (l1 !== undefined) await this.#host.processes.signal(l1, "SIGHUP");
  }

  async #isDeployed(): Promise<boolean> {
    return (await this.#host.files.read(join(this.options.directory, "deployment.json"))) !== undefined;
  }

  async #secrets(names: readonly SecretName[]): Promise<Record<string, string>> {
    const values: Record<string, string> = {};
    for (const name of names)
      // The L1 is a devnet: its keys are known to everyone.
      values[name] = name === "MNEMONIC" ? DEVNET_MNEMONIC : await this.#token();
    return values;
  }

  /** Made at the first start, and kept. */
  async #token(): Promise<string> {
    const path = join(this.options.directory, "broker-token");
    const kept = await this.#host.files.read(path);
    if (kept !== undefined) return kept.trim();
    const token = this.#host.newToken();
    await this.#host.files.replace(path, `${token}\n`);
    return token;
  }
}

async function assertEmpty({ files }: NetworkHost, directory: string): Promise<void> {
  const names = await files.list(directory);
  // A start that was killed at once leaves its lock.
  const foreign = names?.filter(name => !name.startsWith("network."));
  if (foreign !== undefined && foreign.length > 0)
    throw new NetworkError(
      NetworkErrorCode.NOT_A_NETWORK,
      `${directory} holds other things (${foreign.slice(0, 3).join(", ")}) and no ${recordPath(".")}: give an empty ` +
        "or a new directory with --dir",
      { path: directory },
    );
}

/** A network continues as it was deployed. */
function assertSame({ parameters }: NetworkPlan, given: GivenParameters): void {
  const other = differences(given, parameters);
  if (other.length > 0)
    throw new NetworkError(
      NetworkErrorCode.OTHER_PARAMETERS,
      `a network continues as it was deployed, and this one differs: ${other.join(", ")}. Leave these out, or give ` +
        "another --dir, or remove the network first (network down --purge)",
      { names: other },
    );
}

async function assertRoom(host: NetworkHost, directory: string, record: NetworkRecord): Promise<void> {
  const missing: PlannedProcess[] = [];
  for (const planned of record.plan.processes)
    if ((await runningProcess(host, { directory, planned }, record)) === undefined) missing.push(planned);
  checkMemory(missing, { freeBytes: host.freeBytes(), parameters: record.plan.parameters });
  await assertPortsFree(host, missing);
}

async function assertPortsFree(host: NetworkHost, processes: readonly PlannedProcess[]): Promise<void> {
  const taken: number[] = [];
  for (const { port, p2pPort } of processes)
    for (const each of [port, p2pPort]) {
      if (each === undefined) continue;
      // Gossip uses both.
      const isTaken =
        (await host.isPortTaken(each, "tcp")) || (each === p2pPort && (await host.isPortTaken(each, "udp")));
      if (isTaken) taken.push(each);
    }
  if (taken.length > 0)
    throw new NetworkError(
      NetworkErrorCode.PORT_TAKEN,
      `${taken.length === 1 ? "port" : "ports"} ${taken.slice(0, 5).join(", ")} of this machine ` +
        `${taken.length === 1 ? "is" : "are"} in use: end what listens there, or give a new network other ports with ` +
        "--port-offset",
    );
}
