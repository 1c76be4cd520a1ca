import type { KvStore } from "@sprtn/ports";
import type { Deployment } from "@sprtn/protocol";
import { openDatabase } from "@sprtn/storage";
import type { NodePorts } from "./node-ports.js";

/** The stores of a node, in the order in which they are opened. */
const storeNames = ["state", "archive", "pool", "validator", "prover", "p2p", "sentinel"] as const;
/** One of `storeNames`. */
export type StoreName = (typeof storeNames)[number];

/** A node's stores, each of its deployment and of this version's schema. */
export type Stores = Readonly<Record<StoreName, KvStore>>;

/** Stores that are open, and what they tell of the node's past. */
export interface OpenedStores {
  readonly stores: Stores;
  /** Whether the node has run before on them, as those other than the validator's tell. */
  readonly hasRunBefore: boolean;
  close(): Promise<void>;
}

/** Version of what is on disk; a change of any lib's records raises it. */
export const SCHEMA_VERSION = 1;

/** First byte of every key of a lib in its store; 0 is the schema record's. */
export enum Prefix {
  STATE = 1,
  VALIDATOR = 2,
  PROVER = 3,
  SENTINEL = 4,
}

/** What a data directory must belong to. */
export function deploymentId(deployment: Pick<Deployment, "chainId" | "rollupVersion" | "contracts">): string {
  return `${deployment.chainId}/${deployment.rollupVersion}/${deployment.contracts.rollup}`;
}

/**
 * Opens a node's stores, before anything writes its first records to them. What was opened is closed again if the rest
 * fails.
 * @throws StorageError
 */
export async function openStores(
  { openStore }: Pick<NodePorts, "openStore">,
  { deployment }: { readonly deployment: Deployment },
): Promise<OpenedStores> {
  const opened: KvStore[] = [];
  const close = async () => {
    for (const store of opened.splice(0).toReversed()) await store.close();
  };
  try {
    const stores = {} as Record<StoreName, KvStore>;
    for (const name of storeNames) {
      const store = await openStore(name);
      opened.push(store);
      await openDatabase({ store, schemaVersion: SCHEMA_VERSION, deployment: deploymentId(deployment) });
      stores[name] = store;
    }
    const others = storeNames.filter(name => name !== "validator");
    const hasRunBefore = (await Promise.all(others.map(name => holdsRecords(stores[name])))).includes(true);
    return { stores, hasRunBefore, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whether a store holds more than its schema record. */
async function holdsRecords(store: KvStore): Promise<boolean> {
  for await (const [key] of store.entries({ gte: Uint8Array.of(1), limit: 1 })) return key.length > 0;
  return false;
}
