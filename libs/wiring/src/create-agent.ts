import type { CircuitsOptions } from "@sprtn/circuits-client/settings";
import { codeOf, messageOf } from "@sprtn/primitives";
import type { Meter, ProofBackend, Service } from "@sprtn/ports";
import { circuitNames, type Deployment } from "@sprtn/protocol";
import { ProverAgent, ProverErrorCode } from "@sprtn/prover";
import type { ProverAgentOptions, ProverQueueOptions } from "@sprtn/prover/settings";
import { brokerMethods, createNodeClient, createRpcClient } from "@sprtn/rpc";
import { untilAnswered } from "@sprtn/runtime";
import type { OpenedQueue } from "./assemble/node-ports.js";
import { namingNoNode } from "./not-a-node.js";
import { openSharedQueue } from "./open-queue.js";
import { openProofSystem, type ProofSystem } from "./proof-system.js";
import type { ProcessResources } from "./process-resources.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

export interface RemoteAgentOptions {
  readonly agent: ProverAgentOptions;
  readonly queue: ProverQueueOptions;
  readonly circuits: CircuitsOptions;
}

/**
 * An agent for a broker on another machine, or for a queue in Redis: it asks the prover node (with Redis, any node)
 * which proofs its deployment takes, as long as it must, then proves.
 */
export class RemoteAgent implements Service {
  #proofs: ProofSystem | undefined;
  #queue: OpenedQueue | undefined;
  #agent: ProverAgent | undefined;

  readonly #dependencies: ProcessResources & { readonly meter: Meter };

  constructor(
    dependencies: ProcessResources & { readonly meter: Meter },
    private readonly options: RemoteAgentOptions & { readonly brokerHost: string },
  ) {
    this.#dependencies = dependencies;
  }

  async start(signal: AbortSignal): Promise<void> {
    const { clock, logger, meter } = this.#dependencies;
    const { agent, queue, circuits, brokerHost } = this.options;
    const deployment = await this.#deployment(signal);
    this.#proofs = await openProofSystem(this.#dependencies, circuits, deployment);
    this.#proofs.prepareProving();
    this.#queue = await this.#sharedQueue(this.#proofs.backend, deployment, signal);
    const jobs = this.#queue?.queue ?? createRpcClient(brokerMethods, brokerHost, tokenOption(queue));
    this.#agent = new ProverAgent(
      { jobs, backend: this.#proofs.backend, clock, logger, meter },
      { name: agent.name, concurrency: agent.concurrency, pollMs: agent.pollMs, circuits: circuitNames },
    );
    await this.#agent.start(signal);
  }

  async stop(): Promise<void> {
    await this.#agent?.stop();
    await this.#queue?.close();
    await this.#proofs?.close();
  }

  #deployment(signal: AbortSignal): Promise<Deployment> {
    const { hasher } = this.#dependencies;
    const { brokerHost } = this.options;
    const node = createNodeClient(brokerHost, { hasher });
    const what = `a node at ${brokerHost}: start it, or correct PROVER_BROKER_HOST`;
    const ask = async () => {
      try {
        return (await node.getNodeInfo()).deployment;
      } catch (error) {
        throw namingNoNode(error, "PROVER_BROKER_HOST");
      }
    };
    return this.#patiently(what, ask, { signal });
  }

  /** An unreachable Redis may come back; one that is not fit for a queue must be reported. */
  #sharedQueue(backend: ProofBackend, deployment: Deployment, signal: AbortSignal): Promise<OpenedQueue | undefined> {
    const open = () => openSharedQueue({ ...this.#dependencies, backend }, { deployment, queue: this.options.queue });
    return this.#patiently("Redis: start it, or correct PROVER_QUEUE_URL", open, {
      signal,
      isHopeless: error => codeOf(error) !== ProverErrorCode.QUEUE_UNREACHABLE,
    });
  }

  #patiently<T>(
    what: string,
    ask: () => Promise<T>,
    { signal, isHopeless = () => false }: { signal: AbortSignal; isHopeless?: (error: unknown) => boolean },
  ): Promise<T> {
    const { clock, logger } = this.#dependencies;
    const onWaiting = (error: unknown) =>
      logger.warn(`waiting for ${what}`, { code: codeOf(error), reason: messageOf(error) });
    return untilAnswered(ask, { clock, pollMs: this.options.agent.pollMs, onWaiting, isHopeless, signal });
  }
}

function tokenOption({ token }: ProverQueueOptions): { readonly token?: string } {
  return token === undefined ? {} : { token: token.reveal() };
}

/** @throws WiringError KEY_MISSING without a broker */
export function createRemoteAgent(
  process: ProcessResources,
  meter: Meter,
  { agent, queue, circuits }: RemoteAgentOptions,
): RemoteAgent {
  const { brokerHost } = agent;
  if (brokerHost === undefined)
    throw new WiringError(
      WiringErrorCode.KEY_MISSING,
      "no broker is set: give PROVER_BROKER_HOST, the RPC URL of the prover node (or, with PROVER_QUEUE_URL, of " +
        "any node of the network)",
    );
  return new RemoteAgent({ ...process, meter }, { agent, queue, circuits, brokerHost });
}
