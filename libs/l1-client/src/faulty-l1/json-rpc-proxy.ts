import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One call of a request, as it came in. */
export interface JsonRpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What a test wants instead of the upstream's answer; `undefined`: pass on. */
export type Intervention =
  | { readonly error: { readonly code: number; readonly message: string; readonly data?: unknown } }
  | { readonly result: unknown }
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly hangUp: true }
  /** Sends the answer's first half, and ends. */
  | { readonly truncate: true }
  | undefined;

/** Any other path may be part of an endpoint's URL. */
const CONTROL_PATHS: readonly string[] = ["/mode", "/calls"];

/** What is asked of the proxy itself. */
export interface ControlRequest {
  readonly path: string;
  readonly method: string;
  readonly body: string;
}

/** Calls that are kept: a proxy may run for hours. */
const MAX_CALLS = 10_000;

/** A JSON-RPC endpoint before another one, which a test can make fail, lie or lag. */
export class JsonRpcProxy {
  /** The last ones. */
  readonly calls: JsonRpcCall[] = [];
  /** How often each method was asked for. */
  readonly counts: Record<string, number> = {};
  readonly #answers = new Map<string, number>();
  readonly #waiting = new Set<{ readonly method: string; readonly count: number; readonly go: () => void }>();
  /** The last request's Authorization header. */
  authorization: string | undefined;
  /** Asked for every call. */
  intervene: (call: JsonRpcCall) => Intervention | Promise<Intervention> = () => undefined;
  /** Answers requests to /mode and /calls, in addition to JSON-RPC; `undefined` if there is no such request. */
  control: (request: ControlRequest) => Promise<object | undefined> = async () => undefined;
  readonly #server: Server;
  readonly #upstream: string;

  private constructor(server: Server, upstream: string) {
    this.#server = server;
    this.#upstream = upstream;
  }

  /** Listens on 127.0.0.1, on any free port unless told. */
  static async start(upstream: string, port = 0): Promise<JsonRpcProxy> {
    const server = createServer();
    const proxy = new JsonRpcProxy(server, upstream);
    server.on("request", (request, response) => void proxy.#handle(request, response));
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when calls of `method` have been answered `count` times since the start. */
  async answered(method: string, count: number): Promise<void> {
    if ((this.#answers.get(method) ?? 0) >= count) return;
    await new Promise<void>(go => this.#waiting.add({ method, count, go }));
  }

  /** Resolves when calls of `method` have been answered `count` times more. */
  async answeredAnew(method: string, count = 1): Promise<void> {
    return this.answered(method, (this.#answers.get(method) ?? 0) + count);
  }

  /** The upstream's answer to a call of the proxy's own: its result, or its error. */
  async ask(method: string, params: readonly unknown[]): Promise<{ result?: unknown; error?: unknown }> {
    const answer = await this.#forward(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
    return JSON.parse(answer) as { result?: unknown; error?: unknown };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const body = Buffer.concat(parts).toString();
      if (CONTROL_PATHS.includes(request.url ?? "")) await this.#control(request, response, body);
      else await this.#answer(request, response, body);
    } catch {
      // The caller has gone, or the upstream has.
      request.socket.destroy();
    }
  }

  async #control(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const answer = await this.control({ path: request.url ?? "", method: request.method ?? "", body });
    response.writeHead(answer ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(answer ?? {}));
  }

  async #answer(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    this.authorization = request.headers.authorization;
    const { id, method, params } = JSON.parse(body) as JsonRpcCall & { id: number };
    this.calls.push({ method, params });
    if (this.calls.length > MAX_CALLS) this.calls.splice(0, MAX_CALLS / 2);
    this.counts[method] = (this.counts[method] ?? 0) + 1;
    const wish = await this.intervene({ method, params });
    if (wish && "hangUp" in wish) return void request.socket.destroy();
    if (wish && "status" in wish) return void response.writeHead(wish.status, wish.headers).end(wish.body ?? "");
    const answer =
      wish === undefined || "truncate" in wish
        ? await this.#forward(body)
        : JSON.stringify({ jsonrpc: "2.0", id, ...wish });
    const sent = wish && "truncate" in wish ? answer.slice(0, answer.length / 2) : answer;
    response.writeHead(200, { "content-type": "application/json" }).end(sent);
    const answers = (this.#answers.get(method) ?? 0) + 1;
    this.#answers.set(method, answers);
    for (const waiting of this.#waiting) {
      if (waiting.method !== method || waiting.count > answers) continue;
      this.#waiting.delete(waiting);
      waiting.go();
    }
  }

  async #forward(body: string): Promise<string> {
    const headers = { "content-type": "application/json" };
    return (await fetch(this.#upstream, { method: "POST", headers, body })).text();
  }
}
