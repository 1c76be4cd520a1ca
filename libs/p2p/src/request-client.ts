import type { Stream } from "@libp2p/interface";
import type { Clock, PeerRequest, RequestProtocol } from "@sprtn/ports";
import { withTimeout } from "@sprtn/runtime";
import { type Answer, AnswerStatus, decodeAnswer, maxAnswerBytes } from "./answer.js";
import { framedStream } from "./framed-stream.js";
import type { P2pMetrics } from "./p2p-metrics.js";
import { P2pError, P2pErrorCode } from "./p2p-error.js";
import type { RequestLimits } from "./request-limits.js";
import { streamError } from "./stream-error.js";

export interface RequestClientDependencies {
  readonly clock: Clock;
  readonly metrics: P2pMetrics;
  /** Opens a stream of `protocol` to a connected peer. @throws PEER_GONE, or libp2p's errors */
  readonly openStream: (peer: string, protocol: RequestProtocol, signal: AbortSignal) => Promise<Stream>;
  /** Hears of answers that break the protocol. */
  readonly onMisbehaviour: (peer: string, code: string) => void;
}

/** Asks peers: one stream a request. */
export class RequestClient {
  readonly #dependencies: RequestClientDependencies;
  readonly #limits: Readonly<Record<RequestProtocol, RequestLimits>>;

  constructor(
    dependencies: RequestClientDependencies,
    settings: { readonly limits: Readonly<Record<RequestProtocol, RequestLimits>> },
  ) {
    this.#dependencies = dependencies;
    this.#limits = settings.limits;
  }

  /**
   * @throws TIMEOUT, REFUSED (with `remoteCode`), RATE_LIMITED, TOO_LARGE, MALFORMED, PEER_GONE, OTHER_NETWORK, ABORTED
   */
  async request(peer: string, request: PeerRequest, signal?: AbortSignal): Promise<Uint8Array> {
    const { protocol, data } = request;
    const { clock, metrics } = this.#dependencies;
    const { maxRequestBytes } = this.#limits[protocol];
    if (data.length > maxRequestBytes) {
      throw new P2pError(
        P2pErrorCode.TOO_LARGE,
        `a ${protocol} request has at most ${maxRequestBytes} bytes: ask for less at once`,
        { protocol, limitBytes: maxRequestBytes },
      );
    }
    const startedMs = clock.steadyMs();
    try {
      const content = this.#contentOf(await this.#exchange(peer, request, signal), peer, protocol);
      metrics.request(protocol, "client", "ok");
      metrics.requestTook(protocol, clock.steadyMs() - startedMs);
      metrics.requestBytes(protocol, "in", content.length);
      return content;
    } catch (error) {
      const coded = streamError(error, { peer, protocol });
      metrics.request(protocol, "client", coded.code);
      if (coded.code === P2pErrorCode.TOO_LARGE || coded.code === P2pErrorCode.MALFORMED)
        this.#dependencies.onMisbehaviour(peer, coded.code);
      throw coded;
    }
  }

  async #exchange(peer: string, { protocol, data }: PeerRequest, signal: AbortSignal | undefined): Promise<Answer> {
    const { maxResponseBytes, timeoutMs } = this.#limits[protocol];
    return withTimeout(
      { clock: this.#dependencies.clock, timeoutMs, what: `the ${protocol} request to ${peer}`, signal },
      async cut => {
        const stream = await this.#dependencies.openStream(peer, protocol, cut);
        try {
          const frames = framedStream(stream, maxAnswerBytes(maxResponseBytes));
          await frames.write(data, cut);
          return decodeAnswer(await frames.read(cut));
        } catch (error) {
          stream.abort(
            error instanceof Error ? error : new P2pError(P2pErrorCode.MALFORMED, String(error), { peer, protocol }),
          );
          throw error;
        }
      },
    );
  }

  #contentOf(answer: Answer, peer: string, protocol: RequestProtocol): Uint8Array {
    switch (answer.status) {
      case AnswerStatus.OK:
        return answer.content;
      case AnswerStatus.RATE_LIMITED:
        throw new P2pError(
          P2pErrorCode.RATE_LIMITED,
          `peer ${peer} has been sent too many ${protocol} requests: ask another peer or wait`,
          { peer, protocol },
        );
      case AnswerStatus.REFUSED:
        throw new P2pError(
          P2pErrorCode.REFUSED,
          `peer ${peer} refused a ${protocol} request with ${answer.code}: ask another peer`,
          { peer, protocol, remoteCode: answer.code },
        );
    }
  }
}
