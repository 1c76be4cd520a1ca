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
  const how = "give PROVER_BROKER_TOKEN, such as openssl rand -hex 32 prints, to it and to its agents";
  if (!isLoopback(rpc.host))
    throw new WiringError(
      WiringErrorCode.BROKER_TOKEN_MISSING,
      `a prover node whose RPC listens on ${rpc.host} needs a secret that it shares with its agents: ${how}`,
    );
  if (!prover.agentEnabled && queue.url === undefined)
    throw new WiringError(
      WiringErrorCode.BROKER_TOKEN_MISSING,
      `this prover node has no agent of its own, and others cannot get its jobs without a secret: ${how}`,
    );
}
