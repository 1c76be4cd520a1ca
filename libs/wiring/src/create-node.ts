import type { L1Heads } from "@sprtn/l1-client";
import type { ActivitySource } from "@sprtn/ports";
import type { L1Adapters } from "./container/node-tokens.js";
import { ports } from "./container/node-tokens.js";
import { createNodeContainer } from "./container/node-container.js";
import { type AssembledNode, assembleNode } from "./node.js";
import type { NodeOptions } from "./node-options.js";
import type { NodeEnvironment } from "./process-resources.js";

/** A node with what the programs around it share of its way to L1. */
export interface CreatedNode extends AssembledNode {
  readonly options: NodeOptions;
  readonly l1: L1Adapters & { readonly heads: L1Heads };
  /** What its parts see and do. */
  readonly journal: ActivitySource;
}

/**
 * The composition root: binds the ports of a node to adapters, or to what the options replace them with, and puts the
 * node together from them.
 * @throws what {@link assembleNode} throws
 */
export async function createNode(environment: NodeEnvironment, options: NodeOptions): Promise<CreatedNode> {
  const { get, ports: nodePorts } = createNodeContainer(environment, options);
  const { parts, start, stop } = await assembleNode(nodePorts, options);
  return {
    parts,
    start,
    stop,
    options,
    journal: nodePorts.journal,
    l1: {
      get heads() {
        return nodePorts.heads;
      },
      get endpoints() {
        return get(ports.endpoints);
      },
      get senders() {
        return get(ports.senders);
      },
    },
  };
}
