import type { EpochProofSource, JobSource, L1Publisher, ProofQueue } from "@sprtn/ports";
import { ProofSubmitter, ProverAgent, ProverNode } from "@sprtn/prover";
import { circuitNames } from "@sprtn/protocol";
import type { DependencyContainer } from "tsyringe";
import { createPublisher } from "./bind-sequencer.js";
import type { NodeOptions } from "./node-options.js";
import { parts } from "./node-tokens.js";
import type { NodeResources, ProcessResources } from "./resources.js";
import { bind, bindValue, getter } from "./tokens.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/** A prover node's parts: the queue, the node that fills it, and what answers coordinators. */
export function bindProverNode(
  container: DependencyContainer,
  process: ProcessResources,
  resources: NodeResources,
  queue: ProofQueue & JobSource,
  options: NodeOptions,
): void {
  bindValue(container, parts.queue, queue);
  bind(container, parts.proverNode, get => {
    const { deployment, proverKey } = options;
    return new ProverNode(
      {
        blocks: get(parts.archiver),
        forks: get(parts.worldState),
        txs: get(parts.txPool),
        keys: get(parts.keys),
        queue: get(parts.queue),
        committees: get(parts.committees),
        clock: process.clock,
        logger: get(parts.logger).child("prover"),
        meter: resources.meter,
      },
      {
        deployment,
        pollingIntervalMs: options.settings.prover.pollingIntervalMs,
        ...(proverKey === undefined ? {} : { ownAddress: createPublisher(container, options, proverKey).address }),
      },
    );
  });
}

/** Sends proofs with the prover's own key: where the right is open, and after D1. */
export function createProverSubmitter(
  container: DependencyContainer,
  process: ProcessResources,
  options: NodeOptions,
): ProofSubmitter {
  if (options.proverKey === undefined)
    throw new WiringError(
      WiringErrorCode.KEY_MISSING,
      "a prover node needs a key that pays for its proofs: give PROVER_PUBLISHER_PRIVATE_KEY, SEQ_PUBLISHER_PRIVATE_KEY or MNEMONIC",
    );
  return createSubmitter(container, process, options, {
    proofs: getter(container)(parts.proverNode),
    publisher: createPublisher(container, options, options.proverKey),
    whenAnyoneMay: true,
  });
}

/** Sends the proofs of the epochs that this validator coordinates; they come from `proofs`. */
export function createCoordinator(
  container: DependencyContainer,
  process: ProcessResources,
  options: NodeOptions,
  proofs: EpochProofSource,
): ProofSubmitter {
  return createSubmitter(container, process, options, {
    proofs,
    publisher: getter(container)(parts.publisher),
    whenAnyoneMay: false,
  });
}

function createSubmitter(
  container: DependencyContainer,
  process: ProcessResources,
  options: NodeOptions,
  own: { readonly proofs: EpochProofSource; readonly publisher: L1Publisher; readonly whenAnyoneMay: boolean },
): ProofSubmitter {
  const get = getter(container);
  return new ProofSubmitter(
    {
      blocks: get(parts.archiver),
      rollup: get(parts.rollup),
      committees: get(parts.committees),
      proofs: own.proofs,
      publisher: own.publisher,
      clock: process.clock,
      l1Time: get(parts.heads),
      logger: get(parts.logger).child("proofs"),
      meter: get(parts.meter),
    },
    {
      deployment: options.deployment,
      pollingIntervalMs: options.settings.prover.pollingIntervalMs,
      whenAnyoneMay: own.whenAnyoneMay,
    },
  );
}

/** An agent in the prover node's own process. */
export function createLocalAgent(
  container: DependencyContainer,
  process: ProcessResources,
  options: NodeOptions,
): ProverAgent {
  const get = getter(container);
  const { agent } = options.settings;
  return new ProverAgent(
    {
      jobs: get(parts.queue),
      backend: get(parts.proofs),
      clock: process.clock,
      logger: get(parts.logger).child("agent"),
      meter: get(parts.meter),
    },
    { name: agent.name, concurrency: agent.concurrency, pollMs: agent.pollMs, circuits: circuitNames },
  );
}
