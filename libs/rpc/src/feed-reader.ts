import { messageOf } from "@sprtn/primitives";
import type { FeedFrame, FeedReader } from "@sprtn/ports";
import { bytesWithin } from "@sprtn/runtime";
import { type EventSourceMessage, EventSourceParserStream } from "eventsource-parser/stream";
import { requireNodeUrl } from "./node-url.js";
import { RpcError, RpcErrorCode } from "./rpc-error.js";

/** How a node's page is read. */
export interface FeedReaderOptions {
  readonly fetch?: typeof fetch;
  /** For the state; 30 s by default. */
  readonly timeoutMs?: number;
}

/** LIMIT-35: bytes of a state, and of an event that is not whole yet; a node sends less. */
const MAX_STATE_BYTES = 16 * 1024 * 1024;
const MAX_EVENT_CHARS = 1024 * 1024;

/**
 * Reads the page of the node at `url`. Both methods throw RpcError UNREACHABLE, or BAD_ANSWER from something that is
 * no node with a page.
 * @throws RpcError BAD_URL
 */
export function createFeedReader(url: string, options: FeedReaderOptions = {}): FeedReader {
  requireNodeUrl(url);
  const base = url.replace(/\/+$/, "");
  const { timeoutMs = 30_000 } = options;
  const ask = options.fetch ?? ((...args: Parameters<typeof fetch>) => fetch(...args));
  const about = (path: string) => ({ method: path, url });

  async function open(path: string, signal: AbortSignal): Promise<Response> {
    let response: Response;
    try {
      response = await ask(`${base}${path}`, { signal });
    } catch (cause) {
      signal.throwIfAborted();
      throw new RpcError(
        RpcErrorCode.UNREACHABLE,
        `no node answers at ${url} (${messageOf(cause)}): check that the URL is correct and that the node is running`,
        about(path),
        { cause },
      );
    }
    if (response.ok) return response;
    await response.body?.cancel();
    throw bad(path, `HTTP status ${response.status}`);
  }

  function bad(path: string, what: string): RpcError {
    return new RpcError(
      RpcErrorCode.BAD_ANSWER,
      `${url} does not show what its node does (${what}): start it with DASHBOARD_ENABLED=true, or ask another node`,
      about(path),
    );
  }

  return {
    async snapshot(signal) {
      const path = "/ui/snapshot";
      const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const bytes = await bytesWithin((await open(path, within)).body, MAX_STATE_BYTES);
      if (bytes === undefined) throw bad(path, `more than ${MAX_STATE_BYTES} bytes`);
      return new TextDecoder().decode(bytes);
    },

    async *frames(since, signal) {
      const { body } = await open(`/ui/events?since=${since}`, signal);
      if (body === null) return;
      const parser = new EventSourceParserStream({ maxBufferSize: MAX_EVENT_CHARS, onError: "terminate" });
      // The DOM's types of a stream of bytes and Node's differ in name only.
      const messages = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>, {
        signal,
      });
      try {
        for await (const message of messages.pipeThrough(parser) as unknown as AsyncIterable<EventSourceMessage>) {
          const frame = frameOf(message);
          if (frame !== undefined) yield frame;
        }
      } catch (cause) {
        signal.throwIfAborted();
        throw bad("/ui/events", messageOf(cause));
      }
    },
  };
}

/** `undefined` for what this release does not know. */
function frameOf({ event, data }: EventSourceMessage): FeedFrame | undefined {
  if (event === undefined) return { kind: "event", json: data };
  if (event === "resync") return { kind: "resync" };
  const atMs = event === "time" ? Number(/^\{"atMs":(\d{1,15})\}$/.exec(data)?.[1]) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : { kind: "time", atMs };
}
