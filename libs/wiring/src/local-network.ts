import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeDeployment, deploy, encodeDeployment, presets, withDerived } from "@sprtn/deployment";
import { PrivateKeySigner, privateKeyFrom } from "@sprtn/l1-client";
import { type Devnet, DEVNET_MNEMONIC, startDevnet } from "@sprtn/l1-client/devnet";
import { PrometheusMeter } from "@sprtn/observability";
import { P2pNode } from "@sprtn/p2p";
import { type Bytes32, Seconds, toHex, UnixSeconds } from "@sprtn/primitives";
import type { KvStore, Logger, Service } from "@sprtn/ports";
import type { Deployment, RollupParameters } from "@sprtn/protocol";
import { Lifecycle, unixSeconds } from "@sprtn/runtime";
import { Secret } from "@sprtn/settings";
import type { BotEnvironment } from "@sprtn/bot/settings";
import type { WalletEnvironment } from "@sprtn/wallet/settings";
import { openStore } from "@sprtn/storage";
import { createNetworkBot } from "./create-bot.js";
import { createNode, type CreatedNode } from "./create-node.js";
import { createRpc } from "./create-rpc.js";
import { RpcPortCheck } from "./port-check.js";
import { genesisOf } from "./genesis.js";
import type { NodeOptions, NodeSettings } from "./node-options.js";
import { parts } from "./node-tokens.js";
import { createProofSystem, openProofSystem, type ProofSystem, requireMode, tellProofMode } from "./proof-system.js";
import type { ProcessResources } from "./resources.js";
import type { Role } from "./roles.js";
import type { LocalNetworkSettings } from "./settings.js";
import { SlotReporter } from "./slot-reporter.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/** The settings of every node of the network, its shape, and its bot. */
export interface LocalNetworkOptions {
  readonly version: string;
  readonly settings: NodeSettings;
  readonly local: LocalNetworkSettings;
  readonly bot: BotEnvironment;
  readonly wallet: WalletEnvironment;
}

/** Accounts of the devnet's mnemonic. */
const DEPLOYER = 0;
const PROVER = 1;
const BOT = 2;
const FIRST_VALIDATOR = 3;

/** Deploying the contracts and starting the nodes takes about two. */
const STARTUP_SECONDS = 4;

/** This L1 mines on a clock, so that a head which stands still is a fault; a busy machine may delay it by some seconds. */
const MIN_HEAD_AGE_SECONDS = 30;

const keyOf = (index: number): Bytes32 => privateKeyFrom({ mnemonic: DEVNET_MNEMONIC, index });

/**
 * A whole network in one process: an anvil child as L1, validators each with its own libp2p host and data, a prover
 * node, a bot. With a data directory it goes on where it stopped, L1 included.
 */
export class LocalNetwork implements Service {
  #devnet: Devnet | undefined;
  #services: Lifecycle | undefined;
  #nodes: CreatedNode[] = [];
  #stores: KvStore[] = [];
  #proofs: ProofSystem | undefined;
  #url = "";
  /** Its own agent needs none; without a given one nobody else gets jobs. */
  readonly #brokerToken: Secret<string>;

  constructor(
    private readonly process: ProcessResources,
    private readonly options: LocalNetworkOptions,
  ) {
    this.#brokerToken = options.settings.queue.token ?? new Secret<string>(toHex(process.random.bytes(32)));
  }

  /** Where its RPC answers. */
  rpcUrl(): string {
    return this.#url;
  }

  get nodes(): readonly CreatedNode[] {
    return this.#nodes;
  }

  async start(signal: AbortSignal): Promise<void> {
    const { logger } = this.process;
    const { local } = this.options;
    const dataDirectory = this.options.settings.storage.dataDirectory;
    try {
      // First of all, and closed last: a second network in this directory must not come as far as its L1, which would
      // write over ours.
      this.#stores.push(await openStore(this.options.settings.storage, "lock"));
      await new RpcPortCheck(this.options.settings.rpc).start();
      this.#devnet = await startDevnet({
        port: local.l1Port,
        blockTimeSeconds: local.l1BlockSeconds,
        slotsInAnEpoch: 2,
        accounts: FIRST_VALIDATOR + local.validators,
        ...(dataDirectory === undefined ? {} : { stateFile: join(dataDirectory, "l1.json") }),
      });
      // An L1 that goes on where it stopped shows an old head until its next block.
      if (dataDirectory !== undefined) await this.#devnet.mine();
      const deployment = await this.#deployment(this.#devnet, dataDirectory);
      tellProofMode(logger, deployment.crs);
      logger.info(`L1 at ${this.#devnet.url}, rollup ${deployment.contracts.rollup}`);
      await this.#startNodes(deployment, this.#devnet, signal);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#services?.stop();
    for (const node of this.#nodes.toReversed()) await node.stop();
    await this.#proofs?.close();
    await this.#devnet?.stop();
    for (const store of this.#stores.toReversed()) await store.close();
    this.#nodes = [];
    this.#stores = [];
    this.#proofs = undefined;
  }

  async #deployment(devnet: Devnet, dataDirectory: string | undefined): Promise<Deployment> {
    const file = dataDirectory === undefined ? undefined : join(dataDirectory, "deployment.json");
    const known = file === undefined ? undefined : await readIfThere(file);
    if (known !== undefined) {
      const deployment = decodeDeployment(known);
      await requireContracts(devnet, deployment, dataDirectory);
      tellFixed(this.process.logger, this.options.local, deployment);
      this.#proofs = await openProofSystem(this.process, this.options.settings.circuits, deployment);
      return deployment;
    }
    const { local } = this.options;
    // Under the ceremony's points keys would have to be derived first; the dev ones' are part of this version.
    const { circuits } = this.options.settings;
    const crs = local.simulatedProofs || circuits.realProofs === false ? null : "dev";
    requireMode(circuits, crs);
    const proofs = await createProofSystem(this.process, circuits, crs);
    this.#proofs = proofs;
    const parameters: RollupParameters = {
      ...withDerived({
        ...presets.local.parameters,
        slotDuration: Seconds(local.slotSeconds),
        epochDuration: local.epochSlots,
        committeeSize: local.validators,
      }),
      // The first slot that can hold a block, slot 1, begins a few seconds from now.
      genesisTime: UnixSeconds(unixSeconds(this.process.clock) + STARTUP_SECONDS - local.slotSeconds),
    };
    const validators = Array.from(
      { length: local.validators },
      (_, i) => new PrivateKeySigner({}, { privateKey: keyOf(FIRST_VALIDATOR + i) }).address,
    );
    const deployment = await deploy(
      { url: devnet.url, clock: this.process.clock, logger: this.process.logger },
      {
        name: "local",
        deployerKey: keyOf(DEPLOYER),
        parameters,
        validators,
        genesis: genesisTime => genesisOf(this.process.hasher, { ...parameters, genesisTime }),
        keyTreeRoot: proofs.keys.root(),
        crs,
      },
    );
    if (file !== undefined) {
      await writeFile(`${file}.new`, encodeDeployment(deployment));
      await rename(`${file}.new`, file);
    }
    return deployment;
  }

  async #startNodes(deployment: Deployment, devnet: Devnet, signal: AbortSignal): Promise<void> {
    const { process, options } = this;
    const bootstrap: string[] = [];
    const start = async (
      name: string,
      roles: readonly Role[],
      keys: Pick<NodeOptions, "validatorKey" | "proverKey">,
    ) => {
      const nodeOptions = this.#nodeOptions(name, roles, deployment, devnet, bootstrap, keys);
      const meter = new PrometheusMeter();
      const node = await createNode(process, meter, nodeOptions, {
        proofs: this.#proofs as ProofSystem,
        epochProofs: this.#nodes[0]?.get(parts.proverNode),
      });
      this.#nodes.push(node);
      await node.start(signal);
      const network = node.get(parts.gossip);
      if (network instanceof P2pNode) bootstrap.push(...network.addresses());
      return { node, meter, nodeOptions };
    };
    const prover = await start("prover", ["node", "prover-node"], { proverKey: keyOf(PROVER) });
    const validators: Awaited<ReturnType<typeof start>>[] = [];
    // As many as it was deployed with: a committee is made of them.
    for (let i = 0; i < deployment.parameters.committeeSize; i++)
      validators.push(
        await start(`validator-${i + 1}`, ["node", "sequencer"], { validatorKey: keyOf(FIRST_VALIDATOR + i) }),
      );
    const { node, meter, nodeOptions } = validators[0] ?? prover;
    const rpc = createRpc(process, node, nodeOptions, meter, prover.node);
    const services: { name: string; service: Service }[] = [{ name: "rpc", service: rpc }];
    services.push({
      name: "slot reporter",
      service: new SlotReporter(
        { blocks: node.get(parts.archiver), clock: process.clock, logger: process.logger },
        { deployment },
      ),
    });
    if (options.local.bot) services.push({ name: "bot", service: await this.#bot(node, nodeOptions, meter) });
    this.#services = new Lifecycle({ services });
    await this.#services.start(signal);
    this.#url = rpc.url;
  }

  /** Its wallet's seed is the same every time: with a data directory it finds its funds again. */
  async #bot(node: CreatedNode, { settings, deployment }: NodeOptions, meter: PrometheusMeter): Promise<Service> {
    const { process, options } = this;
    const { dataDirectory } = options.settings.storage;
    const store = await openStore(
      { ...settings.storage, dataDirectory: dataDirectory === undefined ? undefined : join(dataDirectory, "bot") },
      "wallet",
    );
    this.#stores.push(store);
    const dependencies = {
      node: node.get(parts.nodeService),
      proofs: node.get(parts.proofs),
      store,
      logger: process.logger.child("bot"),
      meter,
    };
    const seed = options.bot.seed ?? new Secret(keyOf(BOT));
    return createNetworkBot(process, dependencies, {
      environment: { ...options.bot, seed },
      wallet: options.wallet,
      l1: settings.l1,
      l1Publisher: settings.l1Publisher,
      l1Key: keyOf(BOT),
      deployment,
    });
  }

  #nodeOptions(
    name: string,
    roles: readonly Role[],
    deployment: Deployment,
    devnet: Devnet,
    bootstrap: readonly string[],
    keys: Pick<NodeOptions, "validatorKey" | "proverKey">,
  ): NodeOptions {
    const { settings, version, local } = this.options;
    const { dataDirectory } = settings.storage;
    return {
      name,
      version,
      roles: new Set(roles),
      deployment,
      ...keys,
      settings: {
        ...settings,
        l1: {
          ...settings.l1,
          urls: [devnet.url],
          chainId: devnet.chainId,
          slotSeconds: local.l1BlockSeconds,
          maxHeadAgeMs: settings.l1.maxHeadAgeMs ?? Math.max(10 * local.l1BlockSeconds, MIN_HEAD_AGE_SECONDS) * 1000,
        },
        p2p: {
          ...settings.p2p,
          discovery: false,
          tcpListen: { host: "127.0.0.1", port: 0 },
          udpListen: { host: "127.0.0.1", port: 0 },
          bootstrapNodes: [...bootstrap],
          peerIdPrivateKey: undefined,
        },
        queue: { ...settings.queue, token: this.#brokerToken },
        storage: {
          ...settings.storage,
          dataDirectory: dataDirectory === undefined ? undefined : join(dataDirectory, name),
        },
      },
    };
  }
}

/** @throws WiringError L1_LOST */
async function requireContracts(
  devnet: Devnet,
  { contracts }: Deployment,
  dataDirectory: string | undefined,
): Promise<void> {
  if ((await devnet.request("eth_getCode", [contracts.rollup, "latest"])) !== "0x") return;
  throw new WiringError(
    WiringErrorCode.L1_LOST,
    `the L1 state in ${dataDirectory} does not hold the contracts of its deployment.json, or is gone: delete the directory and start anew`,
  );
}

/** A network goes on as it was deployed: settings that say something else have no effect. */
function tellFixed(logger: Logger, local: LocalNetworkSettings, { parameters, crs }: Deployment): void {
  const fixed = [
    ["LOCAL_SLOT_SECONDS", local.slotSeconds, parameters.slotDuration],
    ["LOCAL_EPOCH_SLOTS", local.epochSlots, parameters.epochDuration],
    ["LOCAL_VALIDATORS", local.validators, parameters.committeeSize],
    ["LOCAL_SIMULATED_PROOFS", local.simulatedProofs, crs === null],
  ] as const;
  const ignored = fixed
    .filter(([, wanted, actual]) => wanted !== actual)
    .map(([name, wanted, actual]) => `${name} stays ${actual}, not ${wanted}`);
  if (ignored.length > 0)
    logger.warn(
      `the network in this data directory goes on as it was deployed (${ignored.join("; ")}): for another one give another DATA_DIRECTORY, or delete this one`,
    );
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
