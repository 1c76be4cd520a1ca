import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock, FeedSource, Logger, Meter, PageSource, Service } from "@sprtn/ports";
import type { RateLimiter } from "@sprtn/runtime";
import type { Secret } from "@sprtn/settings";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bindError } from "./bind-error.js";
import { type Caller, Dispatcher } from "./dispatcher.js";
import { showsToken } from "./http/access-token.js";
import { buildApp } from "./http/build-app.js";
import type { Connections } from "./http/connection-limits.js";
import { type Refusal, refusals, sendError } from "./http/refusals.js";
import { sendPieces } from "./http/send-pieces.js";
import { discoverMethods, methodsOf, openRpcDocument } from "./open-rpc.js";
import { RpcError, RpcErrorCode } from "./rpc-error.js";
import { createRpcMetrics, type RpcMetrics } from "./rpc-metrics.js";
import { type ServedGroup, serveGroup } from "./served-group.js";
import type { RpcSettings } from "./settings.js";
import { callerRates } from "./pacing/caller-rates.js";
import { EncodedResults, KEPT_BYTES } from "./pacing/encoded-results.js";
import { Pace } from "./pacing/pace.js";
import { REQUEST_SLOTS, RequestSlots } from "./pacing/request-slots.js";
import { unitsMoved } from "./pacing/work-units.js";
import { EventStreams } from "./ui/event-streams.js";
import { servePage } from "./ui/serve-page.js";

/** Whether the node does its work; if not, with the code of what keeps it. GET /ready answers 200 or 503 by it. */
export type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly code: string; readonly reason: string };

/** What is served, and what a server needs of its process. */
export interface RpcServerDependencies {
  readonly groups: readonly ServedGroup[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
  /** Of the node, for GET /ready. */
  readonly readiness: () => Promise<Readiness> | Readiness;
  /** The text of GET /metrics. */
  readonly metricsText: () => Promise<string>;
  /** What GET / shows to people, and what changes it; without it the server has no page. */
  readonly page?: { readonly files: PageSource; readonly feed: FeedSource } | undefined;
  /** Of the software, for rpc.discover. */
  readonly version: string;
  /** Lets everything else that waits for the thread go first; the next turn of the event loop by default. */
  readonly pause?: () => Promise<void>;
}

/** The declared settings, with the token of guarded methods. */
export interface RpcServerSettings extends RpcSettings {
  /** The token that callers of guarded methods send; without one nobody may call them. */
  readonly accessToken?: Secret<string> | undefined;
}

/** Of one request: a larger body is refused with 413. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** Of one HTTP answer: beyond it a caller must ask for less at once. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** Holds a proof job of 4 MiB, in hex. */
const MAX_TRUSTED_ANSWER_BYTES = 12 * 1024 * 1024;
/** What has not been answered and read this long after a stop is cut off. */
const STOP_MS = 5_000;
/** A caller that asks too much waits for the refusal too. */
const MAX_REFUSAL_DELAY_MS = 1_000;

/** JSON-RPC 2.0 on POST /, and what operators' tools ask for: GET /health, /ready, /metrics. */
export class RpcServer implements Service {
  readonly #dependencies: RpcServerDependencies;
  readonly #settings: RpcServerSettings;
  readonly #dispatcher: Dispatcher;
  readonly #metrics: RpcMetrics;
  readonly #rates: RateLimiter;
  readonly #slots = new RequestSlots(REQUEST_SLOTS);
  #app: FastifyInstance | undefined;
  #connections: Connections | undefined;
  #streams: EventStreams | undefined;
  #url: string | undefined;

  /** @throws RpcError DUPLICATE_METHOD */
  constructor(dependencies: RpcServerDependencies, settings: RpcServerSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#metrics = createRpcMetrics(dependencies.meter);
    const methods = new Map([
      ...dependencies.groups.flatMap(group => [...group.methods].map(([name, { method }]) => [name, method] as const)),
      ...methodsOf(discoverMethods),
    ]);
    const document = openRpcDocument(dependencies.version, methods);
    const groups = [...dependencies.groups, serveGroup(discoverMethods, { discover: async () => document })];
    const pause = dependencies.pause ?? (() => nextTurn());
    const { totalWorkPerSecond, requestTimeoutMs } = settings;
    this.#dispatcher = new Dispatcher(
      {
        ...dependencies,
        groups,
        pause,
        metrics: this.#metrics,
        results: new EncodedResults({ pause }, { maxBytes: KEPT_BYTES }),
        pace: new Pace(dependencies, { unitsPerSecond: totalWorkPerSecond, burst: totalWorkPerSecond }),
      },
      { requestTimeoutMs, maxAnswerBytes: MAX_ANSWER_BYTES, maxTrustedAnswerBytes: MAX_TRUSTED_ANSWER_BYTES },
    );
    this.#rates = callerRates(dependencies, settings);
  }

  /** Where it listens. @throws NOT_STARTED */
  get url(): string {
    if (this.#url === undefined)
      throw new RpcError(RpcErrorCode.NOT_STARTED, "the RPC server is not listening: start it first", {});
    return this.#url;
  }

  /** @throws RpcError PORT_TAKEN, BIND_FAILED, ALREADY_STARTED */
  async start(): Promise<void> {
    if (this.#app)
      throw new RpcError(
        RpcErrorCode.ALREADY_STARTED,
        "the RPC server is already running: stop it before starting it again",
        {},
      );
    const { host, port } = this.#settings;
    const app = this.#build();
    this.#app = app;
    try {
      this.#url = await app.listen({ host, port });
    } catch (error) {
      this.#app = undefined;
      await app.close();
      throw bindError(this.#settings, error);
    }
    this.#dependencies.logger.info("JSON-RPC server is listening", { url: this.#url });
  }

  /** Answers open requests and accepts no new ones. No client can delay this, by silence or by reading slowly. */
  async stop(): Promise<void> {
    const app = this.#app;
    const connections = this.#connections;
    this.#app = undefined;
    this.#url = undefined;
    this.#streams?.close();
    connections?.closeIdle();
    const cancel = this.#dependencies.clock.schedule(STOP_MS, () => connections?.closeAll());
    await app?.close();
    cancel();
  }

  #build(): FastifyInstance {
    const { readiness, metricsText, logger, page } = this.#dependencies;
    const admit = (request: FastifyRequest) => this.#admit(request);
    const { app, connections } = buildApp({ logger, admit }, { ...this.#settings, maxBodyBytes: MAX_BODY_BYTES });
    this.#connections = connections;
    app.post("/", (request, reply) => this.#answer(request, reply));
    app.get("/health", () => ({ status: "alive" }));
    app.get("/ready", async (_request, reply) => {
      const state = await readiness();
      return reply.code(state.ready ? 200 : 503).send(state);
    });
    app.get("/metrics", async (_request, reply) =>
      reply.type("text/plain; version=0.0.4; charset=utf-8").send(await metricsText()),
    );
    if (page !== undefined) this.#servePage(app, page);
    return app;
  }

  #servePage(app: FastifyInstance, { files, feed }: NonNullable<RpcServerDependencies["page"]>): void {
    const streams = new EventStreams({ feed, clock: this.#dependencies.clock });
    this.#streams = streams;
    const charge = (request: FastifyRequest, units: number) => {
      if (!this.#isTrusted(request)) this.#rates.charge(request.ip, units);
    };
    servePage(app, { page: files, feed, streams, charge });
  }

  async #answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { ip } = request;
    const trusted = this.#isTrusted(request);
    const body = typeof request.body === "string" ? request.body : "";
    const parsed = this.#dispatcher.parse(body);
    if (!trusted) this.#rates.charge(ip, unitsMoved(body.length));
    if ("refusal" in parsed) return sendPieces(reply, [Buffer.from(parsed.refusal)]);
    const taken = trusted ? Promise.resolve(() => {}) : this.#slots.take(ip);
    if (taken === undefined) {
      this.#metrics.rateLimited();
      return sendError(reply, refusals.busy());
    }
    // Given back when the answer is out, or its reader is gone: until then it is in memory.
    const closed = new Promise<void>(resolve => void reply.raw.once("close", resolve));
    const release = await taken;
    void closed.then(release);
    if (reply.raw.destroyed) return reply;
    const pieces = await this.#dispatcher.run(parsed, this.#caller(ip, trusted));
    return pieces.length === 0 ? reply.code(204).send() : sendPieces(reply, pieces);
  }

  #caller(ip: string, trusted: boolean): Caller {
    if (trusted) return { trusted, admit: () => {}, charge: () => {} };
    return {
      trusted,
      admit: () => {
        if (this.#rates.hasAny(ip)) return;
        this.#metrics.rateLimited();
        throw refusals.rateLimited(this.#rates.waitMs(ip, 0)).error;
      },
      charge: units => this.#rates.charge(ip, units),
    };
  }

  #isTrusted(request: FastifyRequest): boolean {
    return showsToken(request.headers.authorization, this.#settings.accessToken?.reveal());
  }

  /** Every request costs a unit, whatever becomes of it. */
  async #admit(request: FastifyRequest): Promise<Refusal | undefined> {
    const { ip } = request;
    if (this.#isTrusted(request)) return undefined;
    if (this.#rates.hasAny(ip)) {
      this.#rates.charge(ip, 1);
      return undefined;
    }
    this.#metrics.rateLimited();
    const waitMs = this.#rates.waitMs(ip, 0);
    const delayMs = Math.min(waitMs, MAX_REFUSAL_DELAY_MS);
    await new Promise<void>(resolve => void this.#dependencies.clock.schedule(delayMs, resolve));
    return refusals.rateLimited(waitMs);
  }
}
