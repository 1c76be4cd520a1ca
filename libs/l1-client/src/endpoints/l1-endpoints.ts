import type { Logger } from "@sprtn/ports";
import { messageOf } from "@sprtn/primitives";
import type { JsonRpcProvider } from "ethers";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import { EndpointProvider } from "./endpoint-provider.js";
import { requestError } from "./request-error.js";

export interface L1EndpointsSettings {
  /** In order of preference. */
  readonly urls: readonly string[];
  readonly chainId: bigint;
  readonly requestTimeoutMs: number;
}

/** Several endpoints of one L1. The one that works is kept until it fails. */
export class L1Endpoints {
  readonly chainId: bigint;
  readonly #logger: Logger;
  readonly #endpoints: readonly EndpointProvider[];
  #current = 0;

  constructor(dependencies: { readonly logger: Logger }, settings: L1EndpointsSettings) {
    if (settings.urls.length === 0)
      throw new L1Error(L1ErrorCode.BAD_SETTING, "there is no L1 endpoint: give at least one URL in ETHEREUM_HOST");
    this.#logger = dependencies.logger;
    this.chainId = settings.chainId;
    this.#endpoints = settings.urls.map(
      url => new EndpointProvider({ url, chainId: settings.chainId, requestTimeoutMs: settings.requestTimeoutMs }),
    );
  }

  /**
   * `task`'s result with one endpoint for all of its requests: what it reads is one node's view. When the endpoint
   * fails at
   * the transport or serves another chain, the whole task runs again on the next one. Throws UNREACHABLE when all have
   * failed (WRONG_CHAIN if that is what is wrong with each), REQUEST_FAILED and REVERTED for what L1 answers.
   */
  async run<T>(task: (provider: JsonRpcProvider) => Promise<T>): Promise<T> {
    const failures: L1Error[] = [];
    for (let tried = 0; tried < this.#endpoints.length; tried++) {
      const index = this.#current;
      const endpoint = this.#endpoints[index] as EndpointProvider;
      try {
        await endpoint.verifyChain();
        return await task(endpoint);
      } catch (error) {
        if (!isEndpointFailure(error)) throw requestError(error);
        failures.push(error);
        // Another task may have moved on meanwhile.
        if (this.#current === index) this.#current = (index + 1) % this.#endpoints.length;
        if (this.#endpoints.length > 1)
          this.#logger.warn("an L1 endpoint failed: trying the next one", {
            endpoint: endpoint.shownName,
            reason: messageOf(error),
          });
      }
    }
    throw this.#allFailed(failures);
  }

  /** Ends what ethers keeps running for its providers. */
  close(): void {
    for (const endpoint of this.#endpoints) endpoint.destroy();
  }

  #allFailed(failures: readonly L1Error[]): L1Error {
    const wrongChain = failures.find(failure => failure.code === L1ErrorCode.WRONG_CHAIN);
    if (wrongChain && failures.every(failure => failure.code === L1ErrorCode.WRONG_CHAIN)) return wrongChain;
    const text = `no L1 endpoint works: ${failures.map(messageOf).join("; ")}. Check ETHEREUM_HOST and that the node runs`;
    return new L1Error(
      L1ErrorCode.UNREACHABLE,
      text,
      { endpoints: this.#endpoints.map(endpoint => endpoint.shownName) },
      { cause: new AggregateError(failures) },
    );
  }
}

function isEndpointFailure(error: unknown): error is L1Error {
  return error instanceof L1Error && (error.code === L1ErrorCode.UNREACHABLE || error.code === L1ErrorCode.WRONG_CHAIN);
}
