import { gzipSync } from "node:zlib";
import type { FeedSource, PageFile, PageSource } from "@sprtn/ports";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { refusals, sendError } from "../http/refusals.js";
import { unitsMoved } from "../pacing/work-units.js";
import type { EventStreams } from "./event-streams.js";
import { pageHeaders } from "./page-headers.js";

/** A page, what it shows, and who pays for it. */
export interface ServedPage {
  readonly page: PageSource;
  readonly feed: FeedSource;
  readonly streams: EventStreams;
  /** Charges a request's sender for units of work. */
  readonly charge: (request: FastifyRequest, units: number) => void;
}

/** Where the page expects the state that it shows first. */
const SNAPSHOT_PLACE = "<!--snapshot-->";

/** GET / with the state in it, the page's files, GET /ui/snapshot, and GET /ui/events. */
export function servePage(app: FastifyInstance, { page, feed, streams, charge }: ServedPage): void {
  const zipped = new WeakMap<PageFile, Buffer>();
  const zip = (file: PageFile) => {
    const bytes = zipped.get(file) ?? gzipSync(file.bytes);
    zipped.set(file, bytes);
    return bytes;
  };
  app.get("/", (request, reply) => {
    const index = page.file("/");
    if (index === undefined) return reply.callNotFound();
    // A script's text ends at the next `</`: JSON can say the same with an escape.
    const state = feed.snapshot().replaceAll("<", "\\u003c");
    charge(request, unitsMoved(state.length));
    // A function: what a string replaces has `$` for other things.
    const html = Buffer.from(index.bytes)
      .toString("utf8")
      .replace(SNAPSHOT_PLACE, () => state);
    return pageHeaders(reply).header("cache-control", "no-store").type(index.type).send(html);
  });
  app.get("/ui/*", ({ url, headers }, reply) => {
    const file = page.file(url.split("?", 1)[0] as string);
    if (file === undefined) return reply.callNotFound();
    pageHeaders(reply)
      .header("cache-control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache")
      .header("vary", "accept-encoding")
      .type(file.type);
    return /\bgzip\b/.test(headers["accept-encoding"]?.toString() ?? "")
      ? reply.header("content-encoding", "gzip").send(zip(file))
      : reply.send(Buffer.from(file.bytes));
  });
  app.get("/ui/snapshot", (request, reply) => {
    const state = feed.snapshot();
    charge(request, unitsMoved(state.length));
    return pageHeaders(reply).header("cache-control", "no-store").type("application/json; charset=utf-8").send(state);
  });
  app.get("/ui/events", (request, reply) => {
    if (!streams.hasRoomFor(request.ip)) return sendError(reply, refusals.tooManyViewers());
    const seq = lastSeen(request);
    pageHeaders(reply).header("cache-control", "no-store").header("content-type", "text/event-stream");
    const headers = reply.getHeaders();
    reply.hijack();
    reply.raw.writeHead(200, headers as Record<string, string>);
    streams.open(request.ip, reply.raw, seq);
  });
}

/** The number of the last event that a page has: it says so itself at first, and its browser when it comes back. */
function lastSeen({ headers, query }: FastifyRequest): number | undefined {
  const { since } = query as { readonly since?: unknown };
  const text = headers["last-event-id"] ?? since;
  return typeof text === "string" && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}
