import { E2eError, E2eErrorCode } from "../e2e-error.js";
import { GossipObserver } from "../watch/gossip-observer.js";
import { NodeWatcher } from "../watch/node-watcher.js";
import { auditGossip } from "../watch/audit-gossip.js";
import { auditL1 } from "../watch/audit-l1.js";
import { auditNullifiers } from "../watch/audit-supply.js";
import { readChain } from "../watch/read-chain.js";
import { readL1History } from "../l1/l1-history.js";
import { Account, keyOf } from "./accounts.js";
import { VALIDATORS } from "./short-parameters.js";
import { type Environment, type NetworkOptions, TestNetwork } from "./test-network.js";
import type { GuardedProcess } from "../process/guarded-process.js";
import type { TestNode } from "./test-node.js";

export interface RunOptions extends NetworkOptions {
  /** Whether anybody proves; agents then prove for the prover node. */
  readonly proving: boolean;
  /** Whether every node is honest: then no node may reject what another gossips. */
  readonly honest?: boolean;
  /** How many; one unless told. */
  readonly agents?: number;
  /** What each has, and the prover node, besides the usual. */
  readonly agentEnvironment?: Readonly<Record<string, string>>;
  readonly proverEnvironment?: Readonly<Record<string, string>>;
  /**
   * Whether nodes are given only the URL of a bootstrap node; else they have the deployment file and the ENR of
   * the hub.
   */
  readonly bootstrap?: boolean;
  /** What a validator has besides its key. */
  readonly validatorEnvironment?: (index: number) => Readonly<Record<string, string>>;
  /** What any program has besides all that, by its name; asked for before its first start. */
  readonly environmentOf?: (name: string, network: TestNetwork) => Promise<Environment>;
}

/** Prover node and agents share it. */
const BROKER_TOKEN = "a-token-for-tests-only";

/**
 * A network with everything that watches it: four validators, a node that they meet at, which proves if anybody does.
 */
export class NetworkRun {
  readonly validators: readonly TestNode[];
  failed = false;
  #stopped = false;

  readonly network: TestNetwork;
  /** The prover node, or a plain one. */
  readonly hub: TestNode;
  readonly watcher: NodeWatcher;
  readonly observer: GossipObserver;
  readonly agents: readonly GuardedProcess[];
  readonly honest: boolean;

  private constructor(parts: Pick<NetworkRun, "network" | "hub" | "watcher" | "observer" | "agents" | "honest">) {
    this.network = parts.network;
    this.hub = parts.hub;
    this.watcher = parts.watcher;
    this.observer = parts.observer;
    this.agents = parts.agents;
    this.honest = parts.honest;
    this.validators = parts.network.nodes.slice(1);
  }

  static async start(options: RunOptions): Promise<NetworkRun> {
    const network = await TestNetwork.create(options);
    try {
      const own = new Map<string, Environment>();
      const names = Array.from({ length: VALIDATORS }, (_, index) => `validator-${index + 1}`);
      for (const name of ["bootstrap", "hub", "prover", ...names])
        own.set(name, (await options.environmentOf?.(name, network)) ?? {});
      const bootstrap = options.bootstrap === true ? await network.startBootstrap(own.get("bootstrap")) : undefined;
      const start = (name: string, flags: readonly string[], common: Environment) => {
        const env = { ...common, ...own.get(name) };
        return bootstrap === undefined
          ? network.startNode(name, flags, env)
          : network.startJoiningNode(name, flags, { ...env, BOOTNODE_URL: bootstrap.url });
      };
      const hub = options.proving
        ? await start("prover", ["--node", "--prover-node"], {
            PROVER_AGENT_ENABLED: "false",
            PROVER_BROKER_TOKEN: BROKER_TOKEN,
            PROVER_PUBLISHER_PRIVATE_KEY: keyOf(Account.PROVER),
            ...options.proverEnvironment,
          })
        : await start("hub", ["--node"], {});
      const agent = (name: string) =>
        network.startApp(name, "prover-agent", {
          PROVER_BROKER_HOST: hub.url,
          PROVER_BROKER_TOKEN: BROKER_TOKEN,
          PROVER_AGENT_POLL_INTERVAL_MS: "100",
          PROVER_AGENT_NAME: name,
          ...options.agentEnvironment,
        });
      const agents = options.proving
        ? Array.from({ length: options.agents ?? 1 }, (_, index) => agent(`agent-${index + 1}`))
        : [];
      const enr = (await (bootstrap ?? hub).api.getEncodedEnr()) ?? "";
      const common = {
        ...(options.proving ? { PROVER_CLIENT_URL: hub.url } : {}),
        ...(bootstrap === undefined ? { BOOTSTRAP_NODES: enr } : {}),
      };
      const env = (index: number) => ({
        ...common,
        ...network.validatorEnvironment(index),
        ...options.validatorEnvironment?.(index),
      });
      await Promise.all(names.map((name, index) => start(name, ["--node", "--sequencer"], env(index))));
      const observer = new GossipObserver(network, [enr]);
      await observer.start();
      const watcher = new NodeWatcher(network);
      await watcher.start();
      return new NetworkRun({ network, hub, watcher, observer, agents, honest: options.honest === true });
    } catch (error) {
      process.stdout.write(`${network.tails(20)}\n`);
      await network.close(true);
      throw error;
    }
  }

  validator(index: number): TestNode {
    const node = this.validators[index];
    if (node === undefined)
      throw new E2eError(E2eErrorCode.NOT_RUNNING, `no validator ${index}: there are ${this.validators.length}`);
    return node;
  }

  /**
   * Checks all that can be checked at any time: INV-1 to 4, 6, 7, that no program has crashed, and that no honest node
   * has rejected what another one sent.
   */
  async check(): Promise<void> {
    const { network, watcher, observer } = this;
    if (this.#stopped) return;
    const crashes = network.crashes();
    if (crashes.length > 0) throw new E2eError(E2eErrorCode.PROCESS_ENDED, crashes.join("\n"));
    watcher.check();
    observer.check();
    auditL1(await readL1History(network), network.deployment);
    auditNullifiers(await readChain(this.hub.api));
    if (this.honest) await auditGossip(network.runningNodes);
  }

  /** Checks once more, then ends every program, so that what they keep on disk can be read. */
  async stopPrograms(): Promise<void> {
    if (this.#stopped) return;
    if (!this.failed) await this.check();
    this.#stopped = true;
    await this.watcher.stop();
    await this.observer.stop();
    await this.network.stopPrograms();
  }

  /**
   * Ends everything. After a failure, or with E2E_KEEP_LOGS, the logs stay; after a failure the last lines of each are
   * printed.
   */
  async end(): Promise<void> {
    if (this.failed) process.stdout.write(`${this.network.tails(25)}\nlogs: ${this.network.directory}\n`);
    try {
      await this.stopPrograms();
    } finally {
      await this.network.close(this.failed || process.env.E2E_KEEP_LOGS !== undefined);
    }
  }
}
