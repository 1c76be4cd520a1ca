import { DevnetControl } from "@sprtn/l1-client/devnet";
import { type FaultControl, LoadError, LoadErrorCode, type RunningFault, type ScenarioFault } from "@sprtn/load";
import { ProcessFaults } from "@sprtn/network";
import type { Logger } from "@sprtn/ports";
import type { LoadTarget } from "./load-target.js";

const TIMES = { endMs: 45_000, readyMs: 180_000 };
/** L1 calls a block final when it has as many above it: a deeper reorg is one that no node has to survive. */
const FINAL_DEPTH = 4;

/** Breaks a network that `deployer network up` started on this machine. */
export class NetworkFaults implements FaultControl {
  readonly #processes: ProcessFaults;
  readonly #target: LoadTarget;
  readonly #l1: DevnetControl;
  readonly #logger: Logger;
  /** Restoring starts whatever does not run: one fault's end must not end another one. */
  readonly #away = new Set<string>();

  constructor(dependencies: { readonly target: LoadTarget; readonly chainId: bigint; readonly logger: Logger }) {
    this.#target = dependencies.target;
    const { host, directory, l1Url } = dependencies.target;
    this.#processes = new ProcessFaults(host, { directory, ...TIMES });
    this.#l1 = new DevnetControl({ url: l1Url, chainId: dependencies.chainId });
    this.#logger = dependencies.logger;
  }

  async check(fault: ScenarioFault): Promise<void> {
    if (fault.do === "l1-reorg" && fault.depth >= FINAL_DEPTH)
      throw new LoadError(
        LoadErrorCode.BAD_SCENARIO,
        `a reorg of ${fault.depth} blocks would take back what L1 has made final (${FINAL_DEPTH} blocks): give less`,
      );
    for (const name of this.#names(fault)) await this.#processes.planned(name);
  }

  async begin(fault: ScenarioFault): Promise<RunningFault> {
    switch (fault.do) {
      case "stop":
      case "prover-stop":
        return this.#end(this.#names(fault), "SIGTERM");
      case "kill":
      case "agent-kill":
        return this.#end(this.#names(fault), "SIGKILL");
      case "pause":
        await this.#processes.pause(fault.node);
        return { heal: () => this.#processes.resume(fault.node) };
      case "l1-pause":
        await this.#l1.setBlockTime(0);
        return { heal: () => this.#l1.setBlockTime(1) };
      case "l1-reorg":
        await this.#l1.reorg(fault.depth);
        return { heal: async () => {} };
    }
  }

  /** Lets go of L1. */
  close(): void {
    this.#l1.provider.destroy();
  }

  #names(fault: ScenarioFault): readonly string[] {
    switch (fault.do) {
      case "prover-stop":
        return this.#named("prover");
      case "agent-kill":
        return this.#named("agent").slice(0, 1);
      default:
        return "node" in fault ? [fault.node] : [];
    }
  }

  /** @throws LoadError BAD_SCENARIO if the network has none */
  #named(role: "prover" | "agent"): readonly string[] {
    const names = this.#target.record.plan.processes.filter(process => process.role === role).map(({ name }) => name);
    if (names.length > 0) return names;
    throw new LoadError(
      LoadErrorCode.BAD_SCENARIO,
      `this network has no ${role} of its own: start one with --${role}s 1`,
    );
  }

  async #end(names: readonly string[], signal: "SIGTERM" | "SIGKILL"): Promise<RunningFault> {
    for (const name of names) this.#away.add(name);
    for (const name of names) await this.#processes.end(name, signal);
    return {
      heal: async () => {
        for (const name of names) this.#away.delete(name);
        // Another fault still wants its process away: that one's end brings all of them back.
        if (this.#away.size > 0) return;
        await this.#processes.restore(AbortSignal.timeout(TIMES.readyMs), line => this.#logger.verbose(line));
      },
    };
  }
}
