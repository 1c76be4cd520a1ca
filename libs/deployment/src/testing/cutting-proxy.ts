import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Call {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Before an L1 endpoint; hangs up when told to, as if the deployer's machine had died, or answers something else. */
export class CuttingProxy {
  /** Asked before a call is passed on; "cut" hangs up, "cut-after" passes it on first. */
  decide: (call: Call) => "pass" | "cut" | "cut-after" = () => "pass";
  /** Makes another result of one that L1 gave. */
  spoil: (result: unknown, call: Call) => unknown = result => result;
  /** Passes a call on and then answers with the error of this text instead, if it gives one. */
  complain: (call: Call) => string | undefined = () => undefined;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(upstream: string): Promise<CuttingProxy> {
    const server = createServer();
    const proxy = new CuttingProxy(server);
    server.on("request", (request, response) => void proxy.#handle(upstream, request, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  async #handle(upstream: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    const call = JSON.parse(body) as Call;
    const decision = this.decide(call);
    if (decision === "cut") return void request.socket.destroy();
    const answer = await (
      await fetch(upstream, { method: "POST", headers: { "content-type": "application/json" }, body })
    ).text();
    if (decision === "cut-after") return void request.socket.destroy();
    const given = JSON.parse(answer) as { readonly result?: unknown };
    const message = this.complain(call);
    const spoiled = "result" in given ? { ...given, result: this.spoil(given.result, call) } : given;
    const said = message === undefined ? spoiled : { ...given, result: undefined, error: { code: -32000, message } };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(said));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }
}
