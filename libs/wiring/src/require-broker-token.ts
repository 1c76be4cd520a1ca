import { isLoopback } from "@sprtn/rpc";
import type { NodeSettings } from "./node-options.js";
import type { Role } from "./roles.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/**
 * Refuses a prover node that others reach without a secret for its agents, and one that no agent could ever work for.
 * @throws WiringError BROKER_TOKEN_MISSING
 */
export function requireBrokerToken(
  roles: ReadonlySet<Role>,
  { rpc, queue, prover }: Pick<NodeSettings, "rpc" | "queue" | "prover">,
): void {
  if (!roles.has("prover-node") || queue.token !== undefined) return;
  const how =
    "give the same PROVER_BROKER_TOKEN to it and to its agents (for example the output of openssl rand -hex 32)";
  if (!isLoopback(rpc.host))
    throw new WiringError(
      WiringErrorCode.BROKER_TOKEN_MISSING,
      `a prover node whose RPC listens on ${rpc.host} needs a secret shared with its agents: ${how}`,
    );
  if (!prover.agentEnabled && queue.url === undefined)
    throw new WiringError(
      WiringErrorCode.BROKER_TOKEN_MISSING,
      `this prover node runs no agent itself, and other agents cannot get its jobs without a shared secret: ${how}`,
    );
}
