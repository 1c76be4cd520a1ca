import type { Clock, KvStore, Logger, Meter, ProofBackend, Random } from "@sprtn/ports";
import type { FieldHasher } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import { Broker, expectedPublicInputs } from "@sprtn/prover";
import type { ProverQueueOptions } from "@sprtn/prover/settings";
import type { OpenedQueue } from "./assemble/node-ports.js";
import { deploymentId, Prefix } from "./assemble/stores.js";

/** What a queue of proof jobs checks, counts and times with. */
export interface QueueDependencies {
  readonly backend: ProofBackend;
  readonly clock: Clock;
  readonly random: Random;
  readonly hasher: FieldHasher;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** Whose jobs, and how they are handed out. */
export interface QueueOptions {
  readonly deployment: Deployment;
  readonly queue: ProverQueueOptions;
}

/**
 * The prover node's queue, with what an earlier run left in it: in Redis if PROVER_QUEUE_URL says which, else in the
 * node's own store.
 */
export async function openQueue(
  dependencies: QueueDependencies & { readonly store: KvStore },
  options: QueueOptions,
): Promise<OpenedQueue> {
  const shared = await openSharedQueue(dependencies, options);
  if (shared !== undefined) return shared;
  const { leaseMs, attempts, lostLeases } = options.queue;
  const queue = await Broker.open(
    { ...dependencies, expected: expectedPublicInputs(dependencies.hasher) },
    { prefix: Uint8Array.of(Prefix.PROVER), leaseMs, attempts, lostLeases },
  );
  return { queue, close: async () => {} };
}

/** The queue in Redis; `undefined` if the settings name none. */
export async function openSharedQueue(
  dependencies: QueueDependencies,
  { deployment, queue: { url, leaseMs, attempts, lostLeases } }: QueueOptions,
): Promise<OpenedQueue | undefined> {
  if (url === undefined) return undefined;
  // BullMQ takes a quarter of a second to load, so it is loaded only when needed.
  const { RedisQueue } = await import("@sprtn/prover/redis");
  const queue = await RedisQueue.open(
    { ...dependencies, expected: expectedPublicInputs(dependencies.hasher) },
    { url: url.reveal(), network: deploymentId(deployment), leaseMs, attempts, lostLeases },
  );
  return { queue, close: () => queue.close() };
}
