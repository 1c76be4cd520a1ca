import { join } from "node:path";
import type { ChainParts } from "../assemble/chain.js";
import { deploymentId, SCHEMA_VERSION } from "../assemble/stores.js";
import { createNodeContainer, type NodeContainer } from "../container/node-container.js";
import type { NodeOptions } from "../node-options.js";
import type { NodeEnvironment } from "../process-resources.js";
import { openDatabase } from "@sprtn/storage";
import type { KvStore } from "@sprtn/ports";

/** The shared archiver looks so many times as often as its validators do, so that their lag is their own. */
const LOOKS_PER_LOOK = 4;
const LEAST_POLLING_MS = 50;

/** What the validators of a process share, because it is a function of L1: its sockets, its logs, the state. */
export interface DenseChain {
  readonly container: NodeContainer;
  readonly chain: ChainParts;
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** Opens the chain below the data directory, in `chain`. @throws StorageError, WorldStateError */
export async function openDenseChain(environment: NodeEnvironment, options: NodeOptions): Promise<DenseChain> {
  const { settings, deployment } = options;
  const { dataDirectory } = settings.storage;
  const container = createNodeContainer(environment, {
    ...options,
    name: "chain",
    settings: {
      ...settings,
      archiver: {
        ...settings.archiver,
        pollingIntervalMs: Math.max(LEAST_POLLING_MS, settings.archiver.pollingIntervalMs / LOOKS_PER_LOOK),
      },
      storage: {
        ...settings.storage,
        dataDirectory: dataDirectory === undefined ? undefined : join(dataDirectory, "chain"),
      },
    },
  });
  const opened: KvStore[] = [];
  const close = async () => {
    for (const store of opened.splice(0).toReversed()) await store.close();
  };
  const open = async (name: "state" | "archive") => {
    const store = await container.ports.openStore(name);
    opened.push(store);
    await openDatabase({ store, schemaVersion: SCHEMA_VERSION, deployment: deploymentId(deployment) });
    return store;
  };
  try {
    const chain = await container.ports.openChain({
      stores: { state: await open("state"), archive: await open("archive") },
    });
    return {
      container,
      chain,
      start: signal => chain.archiver.start(signal),
      stop: async () => {
        await chain.archiver.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
