import type { Clock, L1BlockRef, Logger } from "@sprtn/ports";
import { messageOf } from "@sprtn/primitives";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import { EndpointHealth } from "./endpoint-health.js";
import { EndpointProvider, isEndpointFailure } from "./endpoint-provider.js";
import { clockAheadOf, maxHeadAgeOf } from "./head-watch.js";
import { requestError } from "./request-error.js";

/** The endpoints of one L1, in order of preference, and what is asked of each. */
export interface L1EndpointsSettings {
  /** In order of preference. */
  readonly urls: readonly string[];
  readonly chainId: bigint;
  readonly requestTimeoutMs: number;
  /** Blocks whose logs are asked for at once, at most; 2000 unless told. */
  readonly maxLogRange?: number | undefined;
  /** Seconds between L1's blocks; 12 unless told. */
  readonly slotSeconds?: number | undefined;
  /**
   * Age beyond which a head is stale, ms, 0 for none; unless told it follows from `slotSeconds`, and chains of
   * development have none.
   */
  readonly maxHeadAgeMs?: number | undefined;
  /** What to do when none works; unless told, to look at ETHEREUM_HOST. */
  readonly remedy?: string | undefined;
}

interface Endpoint {
  readonly provider: EndpointProvider;
  readonly health: EndpointHealth;
  /** It is being tried whether it works again. */
  probed: boolean;
  /** The log says that it does not work. */
  told: boolean;
}

/**
 * Several endpoints of one L1. The first of those that work is used; one that fails is not used for a while, then tried
 * alongside the one in use, and used again once it works.
 */
export class L1Endpoints {
  readonly chainId: bigint;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #maxHeadAgeMs: number;
  readonly #endpoints: readonly Endpoint[];
  readonly #remedy: string;

  constructor(dependencies: { readonly logger: Logger; readonly clock: Clock }, wanted: L1EndpointsSettings) {
    const { urls, chainId, requestTimeoutMs, maxLogRange = 2000, slotSeconds = 12, maxHeadAgeMs } = wanted;
    this.#remedy = wanted.remedy ?? "Check ETHEREUM_HOST and that the L1 node is running";
    if (urls.length === 0)
      throw new L1Error(L1ErrorCode.BAD_SETTING, "there is no L1 endpoint: give at least one URL in ETHEREUM_HOST");
    this.#logger = dependencies.logger;
    this.#clock = dependencies.clock;
    this.chainId = chainId;
    this.#maxHeadAgeMs = maxHeadAgeOf({ chainId, slotSeconds, maxHeadAgeMs });
    const settings = { chainId, requestTimeoutMs, maxLogRange, slotSeconds, maxHeadAgeMs: this.#maxHeadAgeMs };
    const { clock } = dependencies;
    const clockAheadMs = () => this.#clockAheadMs();
    this.#endpoints = urls.map(url => ({
      provider: new EndpointProvider({ clock, clockAheadMs }, { ...settings, url }),
      health: new EndpointHealth(),
      probed: false,
      told: false,
    }));
  }

  /**
   * `task`'s result with one endpoint for all of its requests: what it reads is one node's view. When the endpoint
   * fails, the whole task runs again on the next one. Throws, when all have failed, what is wrong with each if it is
   * the same (WRONG_CHAIN, RATE_LIMITED, STALE_HEAD …), else UNREACHABLE; REQUEST_FAILED and REVERTED for what L1
   * answers.
   */
  async run<T>(task: (provider: EndpointProvider) => Promise<T>): Promise<T> {
    return this.#run(task, failure => failure.code !== L1ErrorCode.STALE_HEAD);
  }

  /** `shows`: whether the task's success shows that an endpoint has got over a failure. */
  async #run<T>(task: (provider: EndpointProvider) => Promise<T>, shows: (failure: L1Error) => boolean): Promise<T> {
    const failures: L1Error[] = [];
    for (const endpoint of this.#inOrder()) {
      const { provider, health } = endpoint;
      const refusal = health.refusal(this.#clock.steadyMs());
      if (refusal) {
        failures.push(refusal);
        continue;
      }
      // Another task may see it fail meanwhile, in what this one does not look at.
      const { failure: before } = health;
      try {
        await provider.verifyChain();
        const result = await task(provider);
        // A doubt is left to time: it is about what the endpoint says, not about whether it answers.
        if (before && before === health.failure && shows(before)) this.#heal(endpoint);
        return result;
      } catch (error) {
        if (!isEndpointFailure(error)) throw requestError(error);
        const failure = named(error, provider.shownName);
        failures.push(failure);
        this.#fail(endpoint, failure);
      }
    }
    throw this.#allFailed(failures);
  }

  /** The newest block. Throws as {@link run}. */
  async head(): Promise<L1BlockRef> {
    return this.#run(
      provider => provider.head(),
      () => true,
    );
  }

  /** Uses another endpoint for a while, if one works. */
  turnAway(): void {
    const [current, ...others] = this.#inOrder();
    if (others.some(({ health }) => health.works)) current?.health.doubt(this.#clock.steadyMs());
  }

  /** Ends what ethers keeps running for its providers. */
  close(): void {
    for (const { provider } of this.#endpoints) provider.destroy();
  }

  /** Those that work first, and then the others, which are all there is when none works. */
  #inOrder(): readonly Endpoint[] {
    const working = this.#endpoints.filter(({ health }) => health.works);
    const others = this.#endpoints.filter(endpoint => !working.includes(endpoint));
    if (working.length === 0) return others;
    for (const endpoint of others) if (endpoint.health.isDue(this.#clock.steadyMs())) void this.#probe(endpoint);
    return [...working, ...others];
  }

  #clockAheadMs(): number {
    const watches = this.#endpoints.map(({ provider }) => provider.headWatch);
    return clockAheadOf(watches, { nowMs: this.#clock.nowMs(), maxAgeMs: this.#maxHeadAgeMs });
  }

  /** Never throws; nothing waits for it. */
  async #probe(endpoint: Endpoint): Promise<void> {
    if (endpoint.probed) return;
    endpoint.probed = true;
    try {
      await endpoint.provider.head();
      this.#heal(endpoint);
    } catch (error) {
      const { shownName } = endpoint.provider;
      const failure = isEndpointFailure(error)
        ? named(error, shownName)
        : new L1Error(L1ErrorCode.UNREACHABLE, `${shownName}: ${messageOf(requestError(error))}`);
      this.#fail(endpoint, failure);
    } finally {
      endpoint.probed = false;
    }
  }

  #fail(endpoint: Endpoint, failure: L1Error): void {
    const { provider, health } = endpoint;
    const news = health.fail(failure, this.#clock.steadyMs());
    const fields = { endpoint: provider.shownName, code: failure.code, reason: messageOf(failure) };
    // If no working endpoint is left, the caller reports that L1 is unreachable.
    if (news === "known" || this.#endpoints.every(({ health: { failure: other } }) => other !== undefined))
      return this.#logger.debug("an L1 endpoint failed", fields);
    endpoint.told = true;
    this.#logger.warn(
      news === "failed"
        ? "an L1 endpoint failed: another one is used until it works again"
        : "an L1 endpoint failed again soon after it recovered: it will be tried less often; repair or replace it",
      fields,
    );
  }

  #heal(endpoint: Endpoint): void {
    const news = endpoint.health.heal(this.#clock.steadyMs());
    if (!news || !endpoint.told) return;
    endpoint.told = false;
    this.#logger.info("an L1 endpoint works again", { endpoint: endpoint.provider.shownName });
  }

  #allFailed(failures: readonly L1Error[]): L1Error {
    const [first] = failures;
    const same = first !== undefined && failures.every(({ code }) => code === first.code);
    if (first && failures.length === 1 && first.code !== L1ErrorCode.UNREACHABLE) return first;
    const found = failures.map(messageOf).join("; ");
    const text = `no L1 endpoint works: ${found}. ${this.#remedy}`;
    return new L1Error(
      same ? first.code : L1ErrorCode.UNREACHABLE,
      text,
      { endpoints: this.#endpoints.map(({ provider }) => provider.shownName) },
      { cause: new AggregateError(failures) },
    );
  }
}

/** The failure with its endpoint's name: what is found in an answer's values is found where the name is not known. */
function named(failure: L1Error, shownName: string): L1Error {
  if (failure.payload.endpoints !== undefined) return failure;
  const text = `${shownName}: ${messageOf(failure)}`;
  return new L1Error(failure.code, text, { ...failure.payload, endpoints: [shownName] }, { cause: failure.cause });
}
