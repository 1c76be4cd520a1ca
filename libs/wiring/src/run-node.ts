import { join } from "node:path";
import type { BotEnvironment } from "@sprtn/bot/settings";
import { PrometheusMeter } from "@sprtn/observability";
import type { KvStore, Service } from "@sprtn/ports";
import { createRpcClient, proverMethods } from "@sprtn/rpc";
import { Lifecycle } from "@sprtn/runtime";
import { openStore } from "@sprtn/storage";
import { ValidatorErrorCode } from "@sprtn/validator";
import type { WalletEnvironment } from "@sprtn/wallet/settings";
import { attests } from "./bind-node.js";
import { createBootstrapNode } from "./create-bootstrap-node.js";
import { createNetworkBot } from "./create-bot.js";
import { createNode } from "./create-node.js";
import { createRpc } from "./create-rpc.js";
import { DeploymentCheck } from "./deployment-check.js";
import { loadDeployment } from "./load-deployment.js";
import { publisherKey } from "./load-keys.js";
import type { NodeOptions, NodeSettings } from "./node-options.js";
import { parts } from "./node-tokens.js";
import { RpcPortCheck } from "./port-check.js";
import { openProofSystem, tellProofMode } from "./proof-system.js";
import { requireBrokerToken } from "./require-broker-token.js";
import type { ProcessResources } from "./resources.js";
import type { Role } from "./roles.js";
import type { ProcessSettings } from "./settings.js";
import { SlotReporter } from "./slot-reporter.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/** What the process is and which network it is of, with the settings of every lib. */
export interface RunNodeOptions {
  readonly version: string;
  readonly process: ProcessSettings;
  readonly settings: NodeSettings;
  readonly bot: BotEnvironment;
  readonly wallet: WalletEnvironment;
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

/** One node of an existing network, with its RPC, in any set of roles. */
export async function createRunningNode(
  process: ProcessResources,
  options: RunNodeOptions,
): Promise<Service & { readonly rpcUrl: () => string }> {
  const roles = rolesOf(options.process);
  requireBrokerToken(roles, options.settings);
  const { deployment, bootstrapNodes } = await loadDeployment(options.process);
  const validatorKey = publisherKey(options.settings.l1Publisher);
  const proverKey = options.process.proverKey?.reveal() ?? (roles.has("prover-node") ? validatorKey : undefined);
  const nodeOptions: NodeOptions = {
    name: options.process.name,
    version: options.version,
    roles,
    deployment,
    settings: {
      ...options.settings,
      p2p: { ...options.settings.p2p, bootstrapNodes: [...options.settings.p2p.bootstrapNodes, ...bootstrapNodes] },
    },
    ...(validatorKey === undefined ? {} : { validatorKey }),
    ...(proverKey === undefined ? {} : { proverKey }),
  };
  const meter = new PrometheusMeter();
  if (roles.size === 1 && roles.has("p2p-bootstrap")) return createBootstrapNode(process, meter, nodeOptions);
  const remoteProver =
    options.process.proverUrl === undefined ? undefined : createRpcClient(proverMethods, options.process.proverUrl);
  tellProofMode(process.logger, deployment.crs);
  const proofs = await openProofSystem(process, options.settings.circuits, deployment);
  const node = await createNode(process, meter, nodeOptions, { proofs, epochProofs: remoteProver }).catch(
    async (error: unknown) => {
      await proofs.close();
      throw error;
    },
  );
  if (attests(nodeOptions) && options.settings.storage.dataDirectory === undefined)
    node
      .get(parts.logger)
      .warn(
        "the slashing protection record is in memory: after a restart this validator may sign a second block for a slot, and be slashed; give DATA_DIRECTORY",
        { code: ValidatorErrorCode.PROTECTION_IN_MEMORY },
      );
  const stores: KvStore[] = [];
  try {
    const rpc = createRpc(process, node, nodeOptions, meter);
    const logger = node.get(parts.logger);
    const services: { name: string; service: Service }[] = [
      { name: "rpc port", service: new RpcPortCheck(options.settings.rpc) },
      // Before anything follows L1: what a wrong file leads to is hard to make out later.
      {
        name: "deployment check",
        service: new DeploymentCheck({ endpoints: node.get(parts.endpoints), logger }, { deployment }),
      },
      { name: "node", service: node },
      { name: "rpc", service: rpc },
      {
        name: "slot reporter",
        service: new SlotReporter({ blocks: node.get(parts.archiver), clock: process.clock, logger }, { deployment }),
      },
    ];
    if (roles.has("bot")) {
      if (validatorKey === undefined)
        throw new WiringError(
          WiringErrorCode.KEY_MISSING,
          "a bot needs an L1 key that pays for its deposits: give SEQ_PUBLISHER_PRIVATE_KEY, or MNEMONIC with MNEMONIC_INDEX",
        );
      const { storage, l1, l1Publisher } = options.settings;
      const store = await openStore(
        {
          ...storage,
          dataDirectory: storage.dataDirectory === undefined ? undefined : join(storage.dataDirectory, "bot"),
        },
        "wallet",
      );
      stores.push(store);
      const dependencies = {
        node: node.get(parts.nodeService),
        proofs: node.get(parts.proofs),
        store,
        sender: node.get(parts.senders).of(validatorKey),
        logger: logger.child("bot"),
        meter,
      };
      services.push({
        name: "bot",
        service: await createNetworkBot(process, dependencies, {
          environment: options.bot,
          wallet: options.wallet,
          l1,
          l1Publisher,
          l1Key: validatorKey,
          deployment,
        }),
      });
    }
    const lifecycle = new Lifecycle({ services });
    return {
      rpcUrl: () => rpc.url,
      start: signal => lifecycle.start(signal),
      stop: async () => {
        await lifecycle.stop();
        for (const store of stores) await store.close();
        await proofs.close();
      },
    };
  } catch (error) {
    await node.stop();
    for (const store of stores) await store.close();
    await proofs.close();
    throw error;
  }
}
