import { jsFieldHasher } from "@sprtn/primitives";
import type { Clock, Logger, Meter, NodeApi } from "@sprtn/ports";
import { u32 } from "@sprtn/protocol/json";
import * as z from "zod/mini";
import type { Method } from "./method-group.js";
import { nodeMethods } from "./node-methods.js";
import { type Readiness, RpcServer, type RpcServerDependencies, type RpcServerSettings } from "./rpc-server.js";
import { serveGroup } from "./served-group.js";

/** A server on a free port in front of a NodeApi whose methods each test gives. */

/** A method whose answer is as long as it is asked to be. */
export const textMethod: Method<[length: number], string> = {
  summary: "A text",
  params: [{ name: "length", description: "Its length", schema: u32 }],
  result: z.string(),
};

/** Stands still, so that nothing times out unless a test says so. */
export class TestClock implements Clock {
  nowValueMs = 1_000_000;
  readonly timers = new Set<() => void>();

  nowMs() {
    return this.nowValueMs;
  }

  steadyMs() {
    return this.nowValueMs;
  }

  schedule(_delayMs: number, callback: () => void) {
    this.timers.add(callback);
    return () => void this.timers.delete(callback);
  }

  fireAll() {
    for (const callback of [...this.timers]) callback();
  }
}

export class TestLogger implements Logger {
  readonly lines: string[] = [];
  readonly #line = (level: string) => (message: string, fields?: object) =>
    void this.lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  readonly error = this.#line("error");
  readonly warn = this.#line("warn");
  readonly info = this.#line("info");
  readonly verbose = this.#line("verbose");
  readonly debug = this.#line("debug");

  child() {
    return this;
  }
}

export const silentMeter: Meter = {
  counter: () => ({ add: () => {} }),
  gauge: () => ({ set: () => {} }),
  histogram: () => ({ observe: () => {} }),
};

export const settings: RpcServerSettings = {
  port: 0,
  host: "127.0.0.1",
  dashboardEnabled: true,
  requestTimeoutMs: 30_000,
  allowedHosts: [],
  corsOrigins: [],
  headersTimeoutMs: 5_000,
  bodyTimeoutMs: 15_000,
  maxConnections: 100,
  maxConnectionsPerAddress: 100,
  workPerSecond: 1_000,
  workBurst: 100_000,
  totalWorkPerSecond: 1_000_000,
};

export class RpcFixture {
  readonly clock = new TestClock();
  readonly logger = new TestLogger();
  readiness: Readiness = { ready: true };
  readonly server: RpcServer;

  constructor(
    api: Partial<NodeApi>,
    changes: Partial<RpcServerSettings> = {},
    dependencies: Partial<RpcServerDependencies> = {},
  ) {
    this.server = new RpcServer(
      {
        groups: [serveGroup(nodeMethods(jsFieldHasher), api as NodeApi)],
        clock: this.clock,
        logger: this.logger,
        meter: silentMeter,
        readiness: () => this.readiness,
        metricsText: async () => "sprtn_up 1\n",
        version: "0.1.0",
        ...dependencies,
      },
      { ...settings, ...changes },
    );
  }

  /** Posts a body as it is. */
  async post(body: string, headers: Record<string, string> = { "content-type": "application/json" }) {
    const response = await fetch(this.server.url, { method: "POST", headers, body });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text === "" ? undefined : JSON.parse(text),
    };
  }

  async call(method: string, params?: unknown) {
    return (await this.post(JSON.stringify({ jsonrpc: "2.0", id: 7, method, params }))).json;
  }

  async get(path: string) {
    const response = await fetch(this.server.url + path);
    return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
  }
}
