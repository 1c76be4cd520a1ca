import type { Socket } from "node:net";
import { codeOf, messageOf } from "@sprtn/primitives";
import type { Logger } from "@sprtn/ports";
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { RpcErrorCode } from "../rpc-error.js";
import type { RpcSettings } from "../settings.js";
import { ambiguityOf } from "./ambiguity.js";
import { isAllowedHost } from "./allowed-hosts.js";
import { corsHeaders, isAllowedOrigin } from "./allowed-origins.js";
import { closeAfter, type Connections, limitConnections } from "./connection-limits.js";
import { isPlainUtf8 } from "./plain-utf8.js";
import { answerUnreadable } from "./answer-unreadable.js";
import { type Refusal, refusals, sendError } from "./refusals.js";

export interface AppSettings extends RpcSettings {
  readonly maxBodyBytes: number;
}

export interface AppDependencies {
  readonly logger: Logger;
  /** Charges a request to its sender; for a sender that asks too much, resolves with a refusal after a delay. */
  readonly admit: (request: FastifyRequest) => Promise<Refusal | undefined>;
}

/** A connection without a request is closed after this. */
const KEEP_ALIVE_MS = 20_000;
/** Pipelined requests of one connection. */
const REQUESTS_IN_FLIGHT = 16;
/** How much longer than a request may take a connection may be silent. */
const SILENCE_MS = 10_000;

/** Nobody is left to read an answer. */
const hungUp: ReadonlySet<string> = new Set(["ERR_STREAM_PREMATURE_CLOSE", "ECONNRESET", "EPIPE"]);

/** A server that lets in what is meant for it and within its bounds; its routes come later. */
export function buildApp(
  { logger, admit }: AppDependencies,
  settings: AppSettings,
): { readonly app: FastifyInstance; readonly connections: Connections } {
  const { headersTimeoutMs, bodyTimeoutMs, requestTimeoutMs, maxBodyBytes } = settings;
  /** Connections of which nothing more is served. */
  const doomed = new WeakSet<Socket>();
  /** Charges and judges a request by its line and headers; answers what is refused. */
  const gate = async (request: FastifyRequest, reply: FastifyReply, refusedAnyway?: Refusal) => {
    // LIMIT-21: of a connection that was cut off, what had arrived with its last request is handed on all the same.
    const { socket } = request.raw;
    if (socket.destroyed || doomed.has(socket)) return reply.hijack();
    const found = ambiguityOf(request.raw);
    if (found !== undefined) {
      // Where the next request begins is not sure either, and it may be here already.
      doomed.add(socket);
      endAfter(reply);
    }
    const refusal = (await admit(request)) ?? (found === undefined ? refusedAnyway : refusals.ambiguous(found));
    return refusal === undefined ? letIn(request, reply, settings) : sendError(reply, refusal);
  };
  const app = fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: bodyTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionTimeout: requestTimeoutMs + SILENCE_MS,
    http: {
      headersTimeout: Math.min(headersTimeoutMs, bodyTimeoutMs),
      // Node looks for slow senders this often.
      connectionsCheckingInterval: Math.min(1_000, headersTimeoutMs),
      // Node would refuse a request without one without a word.
      requireHostHeader: false,
    },
    clientErrorHandler: answerUnreadable,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 100 },
    // What has no route and runs no hooks: a path that cannot be decoded.
    frameworkErrors: (fault, request, reply) => {
      if (!request.raw.complete) endAfter(reply);
      const refused = refusalOf(fault, { logger, maxBodyBytes });
      gate(request, reply, refused).catch(() => reply.raw.destroy());
    },
  });
  const connections = limitConnections(app.server, {
    total: settings.maxConnections,
    perAddress: settings.maxConnectionsPerAddress,
    requestsInFlight: REQUESTS_IN_FLIGHT,
  });
  // Node would refuse an expectation that it does not know without a word, and for free.
  app.server.on("checkExpectation", (request, answer) => app.server.emit("request", request, answer));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.addHook("onRequest", (request, reply) => gate(request, reply));
  // If a client is answered before its whole body was read, the rest is not read.
  app.addHook("onSend", async (request, reply) => {
    if (!request.raw.complete) endAfter(reply);
  });
  app.setErrorHandler((error, _request, reply) => sendError(reply, refusalOf(error, { logger, maxBodyBytes })));
  app.setNotFoundHandler((request, reply) => {
    // A browser asks before a page's request: the headers that answer it are there if the page's origin is allowed.
    if (request.method === "OPTIONS" && reply.hasHeader("access-control-allow-origin")) return reply.code(204).send();
    return reply
      .code(404)
      .send({ code: RpcErrorCode.NOT_FOUND, reason: "POST JSON-RPC 2.0 to /, or GET /health, /ready or /metrics" });
  });
  return { app, connections };
}

function endAfter(reply: FastifyReply): void {
  reply.header("connection", "close");
  closeAfter(reply.raw);
}

/** Before anything of a body is read. */
async function letIn(request: FastifyRequest, reply: FastifyReply, settings: AppSettings): Promise<unknown> {
  const { host, origin } = request.headers;
  const hosts = { listen: settings.host, allowed: settings.allowedHosts };
  if (!isAllowedHost(host, hosts, request.socket.localAddress)) return sendError(reply, refusals.wrongHost());
  const origins = { origins: settings.corsOrigins };
  if (!isAllowedOrigin(origin, host, origins)) return sendError(reply, refusals.wrongOrigin());
  reply.headers(corsHeaders(origin, origins));
  return request.method !== "POST" || isPlainUtf8(request.headers)
    ? undefined
    : sendError(reply, refusals.wrongContentType());
}

/** What went wrong before or outside a call. */
function refusalOf(
  error: unknown,
  { logger, maxBodyBytes }: { readonly logger: Logger; readonly maxBodyBytes: number },
): Refusal {
  const { code, statusCode = 500 } = error as { readonly code?: string; readonly statusCode?: number };
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return refusals.tooLarge(maxBodyBytes);
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return refusals.wrongContentType();
  if (code !== undefined && hungUp.has(code)) {
    logger.debug("a client hung up before its answer was sent", { code });
    return refusals.notUnderstood(400);
  }
  if (statusCode < 500) return refusals.notUnderstood(statusCode);
  logger.error("an HTTP request failed unexpectedly", { code: codeOf(error), error: messageOf(error) });
  return refusals.internal();
}
