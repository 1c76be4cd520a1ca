import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Call {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What a test wants instead of the upstream's answer; `undefined`: pass on. */
export type Intervention =
  | { readonly error: { readonly code: number; readonly message: string } }
  | { readonly result: unknown }
  | { readonly status: number; readonly body?: string }
  | { readonly hangUp: true }
  | undefined;

/** A JSON-RPC endpoint before another one, which a test can make fail, lie or lag. */
export class JsonRpcProxy {
  readonly calls: Call[] = [];
  readonly #answers = new Map<string, number>();
  readonly #waiting = new Set<{ readonly method: string; readonly count: number; readonly go: () => void }>();
  /** The last request's Authorization header. */
  authorization: string | undefined;
  /** Asked for every call. */
  intervene: (call: Call) => Intervention | Promise<Intervention> = () => undefined;
  readonly #server: Server;
  readonly #upstream: string;

  private constructor(server: Server, upstream: string) {
    this.#server = server;
    this.#upstream = upstream;
  }

  static async start(upstream: string): Promise<JsonRpcProxy> {
    const server = createServer();
    const proxy = new JsonRpcProxy(server, upstream);
    server.on("request", (request, response) => void proxy.#handle(request, response));
    server.listen(0, "127.0.0.1");
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

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.authorization = request.headers.authorization;
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    const { id, method, params } = JSON.parse(body) as Call & { id: number };
    this.calls.push({ method, params });
    const wish = await this.intervene({ method, params });
    if (wish && "hangUp" in wish) return void request.socket.destroy();
    if (wish && "status" in wish) return void response.writeHead(wish.status).end(wish.body ?? "");
    const answer = wish
      ? JSON.stringify({ jsonrpc: "2.0", id, ...wish })
      : await (
          await fetch(this.#upstream, { method: "POST", headers: { "content-type": "application/json" }, body })
        ).text();
    response.writeHead(200, { "content-type": "application/json" }).end(answer);
    const answers = (this.#answers.get(method) ?? 0) + 1;
    this.#answers.set(method, answers);
    for (const waiting of this.#waiting) {
      if (waiting.method !== method || waiting.count > answers) continue;
      this.#waiting.delete(waiting);
      waiting.go();
    }
  }
}
