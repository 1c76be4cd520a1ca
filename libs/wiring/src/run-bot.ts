import { SimulatedBackend } from "@sprtn/circuits-client";
import type { CircuitsOptions } from "@sprtn/circuits-client/settings";
import type { Bot } from "@sprtn/bot";
import type { Meter } from "@sprtn/ports";
import { createNodeClient } from "@sprtn/rpc";
import { openStore } from "@sprtn/storage";
import type { StorageSettings } from "@sprtn/storage/settings";
import { type BotOptions, createNetworkBot } from "./create-bot.js";
import type { ProcessResources } from "./resources.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

export interface RemoteBotOptions extends Omit<BotOptions, "deployment"> {
  /** RPC of the node that it sends to. */
  readonly nodeUrl: string;
  readonly storage: StorageSettings;
  readonly circuits: CircuitsOptions;
}

/** The bot of a local network, against a node elsewhere. */
export async function createRemoteBot(process: ProcessResources, meter: Meter, options: RemoteBotOptions): Promise<{ readonly bot: Bot; close(): Promise<void> }> {
  const node = createNodeClient(options.nodeUrl, { hasher: process.hasher });
  const { deployment } = await node.getNodeInfo();
  if (deployment.proofMode === "real") throw new WiringError(WiringErrorCode.REAL_PROOFS_UNAVAILABLE, "this version makes simulated client proofs only: use a node of a network whose proofMode is simulated");
  const store = await openStore(options.storage, "wallet");
  const proofs = new SimulatedBackend({ hasher: process.hasher, clock: process.clock }, { baseDelayMs: 0 });
  const bot = await createNetworkBot(process, { node, proofs, store, logger: process.logger, meter }, { ...options, deployment });
  return { bot, close: () => store.close() };
}
