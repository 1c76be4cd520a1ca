import type { L1Settings } from "@sprtn/l1-client/settings";
import type { Deployment } from "@sprtn/protocol";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/**
 * What is set has to be the deployment's chain: nothing that follows could be understood otherwise.
 * @throws WiringError WRONG_CHAIN
 */
export function requireChain({ chainId }: Pick<L1Settings, "chainId">, deployment: Pick<Deployment, "chainId">): void {
  if (chainId === deployment.chainId) return;
  throw new WiringError(
    WiringErrorCode.WRONG_CHAIN,
    `the deployment is on L1 chain ${deployment.chainId}, but L1_CHAIN_ID (--l1-chain-id) is ${chainId}: set it to ` +
      `${deployment.chainId} and ETHEREUM_HOST to an endpoint of that chain, or give the other network's deployment`,
  );
}
