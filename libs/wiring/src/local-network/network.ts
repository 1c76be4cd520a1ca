import { join } from "node:path";
import { type AnvilExit, type Devnet, startDevnet } from "@sprtn/l1-client/devnet";
import { PrometheusMeter } from "@sprtn/observability";
import type { KvStore, Logger, Service } from "@sprtn/ports";
import { counted } from "@sprtn/primitives";
import { type Deployment, feesAreOff } from "@sprtn/protocol";
import { Lifecycle } from "@sprtn/runtime";
import type { BotEnvironment } from "@sprtn/bot/settings";
import type { WalletEnvironment } from "@sprtn/wallet/settings";
import { openStore } from "@sprtn/storage";
import { type Companions, openCompanions } from "../companions.js";
import type { ReplacePorts } from "../container/node-container.js";
import { createNode, type CreatedNode } from "../create-node.js";
import type { NodeSettings } from "../node-options.js";
import { RpcPortCheck } from "../port-check.js";
import { type ProofSystem, tellProofMode } from "../proof-system.js";
import type { ProcessResources } from "../process-resources.js";
import type { LocalNetworkSettings } from "../settings.js";
import { LocalAccount, localKey } from "./accounts.js";
import { localBot } from "./bot.js";
import { openLocalDeployment } from "./deployment.js";
import { forgetLostL1 } from "./forget-lost-l1.js";
import { l1Ended } from "./l1-ended.js";
import { type LocalNode, localNodeOptions, type LocalSurroundings } from "./node-options.js";
import { StartWaves } from "./waves.js";

/** The settings of every node of the network, its shape, and its bot. */
export interface LocalNetworkOptions {
  readonly version: string;
  readonly settings: NodeSettings;
  readonly local: LocalNetworkSettings;
  readonly bot: BotEnvironment;
  readonly wallet: WalletEnvironment;
  /** Replaces ports of each node with an importer's own. */
  readonly replacePorts?: ReplacePorts | undefined;
}

/** What the nodes share, and how their L1 is started; as `startDevnet` does it unless given. */
export interface LocalNetworkResources extends ProcessResources {
  readonly startL1?: typeof startDevnet;
}

/** A node that runs, and its metrics. */
interface StartedNode {
  readonly node: CreatedNode;
  readonly metrics: PrometheusMeter;
}

/**
 * A whole network in one process: an anvil child as L1, validators each with its own libp2p host and data, a prover
 * node, a bot. With a data directory it continues where it stopped, L1 included. For one life: start another one after
 * its end.
 */
export class LocalNetwork implements Service {
  #devnet: Devnet | undefined;
  #services: Lifecycle | undefined;
  #companions: Companions | undefined;
  #nodes: CreatedNode[] = [];
  #lock: KvStore | undefined;
  #proofs: ProofSystem | undefined;
  readonly #ended = Promise.withResolvers<never>();

  constructor(
    private readonly process: LocalNetworkResources,
    private readonly options: LocalNetworkOptions,
  ) {
    // It is fine if nobody waits for it.
    this.#ended.promise.catch(() => undefined);
  }

  /** Rejects with WiringError L1_ENDED when its L1 has ended by itself, which nothing heals: stop it then. */
  get ended(): Promise<never> {
    return this.#ended.promise;
  }

  /** Where its RPC answers. */
  rpcUrl(): string {
    return this.#companions?.rpc.url ?? "";
  }

  /** The prover node, then the validators. */
  get nodes(): readonly CreatedNode[] {
    return this.#nodes;
  }

  /** @throws WiringError, DeploymentError, StorageError, and what the parts of its nodes throw */
  async start(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.process;
    const { local, settings } = this.options;
    const { dataDirectory } = settings.storage;
    // A start without L1 has nothing to wait for. Afterwards it is for the one who started it to stop it.
    const giveUp = new AbortController();
    const ending = AbortSignal.any([signal, giveUp.signal]);
    let starting = true;
    this.#ended.promise.catch((error: unknown) => {
      if (starting) giveUp.abort(error);
    });
    try {
      // First of all, and closed last: a second network in this directory must not come as far as its L1, which would
      // write over ours.
      this.#lock = await openStore(settings.storage, "lock");
      await new RpcPortCheck(settings.rpc).start();
      const devnet = await (this.process.startL1 ?? startDevnet)(
        {
          port: local.l1Port,
          blockTimeSeconds: local.l1BlockSeconds,
          slotsInAnEpoch: 2,
          accounts: LocalAccount.FIRST_VALIDATOR + local.validators,
          ...(dataDirectory === undefined ? {} : { stateFile: join(dataDirectory, "l1.json") }),
        },
        { clock, logger },
      );
      this.#devnet = devnet;
      const tellEnd = (exit: AnvilExit) =>
        this.#ended.reject(l1Ended(exit, { output: devnet.output, kept: dataDirectory !== undefined }));
      void devnet.died.then(tellEnd);
      // An L1 that continues where it stopped shows an old head until its next block.
      if (dataDirectory !== undefined) await devnet.mine();
      const { circuits } = settings;
      const { deployment, validators, proofs } = await openLocalDeployment(this.process, devnet, {
        local,
        circuits,
        dataDirectory,
        signal: ending,
      });
      this.#proofs = proofs;
      if (dataDirectory !== undefined) await forgetLostL1({ devnet, logger }, dataDirectory);
      tellProofMode(logger, deployment.crs);
      logger.info(`L1 at ${devnet.url}, rollup ${deployment.contracts.rollup}`);
      tellShape(logger, deployment, validators);
      await this.#startNodes({ deployment, devnet }, validators, ending);
    } catch (error) {
      await this.stop().catch((trouble: unknown) => {
        if (!giveUp.signal.aborted) throw trouble;
        // Its end is what is told, also when the caller stops this again.
        this.#devnet = undefined;
      });
      // Whatever failed after L1's end failed because of it.
      throw giveUp.signal.aborted ? giveUp.signal.reason : error;
    } finally {
      starting = false;
    }
  }

  async stop(): Promise<void> {
    await this.#services?.stop();
    await this.#companions?.close();
    for (const node of this.#nodes.splice(0).toReversed()) await node.stop();
    await this.#proofs?.close();
    this.#proofs = undefined;
    try {
      await this.#devnet?.stop();
    } finally {
      // Also when L1's state could not be kept.
      await this.#lock?.close();
      this.#lock = undefined;
    }
  }

  async #startNodes(network: LocalSurroundings, count: number, signal: AbortSignal): Promise<void> {
    const waves = new StartWaves();
    const start = async (own: readonly LocalNode[]) => {
      const creating = own.map(each => this.#createNode(each, network, waves.bootstrapNodes()));
      // Those that are there are stopped also when another one fails.
      const created = await allOrNone(creating, ({ node }) => this.#nodes.push(node));
      await allOrNone(created.map(({ node }) => node.start(signal)));
      for (const { node } of created) waves.started(node.parts.network.addresses());
      return created;
    };
    const [prover] = (await start([
      { name: "prover", roles: new Set(["node", "prover-node"] as const), proverKey: localKey(LocalAccount.PROVER) },
    ])) as [StartedNode];
    const validators: StartedNode[] = [];
    while (validators.length < count) {
      const first = validators.length;
      const wave = Array.from({ length: waves.size(count - first) }, (_, i) => validatorNode(first + i));
      validators.push(...(await start(wave)));
    }
    const { node, metrics } = validators[0] ?? prover;
    this.#companions = await openCompanions(
      { process: this.process, node, metrics, prover: prover.node.parts.prover },
      { bot: this.options.local.bot ? localBot(this.options) : undefined },
    );
    this.#services = new Lifecycle({ services: this.#companions.services });
    await this.#services.start(signal);
  }

  async #createNode(
    own: LocalNode,
    network: LocalSurroundings,
    bootstrapNodes: readonly string[],
  ): Promise<StartedNode> {
    const metrics = new PrometheusMeter();
    const remoteProver = this.#nodes[0]?.parts.prover?.proverNode;
    const node = await createNode(
      { ...this.process, meter: metrics, proofs: this.#proofs, remoteProver },
      localNodeOptions({ ...own, bootstrapNodes }, network, this.options),
    );
    return { node, metrics };
  }
}

/** Waits for all, and for the others too when one fails; `keep` gets each that succeeded. */
async function allOrNone<T>(work: readonly Promise<T>[], keep?: (result: T) => void): Promise<T[]> {
  const ended = await Promise.allSettled(work);
  const done = ended.filter(end => end.status === "fulfilled").map(({ value }) => value);
  if (keep !== undefined) for (const result of done) keep(result);
  const failed = ended.find(end => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return done;
}

function tellShape(logger: Logger, { name, parameters }: Deployment, validators: number): void {
  const { committeeSize, slotDuration, epochDuration } = parameters;
  const fees = feesAreOff(parameters) ? "; fees are off: 1 wei per gas" : "";
  logger.info(
    `network ${name}: ${counted(validators, "validator")}, committees of ${committeeSize}, slots of ` +
      `${slotDuration} s, epochs of ${epochDuration} slots${fees}`,
  );
}

function validatorNode(index: number): LocalNode {
  return {
    name: `validator-${index + 1}`,
    roles: new Set(["node", "sequencer"] as const),
    validatorKey: localKey(LocalAccount.FIRST_VALIDATOR + index),
  };
}
