import { CodedError, messageOf } from "@sprtn/primitives";
import type { Clock, L1BlockRef } from "@sprtn/ports";
import { type JsonRpcError, type JsonRpcPayload, JsonRpcProvider, type JsonRpcResult, Network } from "ethers";
import { bytesWithin } from "@sprtn/runtime";
import { L1Error, L1ErrorCode, type L1ErrorPayload } from "../l1-error.js";
import { blockRef } from "../reader/block-ref.js";
import { classifyAnswer } from "./classify-answer.js";
import { readEndpointUrl } from "./endpoint-url.js";
import { HeadWatch } from "./head-watch.js";
import { LogRange } from "./log-range.js";

/** One endpoint: its URL, the chain that it must be of, its patience. */
export interface EndpointSettings {
  readonly url: string;
  readonly chainId: bigint;
  readonly requestTimeoutMs: number;
  /** Blocks whose logs are asked for at once, at most. */
  readonly maxLogRange: number;
  /** Age beyond which a head is stale; 0 for none. */
  readonly maxHeadAgeMs: number;
  /** L1's interval between blocks, s. */
  readonly slotSeconds: number;
}

/** LIMIT-34: bytes of an answer. Logs of fewer blocks, and blocks without their transactions, are far below it. */
export const MAX_L1_ANSWER_BYTES = 64 * 1024 * 1024;

/** The clock, and by how much it is known to be ahead of L1, ms. */
export interface EndpointDependencies {
  readonly clock: Clock;
  readonly clockAheadMs: () => number;
}

/**
 * One L1 JSON-RPC endpoint. Nothing is cached or batched, and the chain id is asked for once before anything else.
 * What is the endpoint's trouble is an L1Error (UNREACHABLE, RATE_LIMITED, BAD_ANSWER, RANGE_TOO_LARGE, STALE_HEAD,
 * WRONG_CHAIN); what L1 answers is ethers' own error.
 */
export class EndpointProvider extends JsonRpcProvider {
  /** Scheme, host and port: paths and user names may hold keys. */
  readonly shownName: string;
  readonly logRange: LogRange;
  readonly headWatch: HeadWatch;
  readonly #clock: Clock;
  readonly #clockAheadMs: () => number;
  readonly #settings: EndpointSettings;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  #verified = false;

  /** @throws L1Error BAD_SETTING for a URL that no endpoint has */
  constructor(dependencies: EndpointDependencies, settings: EndpointSettings) {
    const network = Network.from(settings.chainId);
    const { url, authorization } = readEndpointUrl(settings.url);
    super(url.href, network, { staticNetwork: network, cacheTimeout: -1, batchMaxCount: 1, polling: true });
    this.#clock = dependencies.clock;
    this.#clockAheadMs = dependencies.clockAheadMs;
    this.#settings = settings;
    this.headWatch = new HeadWatch({ maxAgeMs: settings.maxHeadAgeMs, slotSeconds: settings.slotSeconds });
    this.logRange = new LogRange(settings.maxLogRange);
    this.#url = url.href;
    this.#headers = { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) };
    this.shownName = `${url.protocol}//${url.host}`;
  }

  /** @throws WRONG_CHAIN */
  async verifyChain(): Promise<void> {
    if (!this.#verified) await this.confirmChain();
  }

  /** Asks, though it was verified: an endpoint may come to serve another chain at any time. @throws WRONG_CHAIN */
  async confirmChain(): Promise<void> {
    const actual = BigInt((await this.send("eth_chainId", [])) as string);
    const { chainId } = this.#settings;
    this.#verified = actual === chainId;
    if (!this.#verified) {
      throw new L1Error(
        L1ErrorCode.WRONG_CHAIN,
        `${this.shownName} serves chain ${actual}, not ${chainId}: check ETHEREUM_HOST and L1_CHAIN_ID`,
        { endpoints: [this.shownName], expected: String(chainId), actual: String(actual) },
      );
    }
  }

  /** The newest block, of the right chain. @throws WRONG_CHAIN, STALE_HEAD, BAD_ANSWER */
  async head(): Promise<L1BlockRef> {
    const [, head] = await Promise.all([this.confirmChain(), blockRef(this, "latest")]);
    if (!head) throw this.#failure(L1ErrorCode.BAD_ANSWER, "has no newest block");
    // Seen before it is judged: it may be what shows that the clock is wrong.
    if (this.headWatch.staleness(head, this.#clock.nowMs()) === undefined) return head;
    const ageMs = this.headWatch.staleness(head, this.#clock.nowMs(), this.#clockAheadMs());
    if (ageMs === undefined) return head;
    const age = `${Math.round(ageMs / 1000)} s old`;
    const text =
      `is at block ${head.number}, which is ${age}: it has stopped importing, or is catching up; if this is ` +
      "reported for every endpoint, check this machine's clock, or raise L1_MAX_HEAD_AGE";
    throw this.#failure(L1ErrorCode.STALE_HEAD, text);
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const { method, params, id } = (Array.isArray(payload) ? payload[0] : payload) as JsonRpcPayload;
    const late = new AbortController();
    const { requestTimeoutMs } = this.#settings;
    const cancel = this.#clock.schedule(requestTimeoutMs, () => late.abort());
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: this.#headers,
        body: JSON.stringify(payload),
        signal: late.signal,
      });
      const bytes = await bytesWithin(response.body, MAX_L1_ANSWER_BYTES);
      if (bytes === undefined)
        throw this.#failure(
          isLogRange(method, params) ? L1ErrorCode.RANGE_TOO_LARGE : L1ErrorCode.BAD_ANSWER,
          `answered ${method} with more than ${MAX_L1_ANSWER_BYTES} bytes; use another endpoint, or repair this one`,
        );
      const answer = classifyAnswer({
        method,
        params: Array.isArray(params) ? params : [],
        status: response.status,
        retryAfter: response.headers.get("retry-after"),
        text: new TextDecoder().decode(bytes),
        nowMs: this.#clock.nowMs(),
      });
      switch (answer.kind) {
        case "answered":
          // Some answer an error without the id that was asked with.
          return [{ ...answer.body, id } as JsonRpcResult];
        case "rate-limited": {
          const { retryAfterMs } = answer;
          throw this.#failure(
            L1ErrorCode.RATE_LIMITED,
            `limits the rate of requests: ${answer.what}`,
            retryAfterMs === undefined ? {} : { payload: { retryAfterMs } },
          );
        }
        case "range-too-large":
          throw this.#failure(L1ErrorCode.RANGE_TOO_LARGE, `does not return these logs: ${answer.what}`);
        case "bad":
          throw this.#failure(L1ErrorCode.BAD_ANSWER, `${answer.what}; use another endpoint, or repair this one`);
        case "failed":
          throw this.#failure(L1ErrorCode.UNREACHABLE, answer.what);
      }
    } catch (error) {
      // Logs of fewer blocks may come in time.
      const failure =
        error instanceof L1Error
          ? error
          : late.signal.aborted
            ? this.#failure(
                isLogRange(method, params) ? L1ErrorCode.RANGE_TOO_LARGE : L1ErrorCode.UNREACHABLE,
                `did not answer ${method} within ${requestTimeoutMs} ms`,
                { payload: { timeoutMs: requestTimeoutMs } },
              )
            : this.#failure(L1ErrorCode.UNREACHABLE, causeOf(error), { cause: error });
      // The endpoint may come back as another one: look at its chain id again.
      if (failure.code === L1ErrorCode.UNREACHABLE || failure.code === L1ErrorCode.BAD_ANSWER) this.#verified = false;
      throw failure;
    } finally {
      cancel();
    }
  }

  /** What ethers cannot read of an error is no error of JSON-RPC. */
  override getRpcError(payload: JsonRpcPayload, error: JsonRpcError): Error {
    try {
      return super.getRpcError(payload, error);
    } catch (cause) {
      return this.#failure(
        L1ErrorCode.BAD_ANSWER,
        `answered ${payload.method} with an unreadable error; use another endpoint`,
        { cause },
      );
    }
  }

  /** The endpoint's own trouble, named as an operator may see it. */
  #failure(code: L1ErrorCode, what: string, more: { payload?: L1ErrorPayload; cause?: unknown } = {}): L1Error {
    const payload = { endpoints: [this.shownName], ...more.payload };
    return new L1Error(code, `${this.shownName}: ${what}`, payload, { cause: more.cause });
  }
}

function isLogRange(method: string, params: unknown): boolean {
  if (method !== "eth_getLogs") return false;
  const [{ fromBlock, toBlock } = {}] = params as { readonly fromBlock?: string; readonly toBlock?: string }[];
  return fromBlock !== toBlock;
}

/** fetch hides what happened ("connect ECONNREFUSED …") one level down. */
function causeOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}

const ofEndpoint: ReadonlySet<string> = new Set([
  L1ErrorCode.UNREACHABLE,
  L1ErrorCode.WRONG_CHAIN,
  L1ErrorCode.RATE_LIMITED,
  L1ErrorCode.RANGE_TOO_LARGE,
  L1ErrorCode.BAD_ANSWER,
  L1ErrorCode.STALE_HEAD,
]);

/** Whether an error is an endpoint's trouble, so that another endpoint may do better. */
export function isEndpointFailure(error: unknown): error is L1Error {
  return error instanceof CodedError && ofEndpoint.has(error.code);
}
