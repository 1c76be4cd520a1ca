import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createFieldHasher } from "@sprtn/field-hasher";
import { circuitsSettings } from "@sprtn/circuits-client/settings";
import { deploy, encodeDeployment } from "@sprtn/deployment";
import { type Devnet, startDevnet } from "@sprtn/l1-client/devnet";
import { createLogger, type RootLogger } from "@sprtn/observability";
import { systemClock } from "@sprtn/observability/system";
import type { EthAddress, FieldHasher } from "@sprtn/primitives";
import type { CrsKind, Deployment } from "@sprtn/protocol";
import { makeFolder } from "@sprtn/runtime";
import { composeSettings, parseSettings } from "@sprtn/settings";
import { createProofSystem, genesisOf, type ProofSystem } from "@sprtn/wiring";
import { GuardedProcess, type ProcessOptions } from "../process/guarded-process.js";
import { Account, addressOf, keyOf } from "./accounts.js";
import { freePort } from "./free-port.js";
import { shortParameters, VALIDATORS } from "./short-parameters.js";
import { TestNode } from "./test-node.js";

export interface NetworkOptions {
  /** Of the deployment; "test-…" where faults are committed. */
  readonly name: string;
  readonly proofSeconds: number;
  readonly challengeSeconds: number;
  /** Reference string of real proofs; simulated ones, unless told. */
  readonly crs?: CrsKind;
  /** Slots in an epoch, and seconds in a slot, where the usual short ones leave too little time. */
  readonly epochSlots?: number;
  readonly slotSeconds?: number;
}

export type Environment = Readonly<Record<string, string>>;

/** Code that was compiled before: a program loads in two thirds of the time with it. */
const COMPILE_CACHE = fileURLToPath(new URL("../../../../node_modules/.cache/sprtn-e2e", import.meta.url));

const mainOf = (app: string) => fileURLToPath(new URL(`../../../${app}/dist/main.js`, import.meta.url));

/** Every node looks often: slots are short, and L1 is on the same machine. */
const quick: Environment = {
  ARCHIVER_POLLING_INTERVAL_MS: "250",
  L1_POLLING_INTERVAL: "200ms",
  VALIDATOR_ATTESTATIONS_POLLING_INTERVAL_MS: "50",
  PROVER_NODE_POLLING_INTERVAL_MS: "500",
  P2P_MIN_PEERS: "5",
  SEQ_MIN_TX_PER_BLOCK: "0",
};

/** A network of processes on a devnet, all in one separate folder; nothing of it outlives this process. */
export class TestNetwork {
  readonly nodes: TestNode[] = [];
  readonly #others: (GuardedProcess | TestNode)[] = [];

  /** Where logs and data are. */
  readonly directory: string;
  readonly devnet: Devnet;
  readonly deployment: Deployment;
  readonly hasher: FieldHasher & { close(): void };
  readonly logger: RootLogger;
  readonly proofs: ProofSystem;

  private constructor(
    parts: Pick<TestNetwork, "directory" | "devnet" | "deployment" | "hasher" | "logger" | "proofs">,
  ) {
    this.directory = parts.directory;
    this.devnet = parts.devnet;
    this.deployment = parts.deployment;
    this.hasher = parts.hasher;
    this.logger = parts.logger;
    this.proofs = parts.proofs;
  }

  /** Starts L1 and deploys; no node runs yet. */
  static async create({
    name,
    crs = null,
    ...times
  }: Omit<NetworkOptions, "crs"> & { readonly crs?: CrsKind | null }): Promise<TestNetwork> {
    const directory = await mkdtemp(join(tmpdir(), `sprtn-e2e-${name}-`));
    const logger = createLogger(
      { clock: systemClock },
      {
        logLevel: "warn",
        logFormat: "human",
        logFile: join(directory, "test.log"),
        logOutputFile: undefined,
        logFileMaxMb: 50,
        logFileCount: 1,
      },
      "e2e",
    );
    const hasher = await createFieldHasher({ logger }, { kind: "simd" });
    const devnet = await startDevnet({
      blockTimeSeconds: 1,
      slotsInAnEpoch: 2,
      accounts: Account.FIRST_VALIDATOR + VALIDATORS + 1,
    });
    const parameters = shortParameters(times, systemClock.nowMs());
    const validators = Array.from({ length: VALIDATORS }, (_, index) => addressOf(Account.FIRST_VALIDATOR + index));
    const genesis = genesisOf(hasher, parameters);
    const proofs = await createProofSystem(
      { clock: systemClock, hasher, logger },
      parseSettings(composeSettings({ circuits: circuitsSettings }), { env: {} }).settings.circuits,
      crs,
    );
    const deployment = await deploy(
      { url: devnet.url, clock: systemClock, logger },
      {
        name,
        deployerKey: keyOf(Account.DEPLOYER),
        parameters,
        validators,
        genesis,
        crs,
        keyTreeRoot: proofs.keys.root(),
      },
    );
    await writeFile(join(directory, "deployment.json"), encodeDeployment(deployment));
    return new TestNetwork({ directory, devnet, deployment, hasher, logger, proofs });
  }

  get runningNodes(): readonly TestNode[] {
    return this.nodes.filter(node => node.running);
  }

  /** The first `VALIDATORS` nodes are the validators, in this order. */
  validatorAddress(index: number): EthAddress {
    return addressOf(Account.FIRST_VALIDATOR + index);
  }

  validatorEnvironment(index: number): Environment {
    return { SEQ_PUBLISHER_PRIVATE_KEY: keyOf(Account.FIRST_VALIDATOR + index) };
  }

  /** A node that knows the deployment from its file. */
  startNode(name: string, flags: readonly string[], env: Environment = {}): Promise<TestNode> {
    return this.startJoiningNode(name, flags, { DEPLOYMENT_FILE: join(this.directory, "deployment.json"), ...env });
  }

  /** A node that knows only `env` of the network. */
  startJoiningNode(name: string, flags: readonly string[], env: Environment): Promise<TestNode> {
    return this.#startNode(this.nodes, { name, flags, env });
  }

  /** A node without a chain at which the others find one another. */
  startBootstrap(env: Environment = {}): Promise<TestNode> {
    return this.#startNode(this.#others, {
      name: "bootstrap",
      flags: ["--p2p-bootstrap"],
      env: { DEPLOYMENT_FILE: join(this.directory, "deployment.json"), ...env },
    });
  }

  /** Another program of the network. */
  startApp(name: string, app: string, env: Environment): GuardedProcess {
    const started = new GuardedProcess(
      this.#process({ name, app, args: [] }, { ETHEREUM_HOST: this.devnet.url, L1_POLLING_INTERVAL: "200ms", ...env }),
    );
    this.#others.push(started);
    return started;
  }

  /** Where what a program writes is kept. */
  logFile(name: string): string {
    return join(this.directory, `${name}.log`);
  }

  /** Programs that ended without being asked to, with what they said last. */
  crashes(): string[] {
    return [...this.nodes, ...this.#others]
      .filter(({ crashed }) => crashed)
      .map(({ name, tail }) => `${name} ended by itself:\n${tail.join("\n")}`);
  }

  /** The last lines of every program. */
  tails(lines: number): string {
    return [...this.nodes, ...this.#others]
      .map(({ name, tail }) => `--- ${name}\n${tail.slice(-lines).join("\n")}`)
      .join("\n");
  }

  /** Ends every program but L1; what they left on disk can then be read. */
  async stopPrograms(): Promise<void> {
    const outcomes = await Promise.allSettled([...this.nodes, ...this.#others].map(program => program.stop()));
    const failure = outcomes.find(outcome => outcome.status === "rejected");
    if (failure !== undefined) throw failure.reason;
  }

  /** Ends everything; the folder with the logs stays if `keep` is set. */
  async close(keep: boolean): Promise<void> {
    try {
      await this.stopPrograms();
    } finally {
      await this.devnet.stop();
      await this.proofs.close();
      this.hasher.close();
      await this.logger.close();
      if (!keep && existsSync(this.directory)) await rm(this.directory, { recursive: true, force: true });
    }
  }

  async #startNode(
    among: { push(node: TestNode): unknown },
    { name, flags, env }: { readonly name: string; readonly flags: readonly string[]; readonly env: Environment },
  ): Promise<TestNode> {
    const dataDirectory = join(this.directory, name, "data");
    let ports: Environment | undefined;
    const node = new TestNode({ name, dataDirectory }, async () => {
      await makeFolder(dataDirectory, { mkdir, stat, dirname });
      // The same at every start: others know this node by them.
      ports ??= {
        AZTEC_PORT: String(await freePort()),
        P2P_TCP_LISTEN_ADDR: `127.0.0.1:${await freePort()}`,
        P2P_UDP_LISTEN_ADDR: `127.0.0.1:${await freePort()}`,
      };
      return this.#process(
        { name, app: "node", args: flags },
        { ...quick, ...ports, ETHEREUM_HOST: this.devnet.url, DATA_DIRECTORY: dataDirectory, NODE_NAME: name, ...env },
      );
    });
    // Before anything is waited for: nodes that start together stand in the order in which they were asked for.
    among.push(node);
    await node.start();
    return node;
  }

  #process(
    { name, app, args }: { readonly name: string; readonly app: string; readonly args: readonly string[] },
    env: Environment,
  ): ProcessOptions {
    return {
      name,
      command: process.execPath,
      args: ["--enable-source-maps", mainOf(app), ...args],
      env: { PATH: process.env.PATH ?? "", NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
      cwd: this.directory,
      logFile: this.logFile(name),
    };
  }
}
