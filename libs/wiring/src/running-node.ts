import { PrivateKeySigner } from "@sprtn/l1-client";
import { PrometheusMeter } from "@sprtn/observability";
import type { BotEnvironment } from "@sprtn/bot/settings";
import type { Service } from "@sprtn/ports";
import { createRpcClient, proverMethods } from "@sprtn/rpc";
import { Lifecycle } from "@sprtn/runtime";
import type { WalletEnvironment } from "@sprtn/wallet/settings";
import { attests } from "./attests.js";
import { type CompanionBot, openCompanions } from "./companions.js";
import type { ReplacePorts } from "./container/node-container.js";
import { createBootstrapNode } from "./create-bootstrap-node.js";
import { createNode } from "./create-node.js";
import { createDenseValidators } from "./dense/create-dense-validators.js";
import { DeploymentCheck } from "./deployment-check.js";
import { loadDeployment } from "./load-deployment.js";
import { publisherKey } from "./load-keys.js";
import type { NodeOptions, NodeSettings } from "./node-options.js";
import { RpcPortCheck } from "./port-check.js";
import { tellProofMode } from "./proof-system.js";
import { requireChain } from "./require-chain.js";
import { RecordStore, requireRecordPlace } from "./record-place.js";
import { requireBrokerToken } from "./require-broker-token.js";
import type { ProcessResources } from "./process-resources.js";
import type { Role } from "./roles.js";
import type { ProcessSettings } from "./settings.js";
import { tellProtection } from "./tell-protection.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/** What the process is and which network it belongs to, with the settings of every lib. */
export interface RunNodeOptions {
  readonly version: string;
  readonly process: ProcessSettings;
  readonly settings: NodeSettings;
  readonly bot: BotEnvironment;
  readonly wallet: WalletEnvironment;
  /** Replaces ports of the node with an importer's own. */
  readonly replacePorts?: ReplacePorts | undefined;
  /** Ends the waiting for a bootnode that is not there yet; without one it is asked once. */
  readonly signal?: AbortSignal | undefined;
}

/** A node with its companions. */
export interface RunningNode extends Service {
  /** Where its RPC answers, once it has started. */
  readonly rpcUrl: () => string;
}

/** The roles that the flags name. */
export function rolesOf(settings: ProcessSettings): ReadonlySet<Role> {
  const flags: Readonly<Record<Role, boolean>> = {
    node: settings.node,
    archiver: settings.archiver,
    sequencer: settings.sequencer,
    "prover-node": settings.proverNode,
    prover: settings.prover,
    pxe: settings.pxe,
    "p2p-bootstrap": settings.bootstrap,
    bot: settings.bot,
  };
  return new Set((Object.keys(flags) as Role[]).filter(role => flags[role]));
}

/**
 * One node of an existing network, with its RPC, in any set of roles.
 * @throws WiringError, DeploymentError, StorageError, and what the parts of the roles throw
 */
export async function createRunningNode(process: ProcessResources, options: RunNodeOptions): Promise<RunningNode> {
  requireBrokerToken(rolesOf(options.process), options.settings);
  const nodeOptions = await nodeOptionsOf(process, options);
  const { dense } = options.process;
  if (dense !== undefined) return createDenseValidators(process, { ...options.process, dense }, nodeOptions);
  const { roles, deployment, settings } = nodeOptions;
  const meter = new PrometheusMeter();
  if (roles.size === 1 && roles.has("p2p-bootstrap")) return createBootstrapNode(process, meter, nodeOptions);
  const bot = roles.has("bot") ? botOf(options, nodeOptions) : undefined;
  requireRecordPlace(settings.storage, RecordStore.NODE);
  tellProofMode(process.logger, deployment.crs);
  const { proverUrl } = options.process;
  const remoteProver = proverUrl === undefined ? undefined : createRpcClient(proverMethods, proverUrl);
  const node = await createNode({ ...process, meter, remoteProver }, nodeOptions);
  try {
    if (attests(node.options)) tellProtection(process.logger.child(nodeOptions.name), settings.storage);
    const companions = await openCompanions(
      { process, node, metrics: meter },
      { bot: bot === undefined ? undefined : { ...bot, sender: node.l1.senders.of(signerOf(bot)) } },
    );
    const { endpoints } = node.l1;
    const lifecycle = new Lifecycle({
      services: [
        { name: "rpc port", service: new RpcPortCheck(settings.rpc) },
        // Before anything follows L1: what a wrong file leads to is hard to make out later.
        {
          name: "deployment check",
          service: new DeploymentCheck({ endpoints, logger: process.logger.child(nodeOptions.name) }, { deployment }),
        },
        { name: "node", service: node },
        ...companions.services,
      ],
    });
    return {
      rpcUrl: () => companions.rpc.url,
      start: signal => lifecycle.start(signal),
      stop: async () => {
        await lifecycle.stop();
        await companions.close();
        // Also one that was never started: its stores are open.
        await node.stop();
      },
    };
  } catch (error) {
    await node.stop();
    throw error;
  }
}

/**
 * {@link createRunningNode} as the first part of the start: a stop ends it too, while it waits for a bootnode.
 */
export class StartedNode implements RunningNode {
  readonly #process: ProcessResources;
  #node: RunningNode | undefined;

  constructor(
    dependencies: ProcessResources,
    private readonly options: Omit<RunNodeOptions, "signal">,
  ) {
    this.#process = dependencies;
  }

  /** Empty until it has started. */
  readonly rpcUrl = (): string => this.#node?.rpcUrl() ?? "";

  async start(signal: AbortSignal): Promise<void> {
    this.#node = await createRunningNode(this.#process, { ...this.options, signal });
    await this.#node.start(signal);
  }

  async stop(): Promise<void> {
    await this.#node?.stop();
  }
}

async function nodeOptionsOf(
  { clock, logger }: ProcessResources,
  { version, process, settings, replacePorts, signal }: RunNodeOptions,
): Promise<NodeOptions> {
  const roles = rolesOf(process);
  const joiner = signal === undefined ? undefined : { clock, logger, signal };
  const { deployment, bootstrapNodes } = await loadDeployment(process, joiner);
  // A bootstrap node has no L1.
  if (roles.size !== 1 || !roles.has("p2p-bootstrap")) requireChain(settings.l1, deployment);
  const validatorKey = publisherKey(settings.l1Publisher);
  const proverKey = process.proverKey?.reveal() ?? (roles.has("prover-node") ? validatorKey : undefined);
  return {
    name: process.name,
    version,
    roles,
    deployment,
    settings: {
      ...settings,
      p2p: { ...settings.p2p, bootstrapNodes: [...settings.p2p.bootstrapNodes, ...bootstrapNodes] },
    },
    ...(validatorKey === undefined ? {} : { validatorKey }),
    ...(proverKey === undefined ? {} : { proverKey }),
    replacePorts,
  };
}

/** @throws WiringError KEY_MISSING */
function botOf({ bot, wallet }: RunNodeOptions, { settings, validatorKey }: NodeOptions): CompanionBot {
  if (validatorKey === undefined)
    throw new WiringError(
      WiringErrorCode.KEY_MISSING,
      "a bot needs an L1 key that pays for its deposits: give SEQ_PUBLISHER_PRIVATE_KEY, or MNEMONIC with " +
        "MNEMONIC_INDEX",
    );
  return { environment: bot, wallet, storage: settings.storage, l1Key: validatorKey };
}

const signerOf = ({ l1Key }: CompanionBot) => new PrivateKeySigner({}, { privateKey: l1Key });
