import { createFieldHasher } from "@sprtn/field-hasher";
import type { FieldHasher } from "@sprtn/primitives";
import type { KvStore, Logger, Meter } from "@sprtn/ports";
import { hashHeader, type Deployment } from "@sprtn/protocol";
import type { Clock, Random } from "@sprtn/runtime";
import { DiskReporter, openDatabase, openStore } from "@sprtn/storage";
import { WorldState } from "@sprtn/world-state";
import type { NodeOptions } from "./node-options.js";

/** What a process has once, however many nodes it runs. */
export interface ProcessResources {
  readonly clock: Clock;
  readonly random: Random;
  readonly hasher: FieldHasher;
  readonly logger: Logger;
}

/** What takes time to open; the rest of a node is put together from it without waiting. */
export interface NodeResources {
  readonly logger: Logger;
  readonly meter: Meter;
  readonly worldState: WorldState;
  readonly stores: Readonly<Record<StoreName, KvStore>>;
  /** Whether the node has run before with this data directory, as its stores other than the validator's tell. */
  readonly hasRunBefore: boolean;
  close(): Promise<void>;
}

const storeNames = ["state", "archive", "pool", "validator", "prover", "p2p"] as const;
export type StoreName = (typeof storeNames)[number];

/** Version of what is on disk; a change of any lib's records raises it. */
export const SCHEMA_VERSION = 1;

export { createFieldHasher };

/** What a data directory must belong to. */
export function deploymentId(deployment: Deployment): string {
  return `${deployment.chainId}/${deployment.rollupVersion}/${deployment.contracts.rollup}`;
}

/**
 * Opens a node's stores and trees. What was opened is closed again if the rest fails.
 * @throws StorageError, WorldStateError
 */
export async function openNodeResources(
  process: ProcessResources,
  meter: Meter,
  options: NodeOptions,
): Promise<NodeResources> {
  const logger = process.logger.child(options.name);
  const reporter = new DiskReporter(logger.child("storage"));
  const opened: KvStore[] = [];
  const closeAll = async () => {
    for (const store of opened.toReversed()) await store.close();
  };
  try {
    const stores = {} as Record<StoreName, KvStore>;
    for (const name of storeNames) {
      const store = await openStore(options.settings.storage, name, reporter);
      opened.push(store);
      await openDatabase({ store, schemaVersion: SCHEMA_VERSION, deployment: deploymentId(options.deployment) });
      stores[name] = store;
    }
    // Before anything is opened on them, which writes its first records.
    const others = storeNames.filter(name => name !== "validator");
    const hasRunBefore = (await Promise.all(others.map(name => holdsRecords(stores[name])))).includes(true);
    const { genesis } = options.deployment;
    const worldState = await WorldState.open(
      { store: stores.state, hasher: process.hasher, logger },
      {
        genesis: {
          header: genesis.header,
          headerHash: hashHeader(genesis.header),
          archive: genesis.archive,
          effects: [],
        },
        prefix: Uint8Array.of(Prefix.STATE),
      },
    );
    return { logger, meter, worldState, stores, hasRunBefore, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** First byte of every key of a lib in its store; 0 is the schema record's. */
export enum Prefix {
  STATE = 1,
  VALIDATOR = 2,
  PROVER = 3,
}

/** Whether a store holds more than its schema record. */
async function holdsRecords(store: KvStore): Promise<boolean> {
  for await (const [key] of store.entries({ gte: Uint8Array.of(1), limit: 1 })) return key.length > 0;
  return false;
}
