import { codeOf, messageOf } from "@sprtn/primitives";
import type { Clock, Logger, Meter, Service } from "@sprtn/ports";
import { RateLimiter } from "@sprtn/runtime";
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { Dispatcher, MAX_ANSWER_CHARS, type ServedGroup, serveGroup } from "./dispatcher.js";
import { CallError, CODED_ERROR, errorObject, errorText, INTERNAL_ERROR, INVALID_REQUEST } from "./json-rpc.js";
import { discoverMethods, methodsOf, openRpcDocument } from "./open-rpc.js";
import { RpcError, RpcErrorCode } from "./rpc-error.js";
import { createRpcMetrics, type RpcMetrics } from "./rpc-metrics.js";
import type { RpcSettings } from "./settings.js";

export type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly code: string; readonly reason: string };

export interface RpcServerDependencies {
  readonly groups: readonly ServedGroup[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
  /** Of the node, for GET /ready. */
  readonly readiness: () => Promise<Readiness> | Readiness;
  /** The text of GET /metrics. */
  readonly metricsText: () => Promise<string>;
  /** Of the software, for rpc.discover. */
  readonly version: string;
}

export const MAX_BODY_BYTES = 1024 * 1024;
/** Addresses whose rate is remembered. */
const CALLERS = 10_000;

/** JSON-RPC 2.0 on POST /, and what operators' tools ask for: GET /health, /ready, /metrics. */
export class RpcServer implements Service {
  readonly #dependencies: RpcServerDependencies;
  readonly #settings: RpcSettings;
  readonly #dispatcher: Dispatcher;
  readonly #metrics: RpcMetrics;
  readonly #rates: RateLimiter;
  #app: FastifyInstance | undefined;
  #url: string | undefined;

  /** Throws RpcError DUPLICATE_METHOD. */
  constructor(dependencies: RpcServerDependencies, settings: RpcSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#metrics = createRpcMetrics(dependencies.meter);
    const methods = new Map([
      ...dependencies.groups.flatMap(group => [...group.methods].map(([name, { method }]) => [name, method] as const)),
      ...methodsOf(discoverMethods),
    ]);
    const document = openRpcDocument(dependencies.version, methods);
    const groups = [...dependencies.groups, serveGroup(discoverMethods, { discover: async () => document })];
    this.#dispatcher = new Dispatcher(
      { ...dependencies, groups, metrics: this.#metrics },
      { ...settings, maxAnswerChars: MAX_ANSWER_CHARS },
    );
    this.#rates = new RateLimiter(dependencies, {
      burst: settings.callBurst,
      tokensPerSecond: settings.callsPerSecond,
      maxKeys: CALLERS,
    });
  }

  /** Where it listens. Throws NOT_STARTED. */
  get url(): string {
    if (this.#url === undefined)
      throw new RpcError(RpcErrorCode.NOT_STARTED, "the RPC server does not listen: start it first", {});
    return this.#url;
  }

  /** Throws RpcError PORT_TAKEN, BIND_FAILED, ALREADY_STARTED. */
  async start(): Promise<void> {
    if (this.#app)
      throw new RpcError(
        RpcErrorCode.ALREADY_STARTED,
        "the RPC server runs already: stop it before starting it again",
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
    this.#dependencies.logger.info("JSON-RPC server listens", { url: this.#url });
  }

  /** Answers what was asked, takes nothing new. */
  async stop(): Promise<void> {
    const app = this.#app;
    this.#app = undefined;
    this.#url = undefined;
    await app?.close();
  }

  #build(): FastifyInstance {
    const { requestTimeoutMs, maxConnections } = this.#settings;
    const app = fastify({
      bodyLimit: MAX_BODY_BYTES,
      requestTimeout: requestTimeoutMs,
      forceCloseConnections: "idle",
      routerOptions: { maxParamLength: 100 },
    });
    app.server.maxConnections = maxConnections;
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => done(null, body));
    app.setErrorHandler((error, _request, reply) => this.#refuse(error, reply));
    app.setNotFoundHandler((_request, reply) =>
      reply
        .code(404)
        .send({ code: RpcErrorCode.NOT_FOUND, reason: "POST JSON-RPC 2.0 to /, or GET /health, /ready or /metrics" }),
    );
    app.post("/", (request, reply) => this.#answer(request, reply));
    app.get("/health", () => ({ status: "alive" }));
    app.get("/ready", async (_request, reply) => {
      const readiness = await this.#dependencies.readiness();
      return reply.code(readiness.ready ? 200 : 503).send(readiness);
    });
    app.get("/metrics", async (_request, reply) =>
      reply.type("text/plain; version=0.0.4; charset=utf-8").send(await this.#dependencies.metricsText()),
    );
    return app;
  }

  async #answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const parsed = this.#dispatcher.parse(typeof request.body === "string" ? request.body : "");
    const cost = "refusal" in parsed ? 1 : parsed.calls.length;
    if (!this.#rates.tryTake(request.ip, cost)) {
      this.#metrics.rateLimited();
      const waitMs = Math.min(this.#rates.waitMs(request.ip, cost), 3_600_000);
      const error = new CallError(
        CODED_ERROR,
        RpcErrorCode.RATE_LIMITED,
        `more calls than this node takes from one address: wait ${Math.ceil(waitMs)} ms`,
      );
      return json(reply.code(429).header("retry-after", Math.ceil(waitMs / 1000)), errorText(null, errorObject(error)));
    }
    if ("refusal" in parsed) return json(reply, parsed.refusal);
    const text = await this.#dispatcher.run(parsed);
    return text === undefined ? reply.code(204).send() : json(reply, text);
  }

  /** What went wrong before or outside a call. */
  #refuse(error: unknown, reply: FastifyReply): FastifyReply {
    const { code, statusCode = 500 } = error as { readonly code?: string; readonly statusCode?: number };
    const answer = (status: number, refusal: CallError) =>
      json(reply.code(status), errorText(null, errorObject(refusal)));
    if (code === "FST_ERR_CTP_BODY_TOO_LARGE")
      return answer(
        413,
        new CallError(
          INVALID_REQUEST,
          RpcErrorCode.TOO_LARGE,
          `the body is beyond ${MAX_BODY_BYTES} bytes: send less at once`,
        ),
      );
    if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE")
      return answer(
        415,
        new CallError(INVALID_REQUEST, RpcErrorCode.WRONG_CONTENT_TYPE, "send content-type: application/json"),
      );
    if (statusCode < 500)
      return answer(
        statusCode,
        new CallError(INVALID_REQUEST, RpcErrorCode.INVALID_REQUEST, "not a request that this server understands"),
      );
    this.#dependencies.logger.error("an HTTP request failed unexpectedly", {
      code: codeOf(error),
      error: messageOf(error),
    });
    return answer(500, new CallError(INTERNAL_ERROR, RpcErrorCode.INTERNAL, "internal error: see the node's log"));
  }
}

function json(reply: FastifyReply, text: string): FastifyReply {
  return reply.type("application/json; charset=utf-8").send(text);
}

function bindError({ host, port }: RpcSettings, cause: unknown): RpcError {
  const code = (cause as { readonly code?: string }).code;
  if (code === "EADDRINUSE") {
    const text = `port ${port} of ${host} is taken: stop the program that listens there, or give the RPC server another port with AZTEC_PORT (--aztec-port)`;
    return new RpcError(RpcErrorCode.PORT_TAKEN, text, { port }, { cause });
  }
  const text = `cannot listen on ${host}, port ${port} (${code ?? messageOf(cause)}): give an address of this machine with RPC_HOST, and a port that this user may open with AZTEC_PORT`;
  return new RpcError(RpcErrorCode.BIND_FAILED, text, { port }, { cause });
}
