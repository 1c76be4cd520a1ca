import { join } from "node:path";
import { ProcessMetrics } from "@sprtn/observability";
import type { KvStore, Meter, ProofBackend, Service } from "@sprtn/ports";
import type { Bytes32 } from "@sprtn/primitives";
import { brokerMethods, nodeMethods, proverMethods, RpcServer, sentinelMethods, serveGroup } from "@sprtn/rpc";
import type { NamedService } from "@sprtn/runtime";
import { openStore } from "@sprtn/storage";
import type { StorageSettings } from "@sprtn/storage/settings";
import type { BotEnvironment } from "@sprtn/bot/settings";
import type { TransactionSender } from "@sprtn/l1-client";
import type { WalletEnvironment } from "@sprtn/wallet/settings";
import type { ProverParts } from "./assemble/prover.js";
import { createNetworkBot } from "./create-bot.js";
import type { CreatedNode } from "./create-node.js";
import { openPage, type Page } from "./page.js";
import type { ProcessResources } from "./process-resources.js";
import { readinessChecks, readinessOf, sharedReadinessChecks } from "./readiness.js";
import { SlotReporter } from "./slot-reporter.js";

/** How often the process looks what it uses of the machine, ms. */
const SAMPLING_MS = 5_000;

/** The node that is accompanied, and what its process has. */
export interface CompanionDependencies {
  readonly process: ProcessResources;
  readonly node: CreatedNode;
  /** Nodes of the same process for which it answers whether they are ready, besides itself. */
  readonly others?: readonly CreatedNode[];
  /** The process's metrics, which RPC serves. */
  readonly metrics: Meter & { metricsText(): Promise<string> };
  /** Whose broker and epochs RPC serves; the node's own unless given. */
  readonly prover?: ProverParts | undefined;
}

/** A bot that sends through the node, in the same process. */
export interface CompanionBot {
  readonly environment: BotEnvironment;
  readonly wallet: WalletEnvironment;
  /** Its stores are in a separate folder of this data directory. */
  readonly storage: StorageSettings;
  /** Pays on L1 for its deposits. */
  readonly l1Key: Bytes32;
  /** Of that key, if the node sends with it too. */
  readonly sender?: TransactionSender | undefined;
}

/** What runs alongside a node, for people and programs, both in a local network and with a single node. */
export interface Companions {
  readonly rpc: RpcServer;
  /** In the order in which they start, after the node. */
  readonly services: readonly NamedService[];
  /** Closes what was opened for them. */
  close(): Promise<void>;
}

/** RPC, a line for each slot, figures of the process, and a bot if there is one. @throws StorageError */
export async function openCompanions(
  dependencies: CompanionDependencies,
  { bot }: { readonly bot?: CompanionBot | undefined },
): Promise<Companions> {
  const { process, node, metrics } = dependencies;
  const { clock, logger } = process;
  const { deployment, settings } = node.options;
  const processMetrics = createProcessMetrics(process, metrics);
  const page = settings.rpc.dashboardEnabled ? await openPage(dependencies, processMetrics) : undefined;
  const rpc = createRpc(dependencies, page);
  const reporter = new SlotReporter({ blocks: node.parts.chain.archiver, clock, logger }, { deployment });
  const services: NamedService[] = [
    ...(page === undefined ? [] : [{ name: "page", service: page.feed }]),
    { name: "rpc", service: rpc },
    { name: "slot reporter", service: reporter },
    { name: "process metrics", service: processMetrics },
  ];
  const stores: KvStore[] = [];
  const close = async () => {
    for (const store of stores.splice(0).toReversed()) await store.close();
  };
  try {
    if (bot !== undefined) services.push({ name: "bot", service: await openBot(dependencies, bot, stores) });
  } catch (error) {
    await close();
    throw error;
  }
  return { rpc, services, close };
}

/** What the process uses of the machine, by its own meter. */
export function createProcessMetrics(
  { clock, logger }: Pick<ProcessResources, "clock" | "logger">,
  meter: Meter,
): ProcessMetrics {
  const onError = (error: unknown) => logger.error("the process metrics could not be sampled", { error });
  return new ProcessMetrics({ meter, clock, onError }, { intervalMs: SAMPLING_MS });
}

/** The RPC of a node, and of a prover and its broker if there is one. */
function createRpc(
  { process, node, others = [], metrics, prover = node.parts.prover }: CompanionDependencies,
  page: Page | undefined,
): RpcServer {
  const { settings, version, name } = node.options;
  const checks = [...readinessChecks(node.parts), ...sharedReadinessChecks(others)];
  return new RpcServer(
    {
      groups: [
        serveGroup(nodeMethods(process.hasher), node.parts.nodeService),
        ...(node.parts.sentinel === undefined ? [] : [serveGroup(sentinelMethods, node.parts.sentinel)]),
        ...(prover === undefined
          ? []
          : [serveGroup(proverMethods, prover.proverNode), serveGroup(brokerMethods, prover.queue, { guarded: true })]),
      ],
      clock: process.clock,
      logger: process.logger.child(name).child("rpc"),
      meter: metrics,
      readiness: () => readinessOf(checks),
      metricsText: () => metrics.metricsText(),
      page: page === undefined ? undefined : { files: page.files, feed: page.feed.source },
      version,
    },
    { ...settings.rpc, accessToken: settings.queue.token },
  );
}

async function openBot(
  { process, node, metrics }: CompanionDependencies,
  { environment, wallet, storage, l1Key, sender }: CompanionBot,
  opened: KvStore[],
): Promise<Service> {
  const { settings, deployment, name } = node.options;
  const { dataDirectory } = storage;
  const own = { ...storage, dataDirectory: dataDirectory === undefined ? undefined : join(dataDirectory, "bot") };
  const open = async (store: string) => {
    const kv = await openStore(own, store);
    opened.push(kv);
    return kv;
  };
  const proofs: ProofBackend = node.parts.proofs.backend;
  return createNetworkBot(
    process,
    {
      node: node.parts.nodeService,
      proofs,
      store: await open("wallet"),
      memory: await open("bot"),
      ...(sender === undefined ? {} : { sender }),
      logger: process.logger.child(name).child("bot"),
      meter: metrics,
    },
    { environment, wallet, l1: settings.l1, l1Publisher: settings.l1Publisher, l1Key, deployment },
  );
}
