import type { CircuitsOptions } from "@sprtn/circuits-client/settings";
import type { Bot } from "@sprtn/bot";
import type { Meter } from "@sprtn/ports";
import { createNodeClient } from "@sprtn/rpc";
import { openStore } from "@sprtn/storage";
import type { StorageSettings } from "@sprtn/storage/settings";
import { type BotOptions, createNetworkBot } from "./create-bot.js";
import { openProofSystem } from "./proof-system.js";
import type { ProcessResources } from "./resources.js";

export interface RemoteBotOptions extends Omit<BotOptions, "deployment"> {
  /** RPC of the node that it sends to. */
  readonly nodeUrl: string;
  readonly storage: StorageSettings;
  readonly circuits: CircuitsOptions;
}

/** The bot of a local network, against a node elsewhere. */
export async function createRemoteBot(
  process: ProcessResources,
  meter: Meter,
  options: RemoteBotOptions,
): Promise<{ readonly bot: Bot; close(): Promise<void> }> {
  const node = createNodeClient(options.nodeUrl, { hasher: process.hasher });
  const { deployment } = await node.getNodeInfo();
  const proofs = await openProofSystem(process, options.circuits, deployment);
  const store = await openStore(options.storage, "wallet");
  const close = async () => {
    await store.close();
    await proofs.close();
  };
  try {
    const bot = await createNetworkBot(
      process,
      { node, proofs: proofs.backend, store, logger: process.logger, meter },
      { ...options, deployment },
    );
    return { bot, close };
  } catch (error) {
    await close();
    throw error;
  }
}
