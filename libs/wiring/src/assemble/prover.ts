import type { EpochProofSource, JobSource, L1Publisher, ProofQueue } from "@sprtn/ports";
import { circuitNames, type Deployment } from "@sprtn/protocol";
import { ProofSubmitter, ProverAgent, ProverNode } from "@sprtn/prover";
import type { ProverAgentOptions, ProverNodeOptions } from "@sprtn/prover/settings";
import type { TxPool } from "@sprtn/tx-pool";
import type { ProofSystem } from "../proof-system.js";
import type { ChainParts } from "./chain.js";
import type { NodePorts } from "./node-ports.js";

/** What proves epochs and sends their proofs. */
export interface ProverParts {
  readonly queue: ProofQueue & JobSource;
  readonly proverNode: ProverNode;
  /** In this process, unless the settings leave the work to others. */
  readonly agent?: ProverAgent;
  /** Sends proofs with the prover's own key: where the right is open, and after D1. */
  readonly submitter: ProofSubmitter;
}

/** What a prover is put together from, besides ports. */
export interface ProverDependencyParts {
  readonly chain: Pick<ChainParts, "worldState" | "archiver" | "committees">;
  readonly pool: TxPool;
  readonly proofs: ProofSystem;
  readonly queue: ProofQueue & JobSource;
}

/** How the prover is run. */
export interface ProverAssemblyOptions {
  readonly deployment: Deployment;
  readonly prover: ProverNodeOptions;
  readonly agent: ProverAgentOptions;
}

/** A prover node, its agent and its submitter. */
export function assembleProver(
  ports: SubmitterPorts & Pick<NodePorts, "proverSigner" | "publisherOf">,
  { chain, pool, proofs, queue }: ProverDependencyParts,
  options: ProverAssemblyOptions,
): ProverParts {
  const { clock, logger, meter } = ports;
  const { deployment, prover, agent } = options;
  const publisher = ports.publisherOf(ports.proverSigner);
  const proverNode = new ProverNode(
    {
      blocks: chain.archiver,
      forks: chain.worldState,
      txs: pool,
      keys: proofs.keys,
      queue,
      committees: chain.committees,
      clock,
      logger: logger.child("prover"),
      meter,
    },
    { deployment, pollingIntervalMs: prover.pollingIntervalMs, ownAddress: publisher.address },
  );
  const submitter = assembleSubmitter(
    ports,
    { chain, proofs: proverNode, publisher },
    { deployment, prover, whenAnyoneMay: true },
  );
  if (!prover.agentEnabled) return { queue, proverNode, submitter };
  proofs.prepareProving();
  const ownAgent = new ProverAgent(
    { jobs: queue, backend: proofs.backend, clock, logger: logger.child("agent"), meter },
    { name: agent.name, concurrency: agent.concurrency, pollMs: agent.pollMs, circuits: circuitNames },
  );
  return { queue, proverNode, agent: ownAgent, submitter };
}

/** What sends proofs needs of the outside. */
export type SubmitterPorts = Pick<NodePorts, "rollup" | "heads" | "clock" | "logger" | "meter">;

/** Where proofs come from, and whose key sends them. */
export interface SubmitterParts {
  readonly chain: Pick<ChainParts, "archiver" | "committees">;
  readonly proofs: EpochProofSource;
  readonly publisher: L1Publisher;
}

/** Which epochs' proofs are sent: with `whenAnyoneMay` also those of others, once they are late. */
export interface SubmitterOptions {
  readonly deployment: Deployment;
  readonly prover: Pick<ProverNodeOptions, "pollingIntervalMs">;
  readonly whenAnyoneMay: boolean;
}

/** Sends epochs' proofs to L1: a prover's own, or those that a validator coordinates. */
export function assembleSubmitter(
  { rollup, heads, clock, logger, meter }: SubmitterPorts,
  { chain, proofs, publisher }: SubmitterParts,
  { deployment, prover, whenAnyoneMay }: SubmitterOptions,
): ProofSubmitter {
  return new ProofSubmitter(
    {
      blocks: chain.archiver,
      rollup,
      committees: chain.committees,
      proofs,
      publisher,
      clock,
      l1Time: heads,
      logger: logger.child("proofs"),
      meter,
    },
    { deployment, pollingIntervalMs: prover.pollingIntervalMs, whenAnyoneMay },
  );
}
