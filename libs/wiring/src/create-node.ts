import "reflect-metadata";
import { P2pNode } from "@sprtn/p2p";
import type { EpochProofSource, Meter, Service } from "@sprtn/ports";
import { Lifecycle } from "@sprtn/runtime";
import { type DependencyContainer, container as processContainer } from "tsyringe";
import { attests, bindNode } from "./bind-node.js";
import { bindProverNode, createCoordinator, createLocalAgent, createProverSubmitter } from "./bind-prover.js";
import { bindSequencer, guardProtection } from "./bind-sequencer.js";
import type { NodeOptions } from "./node-options.js";
import { parts } from "./node-tokens.js";
import type { ProofSystem } from "./proof-system.js";
import { type OpenedQueue, openQueue } from "./open-queue.js";
import { type NodeResources, openNodeResources, type ProcessResources } from "./resources.js";
import { getter, type Get } from "./tokens.js";

/** A node that is put together and not started yet. */
export interface CreatedNode extends Service {
  readonly get: Get;
  readonly resources: NodeResources;
}

/** What nodes of one process share. */
export interface SharedParts {
  readonly proofs: ProofSystem;
  /** Where the node's coordinator gets proofs from, if not from its own prover. */
  readonly epochProofs?: EpochProofSource | undefined;
}

/** Opens a node's stores and binds the parts of its roles. */
export async function createNode(
  process: ProcessResources,
  meter: Meter,
  options: NodeOptions,
  shared: SharedParts,
): Promise<CreatedNode> {
  const resources = await openNodeResources(process, meter, options);
  let queue: OpenedQueue | undefined;
  const close = async () => {
    await queue?.close();
    await resources.close();
  };
  try {
    const container = processContainer.createChildContainer();
    bindNode(container, process, resources, options, shared.proofs);
    const get = getter(container);
    if (options.roles.has("sequencer")) {
      bindSequencer(container, process, resources, options);
      await guardProtection(get, process, resources, options);
    }
    if (options.roles.has("prover-node")) {
      queue = await openQueue(process, resources, get(parts.proofs), options);
      bindProverNode(container, process, resources, queue.queue, options);
    }
    const lifecycle = new Lifecycle({ services: servicesOf(container, process, options, shared) });
    return {
      get,
      resources,
      start: signal => lifecycle.start(signal),
      stop: async () => {
        await lifecycle.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** In the order in which they start; they stop in reverse. */
function servicesOf(
  container: DependencyContainer,
  process: ProcessResources,
  options: NodeOptions,
  shared: SharedParts,
): { name: string; service: Service }[] {
  const get = getter(container);
  const services: { name: string; service: Service }[] = [];
  const add = (name: string, service: Service) => services.push({ name, service });
  const network = get(parts.gossip);
  add("archiver", get(parts.archiver));
  add("tx pool", get(parts.txPool));
  add("validator", get(parts.validator));
  // Last of those that hear messages: none arrives before there is somebody to judge it.
  if (network instanceof P2pNode) add("p2p", network);
  if (attests(options)) {
    add("validator set", get(parts.membership));
    add("sequencer", get(parts.sequencer));
    add("epoch duties", get(parts.epochDuties));
  }
  const prover = options.roles.has("prover-node") ? get(parts.proverNode) : undefined;
  if (prover !== undefined) {
    add("prover node", prover);
    if (options.settings.prover.agentEnabled) {
      shared.proofs.prepareProving();
      add("prover agent", createLocalAgent(container, process, options));
    }
    add("proof submitter", createProverSubmitter(container, process, options));
  }
  const source = prover ?? shared.epochProofs;
  if (attests(options) && source !== undefined)
    add("proof coordinator", createCoordinator(container, process, options, source));
  return services;
}
