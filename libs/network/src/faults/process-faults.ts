import { sleep } from "@sprtn/runtime";
import type { NetworkHost } from "../host/network-host.js";
import { bringUp } from "../local/bring-up.js";
import { requireRecord } from "../local/take-down.js";
import { runningProcess } from "../local/running-process.js";
import { NetworkError, NetworkErrorCode } from "../network-error.js";
import type { PlannedProcess } from "../plan/planned-process.js";

/** How long a process has to end, and a network to be whole again. */
export interface ProcessFaultTimes {
  readonly endMs: number;
  readonly readyMs: number;
}

const LOOK_EVERY_MS = 100;

/** Takes processes of a network that runs, and brings them back: for load tests. */
export class ProcessFaults {
  readonly #host: NetworkHost;

  constructor(
    host: NetworkHost,
    private readonly options: ProcessFaultTimes & { readonly directory: string },
  ) {
    this.#host = host;
  }

  /** The process of that name. @throws UNKNOWN_NAME */
  async planned(name: string): Promise<PlannedProcess> {
    const { plan } = await requireRecord(this.#host, this.options.directory);
    const planned = plan.processes.find(process => process.name === name);
    if (planned !== undefined && planned.role !== "deploy") return planned;
    const names = plan.processes.filter(({ role }) => role !== "deploy").map(process => process.name);
    throw new NetworkError(
      NetworkErrorCode.UNKNOWN_NAME,
      `the network has no process ${name}: give one of ${names.join(", ")}`,
      { name, names },
    );
  }

  /** Ends it with SIGTERM, or at once as a crash would. Resolves when it is gone. @throws UNKNOWN_NAME, NOT_STOPPED */
  async end(name: string, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const identity = await this.#running(name);
    if (identity === undefined) return;
    const { processes, clock } = this.#host;
    await processes.signal(identity, signal);
    const untilMs = clock.steadyMs() + this.options.endMs;
    while (await processes.isRunning(identity)) {
      if (clock.steadyMs() > untilMs)
        throw new NetworkError(
          NetworkErrorCode.NOT_STOPPED,
          `${name} did not end within ${this.options.endMs / 1000} s of ${signal}: see with ps what it waits for`,
          { name },
        );
      await sleep(clock, LOOK_EVERY_MS);
    }
  }

  /** It neither runs nor ends until {@link resume}. @throws UNKNOWN_NAME */
  async pause(name: string): Promise<void> {
    const identity = await this.#running(name);
    if (identity !== undefined) await this.#host.processes.signal(identity, "SIGSTOP");
  }

  /** @throws UNKNOWN_NAME */
  async resume(name: string): Promise<void> {
    const identity = await this.#running(name);
    if (identity !== undefined) await this.#host.processes.signal(identity, "SIGCONT");
  }

  /** Starts whatever of the network does not run, and waits until it is ready. @throws NetworkError */
  async restore(signal: AbortSignal, onProgress: (line: string) => void): Promise<void> {
    const { directory, readyMs } = this.options;
    await bringUp(this.#host, { directory, given: {}, waitMs: readyMs, signal, onProgress });
  }

  async #running(name: string) {
    const { directory } = this.options;
    const planned = await this.planned(name);
    return runningProcess(this.#host, { directory, planned }, await requireRecord(this.#host, directory));
  }
}
