import { applyFault } from "./apply-fault.js";
import type { FaultMode } from "./fault-mode.js";
import { type ControlRequest, type JsonRpcCall, JsonRpcProxy } from "./json-rpc-proxy.js";
import { headOf } from "./limited-view.js";

/**
 * An L1 endpoint in front of a real one (anvil, say) that misbehaves on demand. For tests in the same process, and,
 * over HTTP, for those in another: `PUT /mode` with a {@link FaultMode} as JSON, `DELETE /mode`, `GET /mode`, and `GET
 * /calls` for how often each method was asked for. {@link RemoteFaultyL1} is the other side of that.
 */
export class FaultyL1 {
  readonly #proxy: JsonRpcProxy;
  #fault: FaultMode = { mode: "none" };
  #headAtStart = 0;
  #turn = 0;
  #held = Promise.withResolvers<void>();
  #healed = Promise.withResolvers<void>();

  private constructor(proxy: JsonRpcProxy) {
    this.#proxy = proxy;
    const ask = proxy.ask.bind(proxy);
    proxy.intervene = call =>
      applyFault(this.#fault, call, {
        ask,
        headAtStart: this.#headAtStart,
        turn: this.#turn++,
        head: () => headOf(ask),
        hold: () => this.#hold(),
        wait: ms => Promise.race([this.#healed.promise, new Promise<void>(resolve => setTimeout(resolve, ms))]),
      });
    proxy.control = request => this.#control(request);
  }

  /** On 127.0.0.1, on any free port unless told. */
  static async start(upstream: string, port = 0): Promise<FaultyL1> {
    return new FaultyL1(await JsonRpcProxy.start(upstream, port));
  }

  get url(): string {
    return this.#proxy.url;
  }

  get mode(): FaultMode {
    return this.#fault;
  }

  /** What was asked lately, also what was not answered. */
  get calls(): readonly JsonRpcCall[] {
    return this.#proxy.calls;
  }

  /** From the next request on. Where a fault is relative to the head, it is the upstream's head now. */
  async setMode(fault: FaultMode): Promise<void> {
    this.#headAtStart = await headOf(this.#proxy.ask.bind(this.#proxy));
    this.heal();
    this.#turn = 0;
    this.#fault = fault;
  }

  /** Everything is as the upstream has it; what hangs is let go. */
  heal(): void {
    this.#fault = { mode: "none" };
    this.#healed.resolve();
    this.#healed = Promise.withResolvers<void>();
  }

  /** Resolves when a request arrives that will not be answered: the moment to advance a stopped clock. */
  async held(): Promise<void> {
    return this.#held.promise;
  }

  /** Resolves when calls of `method` have been answered `count` times more. */
  async answeredAnew(method: string, count = 1): Promise<void> {
    return this.#proxy.answeredAnew(method, count);
  }

  async stop(): Promise<void> {
    this.heal();
    await this.#proxy.stop();
  }

  async #hold(): Promise<void> {
    this.#held.resolve();
    this.#held = Promise.withResolvers<void>();
    await this.#healed.promise;
  }

  async #control({ path, method, body }: ControlRequest): Promise<object | undefined> {
    if (path === "/calls" && method === "GET") return this.#proxy.counts;
    if (path !== "/mode") return undefined;
    if (method === "PUT") await this.setMode(JSON.parse(body) as FaultMode);
    else if (method === "DELETE") this.heal();
    else if (method !== "GET") return undefined;
    return this.#fault;
  }
}
