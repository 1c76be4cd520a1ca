import type { JobSource, Meter, ProofBackend, ProofQueue } from "@sprtn/ports";
import type { Deployment } from "@sprtn/protocol";
import { Broker, expectedPublicInputs } from "@sprtn/prover";
import type { ProverQueueOptions } from "@sprtn/prover/settings";
import type { NodeOptions } from "./node-options.js";
import { deploymentId, type NodeResources, Prefix, type ProcessResources } from "./resources.js";

/** A queue of proof jobs, for who fills it and for who works it off. */
export interface OpenedQueue {
  readonly queue: ProofQueue & JobSource;
  close(): Promise<void>;
}

type Parts = ProcessResources & { readonly meter: Meter; readonly backend: ProofBackend };

/**
 * The prover node's queue, with what an earlier run left in it: in Redis if PROVER_QUEUE_URL says which, else in the
 * data directory.
 */
export async function openQueue(
  process: ProcessResources,
  resources: NodeResources,
  backend: ProofBackend,
  { deployment, settings }: NodeOptions,
): Promise<OpenedQueue> {
  const parts = { ...process, logger: resources.logger.child("broker"), meter: resources.meter, backend };
  const shared = await openSharedQueue(parts, deployment, settings.queue);
  if (shared !== undefined) return shared;
  const { leaseMs, attempts, lostLeases } = settings.queue;
  const queue = await Broker.open(
    { ...parts, store: resources.stores.prover, expected: expectedPublicInputs(process.hasher) },
    { prefix: Uint8Array.of(Prefix.PROVER), leaseMs, attempts, lostLeases },
  );
  return { queue, close: async () => {} };
}

/** The queue in Redis; `undefined` if the settings name none. */
export async function openSharedQueue(
  parts: Parts,
  deployment: Deployment,
  { url, leaseMs, attempts, lostLeases }: ProverQueueOptions,
): Promise<OpenedQueue | undefined> {
  if (url === undefined) return undefined;
  // BullMQ takes a quarter of a second to load: only for who uses it.
  const { RedisQueue } = await import("@sprtn/prover/redis");
  const queue = await RedisQueue.open(
    { ...parts, expected: expectedPublicInputs(parts.hasher) },
    { url: url.reveal(), network: deploymentId(deployment), leaseMs, attempts, lostLeases },
  );
  return { queue, close: () => queue.close() };
}
