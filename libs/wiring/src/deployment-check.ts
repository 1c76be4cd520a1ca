import { checkDeployment, DeploymentErrorCode } from "@sprtn/deployment";
import { type L1Endpoints, L1ErrorCode } from "@sprtn/l1-client";
import { codeOf, messageOf } from "@sprtn/primitives";
import type { Logger, Service } from "@sprtn/ports";
import type { Deployment } from "@sprtn/protocol";
import { contractReader } from "./contract-reader.js";

/**
 * What tells that the node is given another deployment than L1 holds; all else is an L1 that does not answer as it
 * should.
 */
const refusals: readonly string[] = [DeploymentErrorCode.MISMATCH, L1ErrorCode.WRONG_CHAIN];

/**
 * Compares the deployment that a node was given with L1, once, at the start; an L1 that does not answer is for the
 * archiver to wait for.
 */
export class DeploymentCheck implements Service {
  readonly #dependencies: { readonly endpoints: L1Endpoints; readonly logger: Logger };

  constructor(
    dependencies: { readonly endpoints: L1Endpoints; readonly logger: Logger },
    private readonly settings: { readonly deployment: Deployment },
  ) {
    this.#dependencies = dependencies;
  }

  /** @throws DeploymentError MISMATCH, L1Error WRONG_CHAIN */
  async start(): Promise<void> {
    const { endpoints } = this.#dependencies;
    const reader = contractReader(endpoints.chainId, (method, params) =>
      endpoints.run(provider => provider.send(method, [...params])),
    );
    try {
      await checkDeployment(reader, this.settings.deployment);
    } catch (error) {
      if (refusals.includes(codeOf(error))) throw error;
      this.#dependencies.logger.verbose("the deployment was not compared with L1", {
        code: codeOf(error),
        reason: messageOf(error),
      });
    }
  }

  async stop(): Promise<void> {}
}
