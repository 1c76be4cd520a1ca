import { messageOf } from "@sprtn/primitives";
import { type JsonRpcPayload, JsonRpcProvider, type JsonRpcResult, Network } from "ethers";
import { L1Error, L1ErrorCode } from "../l1-error.js";

export interface EndpointSettings {
  readonly url: string;
  readonly chainId: bigint;
  readonly requestTimeoutMs: number;
}

/**
 * One L1 JSON-RPC endpoint. Nothing is cached or batched, and the chain id is asked for once before anything else.
 * What the transport fails at is UNREACHABLE; what L1 answers is ethers' own error.
 */
export class EndpointProvider extends JsonRpcProvider {
  /** Scheme, host and port: paths and user names may hold keys. */
  readonly shownName: string;
  readonly #settings: EndpointSettings;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  #verified = false;

  constructor(settings: EndpointSettings) {
    const network = Network.from(settings.chainId);
    const url = new URL(settings.url);
    // fetch refuses URLs with credentials: they travel as a header.
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    url.username = "";
    url.password = "";
    super(url.href, network, { staticNetwork: network, cacheTimeout: -1, batchMaxCount: 1, polling: true });
    this.#settings = settings;
    this.#url = url.href;
    this.#headers = {
      "content-type": "application/json",
      ...(credentials === ":" ? {} : { authorization: `Basic ${btoa(credentials)}` }),
    };
    this.shownName = `${url.protocol}//${url.host}`;
  }

  /** Throws WRONG_CHAIN. */
  async verifyChain(): Promise<void> {
    if (this.#verified) return;
    const actual = BigInt((await this.send("eth_chainId", [])) as string);
    const { chainId } = this.#settings;
    if (actual !== chainId) {
      throw new L1Error(
        L1ErrorCode.WRONG_CHAIN,
        `${this.shownName} serves chain ${actual}, not ${chainId}: check ETHEREUM_HOST and L1_CHAIN_ID`,
        { endpoints: [this.shownName], expected: String(chainId), actual: String(actual) },
      );
    }
    this.#verified = true;
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: this.#headers,
        body: JSON.stringify(payload),
        signal: AbortSignal.timeout(this.#settings.requestTimeoutMs),
      });
      const body: unknown = await response.json().catch(() => undefined);
      // Some answer what they refuse to do with HTTP 400; other failures (401, 429, 5xx) are the endpoint's.
      const answered = response.ok || response.status === 400;
      if (answered && typeof body === "object" && body !== null && ("result" in body || "error" in body))
        return [body as JsonRpcResult];
      throw this.#unreachable(`answered with HTTP ${response.status}${answered ? " and no JSON-RPC" : ""}`);
    } catch (error) {
      // The endpoint may come back as another one: look at its chain id again.
      this.#verified = false;
      if (error instanceof L1Error) throw error;
      throw this.#unreachable(causeOf(error), error);
    }
  }

  #unreachable(what: string, cause?: unknown): L1Error {
    return new L1Error(
      L1ErrorCode.UNREACHABLE,
      `${this.shownName}: ${what}`,
      { endpoints: [this.shownName] },
      { cause },
    );
  }
}

/** fetch hides what happened ("connect ECONNREFUSED …") one level down. */
function causeOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
