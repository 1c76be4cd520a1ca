import type { Meter } from "@sprtn/ports";
import { brokerMethods, nodeMethods, proverMethods, RpcServer, serveGroup } from "@sprtn/rpc";
import type { CreatedNode } from "./create-node.js";
import type { NodeOptions } from "./node-options.js";
import { parts } from "./node-tokens.js";
import { readinessChecks, readinessOf } from "./readiness.js";
import type { ProcessResources } from "./resources.js";

/**
 * The RPC of a node, and of its prover and broker if it has them. `metricsText` is the process's, or the node's own.
 */
export function createRpc(
  process: ProcessResources,
  node: CreatedNode,
  options: NodeOptions,
  metrics: Meter & { metricsText(): Promise<string> },
  prover?: CreatedNode,
): RpcServer {
  const { get } = node;
  const checks = readinessChecks(node, options);
  const proving = options.roles.has("prover-node") ? node : prover;
  return new RpcServer(
    {
      groups: [
        serveGroup(nodeMethods(process.hasher), get(parts.nodeService)),
        ...(proving === undefined
          ? []
          : [
              serveGroup(proverMethods, proving.get(parts.proverNode)),
              serveGroup(brokerMethods, proving.get(parts.queue), { guarded: true }),
            ]),
      ],
      clock: process.clock,
      logger: get(parts.logger).child("rpc"),
      meter: metrics,
      readiness: () => readinessOf(checks),
      metricsText: () => metrics.metricsText(),
      version: options.version,
    },
    { ...options.settings.rpc, accessToken: options.settings.queue.token },
  );
}
