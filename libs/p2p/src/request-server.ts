import type { Stream } from "@libp2p/interface";
import { codeOf, messageOf } from "@sprtn/primitives";
import type { Logger, RequestHandler, RequestProtocol } from "@sprtn/ports";
import { type Clock, RateLimiter, withTimeout } from "@sprtn/runtime";
import { type Answer, AnswerStatus, encodeAnswer } from "./answer.js";
import { framedStream } from "./framed-stream.js";
import { REQUEST_PROTOCOLS } from "./network.js";
import type { P2pMetrics } from "./p2p-metrics.js";
import { P2pError, P2pErrorCode } from "./p2p-error.js";
import { PENALTY } from "./peer-scores.js";
import type { RequestLimits } from "./request-limits.js";
import { streamError } from "./stream-error.js";

export interface RequestServerDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: P2pMetrics;
  readonly penalize: (peer: string, points: number, code: string) => void;
}

export interface RequestServerSettings {
  readonly limits: Readonly<Record<RequestProtocol, RequestLimits>>;
  readonly maxConcurrent: number;
  /** Peers whose rates are remembered. */
  readonly maxPeers: number;
}

const ALL_PEERS = "";

interface Rates {
  readonly perPeer: RateLimiter;
  readonly total: RateLimiter;
}

/** Answers peers: one stream a request, bounded in size, time, rate and number. */
export class RequestServer {
  readonly #dependencies: RequestServerDependencies;
  readonly #settings: RequestServerSettings;
  readonly #handlers = new Map<RequestProtocol, RequestHandler>();
  readonly #rates = new Map<RequestProtocol, Rates>();
  readonly #serving = new Map<string, number>();
  #servingTotal = 0;

  constructor(dependencies: RequestServerDependencies, settings: RequestServerSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    for (const protocol of REQUEST_PROTOCOLS) {
      const { perPeer, total } = settings.limits[protocol];
      this.#rates.set(protocol, {
        perPeer: new RateLimiter(dependencies, {
          burst: perPeer.burst,
          tokensPerSecond: perPeer.perSecond,
          maxKeys: settings.maxPeers,
        }),
        total: new RateLimiter(dependencies, { burst: total.burst, tokensPerSecond: total.perSecond, maxKeys: 1 }),
      });
    }
  }

  /** Throws ALREADY_SERVED. */
  setHandler(protocol: RequestProtocol, handler: RequestHandler): void {
    if (this.#handlers.has(protocol)) {
      throw new P2pError(
        P2pErrorCode.ALREADY_SERVED,
        `${protocol} requests are answered already: one handler a protocol, and status, ping and goodbye belong to the p2p library`,
        { protocol },
      );
    }
    this.#handlers.set(protocol, handler);
  }

  /** Serves one inbound stream. Never rejects. */
  async serve(protocol: RequestProtocol, stream: Stream, peer: string): Promise<void> {
    const { clock, logger, metrics, penalize } = this.#dependencies;
    const { timeoutMs } = this.#settings.limits[protocol];
    try {
      await withTimeout({ clock, timeoutMs, what: `a ${protocol} request of ${peer}` }, async signal => {
        const frames = framedStream(stream, this.#settings.limits[protocol].maxRequestBytes);
        const answer = await this.#answer(protocol, peer, () => frames.read(signal));
        metrics.request(
          protocol,
          "server",
          answer.status === AnswerStatus.REFUSED ? "refused" : AnswerStatus[answer.status].toLowerCase(),
        );
        const bytes = encodeAnswer(answer);
        metrics.requestBytes(protocol, "out", bytes.length);
        await frames.write(bytes, signal);
      });
    } catch (error) {
      const coded = streamError(error, { peer, protocol });
      stream.abort(coded);
      metrics.request(protocol, "server", coded.code);
      logger.debug("request not served", { protocol, peer, code: coded.code, error: coded.message });
      if (coded.code === P2pErrorCode.TOO_LARGE || coded.code === P2pErrorCode.MALFORMED)
        penalize(peer, PENALTY.reject, coded.code);
    }
  }

  async #answer(protocol: RequestProtocol, peer: string, read: () => Promise<Uint8Array>): Promise<Answer> {
    const handler = this.#handlers.get(protocol);
    if (!handler) return { status: AnswerStatus.REFUSED, code: "P2P_NOT_SERVED" };
    if (!this.#mayServe(protocol, peer)) return { status: AnswerStatus.RATE_LIMITED };
    const key = `${protocol} ${peer}`;
    this.#serving.set(key, (this.#serving.get(key) ?? 0) + 1);
    this.#servingTotal++;
    try {
      const data = await read();
      return await this.#handled(protocol, handler, { data, from: peer });
    } finally {
      this.#servingTotal--;
      const left = (this.#serving.get(key) ?? 1) - 1;
      if (left > 0) this.#serving.set(key, left);
      else this.#serving.delete(key);
    }
  }

  #mayServe(protocol: RequestProtocol, peer: string): boolean {
    const rates = this.#rates.get(protocol) as Rates;
    if (!rates.perPeer.tryTake(peer)) {
      this.#dependencies.penalize(peer, PENALTY.excess, P2pErrorCode.RATE_LIMITED);
      return false;
    }
    if ((this.#serving.get(`${protocol} ${peer}`) ?? 0) >= this.#settings.limits[protocol].maxConcurrentPerPeer)
      return false;
    return this.#servingTotal < this.#settings.maxConcurrent && rates.total.tryTake(ALL_PEERS);
  }

  async #handled(
    protocol: RequestProtocol,
    handler: RequestHandler,
    request: { data: Uint8Array; from: string },
  ): Promise<Answer> {
    const { maxResponseBytes } = this.#settings.limits[protocol];
    try {
      const content = await handler(request);
      if (content.length <= maxResponseBytes) return { status: AnswerStatus.OK, content };
      this.#dependencies.logger.verbose("answer too large to be sent: its handler must answer with less", {
        protocol,
        bytes: content.length,
        maxResponseBytes,
      });
      return { status: AnswerStatus.REFUSED, code: P2pErrorCode.TOO_LARGE };
    } catch (error) {
      this.#dependencies.logger.verbose("request handler threw: peer gets the code", {
        protocol,
        code: codeOf(error),
        error: messageOf(error),
      });
      return { status: AnswerStatus.REFUSED, code: codeOf(error) };
    }
  }
}
