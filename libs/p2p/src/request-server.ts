import type { Stream } from "@libp2p/interface";
import { codeOf, messageOf } from "@sprtn/primitives";
import type { Clock, Logger, RequestHandler, RequestProtocol } from "@sprtn/ports";
import { withTimeout } from "@sprtn/runtime";
import { type Answer, AnswerStatus, encodeAnswer } from "./answer.js";
import { framedStream } from "./framed-stream.js";
import type { P2pMetrics } from "./p2p-metrics.js";
import { P2pError, P2pErrorCode } from "./p2p-error.js";
import { PENALTY } from "./peer-scores.js";
import { ServingRoom, type ServingRoomSettings } from "./serving-room.js";
import { streamError } from "./stream-error.js";

export interface RequestServerDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: P2pMetrics;
  readonly penalize: (peer: string, points: number, code: string) => void;
}

/** Answers peers: one stream a request, bounded in size, time, rate and number. */
export class RequestServer {
  readonly #dependencies: RequestServerDependencies;
  readonly #settings: ServingRoomSettings;
  readonly #handlers = new Map<RequestProtocol, RequestHandler>();
  readonly #room: ServingRoom;

  constructor(dependencies: RequestServerDependencies, settings: ServingRoomSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#room = new ServingRoom(dependencies, settings);
  }

  /** @throws ALREADY_SERVED */
  setHandler(protocol: RequestProtocol, handler: RequestHandler): void {
    if (this.#handlers.has(protocol)) {
      throw new P2pError(
        P2pErrorCode.ALREADY_SERVED,
        `${protocol} requests already have a handler: each protocol takes one, and status, ping and goodbye belong ` +
          "to the p2p library",
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
    const entered = this.#room.enter(protocol, peer);
    if (entered === "excess") this.#dependencies.penalize(peer, PENALTY.excess, P2pErrorCode.RATE_LIMITED);
    if (entered !== "ok") return { status: AnswerStatus.RATE_LIMITED };
    try {
      return await this.#handled(protocol, handler, { data: await read(), from: peer });
    } finally {
      this.#room.leave(protocol, peer);
    }
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
      this.#dependencies.logger.verbose("answer too large to send: its handler must return less", {
        protocol,
        bytes: content.length,
        maxResponseBytes,
      });
      return { status: AnswerStatus.REFUSED, code: P2pErrorCode.TOO_LARGE };
    } catch (error) {
      this.#dependencies.logger.verbose("request handler failed: the peer is sent the error code", {
        protocol,
        code: codeOf(error),
        error: messageOf(error),
      });
      return { status: AnswerStatus.REFUSED, code: codeOf(error) };
    }
  }
}
