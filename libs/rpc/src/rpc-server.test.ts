import { CodedError, Field, jsFieldHasher } from "@sprtn/primitives";
import type { NodeApi } from "@sprtn/ports";
import { expect } from "chai";
import { connect } from "node:net";
import { serveGroup } from "./served-group.js";
import type { MethodGroup } from "./method-group.js";
import { nodeMethods } from "./node-methods.js";
import { RpcError, RpcErrorCode } from "./rpc-error.js";
import { RpcFixture } from "./rpc-fixture.test.js";
import { MAX_BODY_BYTES } from "./rpc-server.js";
import { u32 } from "@sprtn/protocol/json";

const HASH = `0x${"0".repeat(63)}1`;

describe("JSON-RPC server", () => {
  let asked = Promise.withResolvers<() => void>();
  const counted: string[] = [];
  const api: Partial<NodeApi> = {
    getCurrentSlot: async () => (counted.push("slot"), 5 as never),
    getBaseFees: async () => {
      throw new CodedError("STATE_UNKNOWN", "the state is not there: wait");
    },
    getPeers: async () => {
      throw new TypeError("secret /home/path");
    },
    getEncodedEnr: () => new Promise(resolve => asked.resolve(() => resolve("enr"))),
    getCommittee: async () => "not a committee" as never,
    getPublicBalance: async () => 0n,
  };
  let fixture: RpcFixture;
  beforeEach(async () => {
    counted.length = 0;
    asked = Promise.withResolvers();
    fixture = new RpcFixture(api);
    await fixture.server.start();
  });
  afterEach(() => fixture.server.stop());

  const error = (code: number, data: string) => ({ code, data: { code: data } });
  const expectError = (
    answer: { error: { code: number; message: string; data: object }; id: unknown; jsonrpc: string },
    [code, data]: readonly [code: number, data: string],
    id: unknown = 7,
  ) => {
    expect(answer.jsonrpc).to.equal("2.0");
    expect(answer.id).to.equal(id);
    expect(answer.error).to.deep.include(error(code, data));
    expect(answer).to.not.have.property("result");
  };

  it("answers a call", async () => {
    expect(await fixture.call("node_getCurrentSlot")).to.deep.equal({ jsonrpc: "2.0", id: 7, result: 5 });
    expect(await fixture.call("node_getCurrentSlot", {})).to.deep.equal({ jsonrpc: "2.0", id: 7, result: 5 });
  });

  it("ids come back as they were: string, number, null", async () => {
    for (const id of ["a", 1.5, null, -3]) {
      const { json } = await fixture.post(JSON.stringify({ jsonrpc: "2.0", id, method: "node_getCurrentSlot" }));
      expect(json.id).to.equal(id);
    }
  });

  it("malformed JSON: −32700", async () => {
    for (const body of ["{", "", "\u0000", "[1,"])
      expectError((await fixture.post(body)).json, [-32700, RpcErrorCode.PARSE_ERROR], null);
  });

  it("what is not a request: −32600, with the id if it can be told", async () => {
    const bad: readonly [unknown, unknown][] = [
      [1, null],
      ["x", null],
      [null, null],
      [{}, null],
      [{ jsonrpc: "1.0", id: 3, method: "node_getCurrentSlot" }, 3],
      [{ jsonrpc: "2.0", id: 3, method: 5 }, 3],
      [{ jsonrpc: "2.0", id: 3, method: "x".repeat(200) }, 3],
      [{ jsonrpc: "2.0", id: {}, method: "node_getCurrentSlot" }, null],
      [{ jsonrpc: "2.0", id: 3, method: "node_getCurrentSlot", params: 5 }, 3],
      [{ jsonrpc: "2.0", id: 3, method: "node_getCurrentSlot", params: null }, 3],
    ];
    for (const [body, id] of bad)
      expectError((await fixture.post(JSON.stringify(body))).json, [-32600, RpcErrorCode.INVALID_REQUEST], id);
    expect(counted).to.deep.equal([]);
  });

  it("an unknown method: −32601, those of Object's prototype too", async () => {
    for (const method of [
      "node_nothing",
      "getCurrentSlot",
      "constructor",
      "__proto__",
      "node_constructor",
      "node_toString",
    ]) {
      expectError(await fixture.call(method), [-32601, RpcErrorCode.UNKNOWN_METHOD]);
    }
  });

  it("wrong parameters: −32602, saying which", async () => {
    const bad: readonly [string, unknown, string][] = [
      ["node_getPublicBalance", [], "address is missing"],
      ["node_getPublicBalance", undefined, "address is missing"],
      ["node_getPublicBalance", ["0x12"], "address: not 0x and 64 hex digits"],
      ["node_getPublicBalance", [`0x${"f".repeat(64)}`], "not a field"],
      ["node_getPublicBalance", [HASH, 1], "2 parameters"],
      ["node_getPublicBalance", { adress: HASH }, "no parameter adress, it takes address"],
      ["node_getPublicBalance", { toString: HASH }, "no parameter toString"],
      ["node_getPublicBalance", [null], "address"],
      ["node_getBlocks", [0, 101], "limit"],
      ["node_getBlocks", [-1, 1], "from"],
      ["node_getBlocks", [1.5, 1], "from"],
      ["node_getBlock", ["latest"], "number: neither a block number nor pending, proven or finalized"],
      ["node_getNoteHashWitness", [1, 1], "index"],
      ["node_getNoteHashWitness", ["18446744073709551616", 1], "index"],
      ["node_getNoteHashWitness", ["01", 1], "index"],
      ["node_sendTx", ["0x1234"], "not a transaction"],
      ["node_getCurrentSlot", [1], "takes none"],
    ];
    for (const [method, params, text] of bad) {
      const answer = await fixture.call(method, params);
      expectError(answer, [-32602, RpcErrorCode.INVALID_PARAMS]);
      expect(answer.error.message).to.contain(text);
      expect(answer.error.message.length).to.be.lessThan(600);
    }
  });

  it("a coded error: −32000 with its code and text", async () => {
    const answer = await fixture.call("node_getBaseFees");
    expectError(answer, [-32000, "STATE_UNKNOWN"]);
    expect(answer.error.message).to.equal("the state is not there: wait");
  });

  it("an unexpected error: −32603, nothing of it leaks, the log has it", async () => {
    for (const method of ["node_getPeers", "node_getCommittee", "node_getTx"]) {
      const params = method === "node_getCommittee" ? [1] : method === "node_getTx" ? [HASH] : [];
      const answer = await fixture.call(method, params);
      expectError(answer, [-32603, RpcErrorCode.INTERNAL]);
      expect(answer.error.message).to.equal("internal error: see the node's log");
    }
    expect(fixture.logger.lines.filter(line => line.startsWith("error")).length).to.equal(3);
    expect(fixture.logger.lines.join()).to.contain("secret /home/path");
  });

  it("a call that takes too long: −32000 RPC_TIMEOUT", async () => {
    const answer = fixture.call("node_getEncodedEnr");
    while (fixture.clock.timers.size === 0) await new Promise(resolve => setImmediate(resolve));
    fixture.clock.fireAll();
    expectError(await answer, [-32000, RpcErrorCode.TIMEOUT]);
  });

  it("notifications are carried out and not answered, wrong ones neither", async () => {
    const notification = { jsonrpc: "2.0", method: "node_getCurrentSlot" };
    const answer = await fixture.post(JSON.stringify(notification));
    expect([answer.status, answer.text]).to.deep.equal([204, ""]);
    expect(counted).to.deep.equal(["slot"]);
    expect(
      (await fixture.post(JSON.stringify([notification, { ...notification, method: "nothing" }]))).status,
    ).to.equal(204);
  });

  it("a batch: answered in order, each call for itself", async () => {
    const call = (id: number, method: string) => ({ jsonrpc: "2.0", id, method });
    const { json } = await fixture.post(
      JSON.stringify([
        call(1, "node_getCurrentSlot"),
        5,
        { jsonrpc: "2.0", method: "node_getCurrentSlot" },
        call(2, "nothing"),
      ]),
    );
    expect(json.map((answer: { id: unknown }) => answer.id)).to.deep.equal([1, null, 2]);
    expect(json.map((answer: { error?: { code: number } }) => answer.error?.code)).to.deep.equal([
      undefined,
      -32600,
      -32601,
    ]);
  });

  it("a batch of 100 is taken, one of 101 or none is refused as a whole", async () => {
    const batch = (size: number) =>
      JSON.stringify(Array.from({ length: size }, (_, id) => ({ jsonrpc: "2.0", id, method: "node_getCurrentSlot" })));
    expect((await fixture.post(batch(100))).json.length).to.equal(100);
    counted.length = 0;
    expectError((await fixture.post(batch(101))).json, [-32600, RpcErrorCode.INVALID_REQUEST], null);
    expectError((await fixture.post("[]")).json, [-32600, RpcErrorCode.INVALID_REQUEST], null);
    expect(counted).to.deep.equal([]);
  });

  it("a body of 1 MB is read, one byte more is refused with 413", async () => {
    const call = JSON.stringify({ jsonrpc: "2.0", id: 7, method: "node_getCurrentSlot" });
    const padded = (length: number) => call + " ".repeat(length - call.length);
    expect((await fixture.post(padded(MAX_BODY_BYTES))).json.result).to.equal(5);
    const refused = await fixture.post(padded(MAX_BODY_BYTES + 1));
    expect(refused.status).to.equal(413);
    expectError(refused.json, [-32600, RpcErrorCode.TOO_LARGE], null);
  });

  it("another content type is refused with 415: a web page cannot post here unasked", async () => {
    const refused = await fixture.post("{}", { "content-type": "text/plain" });
    expect(refused.status).to.equal(415);
    expectError(refused.json, [-32600, RpcErrorCode.WRONG_CONTENT_TYPE], null);
  });

  it("a path that cannot be decoded is refused with a code of this server", async () => {
    const refused = await fixture.get("/%zz");
    expect(refused.status).to.equal(400);
    expectError(JSON.parse(refused.text), [-32600, RpcErrorCode.INVALID_REQUEST], null);
  });

  it("a body that is not plain UTF-8 is refused with 415, not read as if it were", async () => {
    const call = '{"jsonrpc":"2.0","id":1,"method":"node_getCurrentSlot"}';
    const JSON_TYPE = { "content-type": "application/json" };
    for (const headers of [
      { "content-encoding": "gzip" },
      { "content-encoding": "identity, br" },
      { "content-type": "application/json; charset=utf-16" },
      { "content-type": 'application/json; a=b; CHARSET="iso-8859-1"' },
    ]) {
      const refused = await fixture.post(call, { ...JSON_TYPE, ...headers });
      expect(refused.status, JSON.stringify(headers)).to.equal(415);
      expectError(refused.json, [-32600, RpcErrorCode.WRONG_CONTENT_TYPE], null);
    }
    for (const headers of [
      { "content-encoding": "identity" },
      { "content-type": "application/json; charset=UTF-8" },
      { "content-type": 'application/json;charset="utf8"' },
    ])
      expect((await fixture.post(call, { ...JSON_TYPE, ...headers })).status, JSON.stringify(headers)).to.equal(200);
  });

  it("connections are limited", async () => {
    const limited = new RpcFixture(api, { maxConnections: 1 });
    await limited.server.start();
    const { hostname, port } = new URL(limited.server.url);
    const first = connect(Number(port), hostname);
    await new Promise(resolve => first.once("connect", resolve));
    const second = connect(Number(port), hostname);
    await new Promise(resolve => second.once("close", resolve));
    first.destroy();
    await limited.server.stop();
  });

  it("GET /health, /ready and /metrics", async () => {
    expect(await fixture.get("/health")).to.include({ status: 200, text: '{"status":"alive"}' });
    expect(await fixture.get("/ready")).to.include({ status: 200, text: '{"ready":true}' });
    fixture.readiness = { ready: false, code: "NODE_SYNCING", reason: "30 blocks behind" };
    const unready = await fixture.get("/ready");
    expect(unready.status).to.equal(503);
    expect(JSON.parse(unready.text)).to.deep.equal({ ready: false, code: "NODE_SYNCING", reason: "30 blocks behind" });
    const metrics = await fixture.get("/metrics");
    expect(metrics.text).to.equal("sprtn_up 1\n");
    expect(metrics.type).to.match(/^text\/plain/);
  });

  it("another path is told where to go; a failing one tells nothing", async () => {
    const lost = await fixture.get("/nothing");
    expect(lost.status).to.equal(404);
    expect(JSON.parse(lost.text).code).to.equal(RpcErrorCode.NOT_FOUND);
    const broken = new RpcFixture(api, {}, { metricsText: async () => Promise.reject(new Error("secret")) });
    await broken.server.start();
    const failed = await broken.get("/metrics");
    expect(failed.status).to.equal(500);
    expect(failed.text).to.not.contain("secret");
    expect(broken.logger.lines.join()).to.contain("secret");
    await broken.server.stop();
  });

  it("a taken port is told, with what to do", async () => {
    const port = Number(new URL(fixture.server.url).port);
    const second = new RpcFixture(api, { port });
    await second.server.start().then(
      () => expect.fail("started"),
      (cause: RpcError) => {
        expect(cause.code).to.equal(RpcErrorCode.PORT_TAKEN);
        expect(cause.message).to.contain("AZTEC_PORT").and.contain(String(port));
      },
    );
    await second.server.stop();
  });

  it("an address that is not this machine's is told as well; a second start too", async () => {
    const elsewhere = new RpcFixture(api, { host: "192.0.2.1" });
    await elsewhere.server.start().then(
      () => expect.fail("started"),
      (cause: RpcError) =>
        expect([cause.code, cause.message.includes("RPC_HOST")]).to.deep.equal([RpcErrorCode.BIND_FAILED, true]),
    );
    expect(() => elsewhere.server.url).to.throw(RpcError, "start it first");
    await fixture.server.start().then(
      () => expect.fail("started"),
      (cause: RpcError) => expect(cause.code).to.equal(RpcErrorCode.ALREADY_STARTED),
    );
  });

  it("a stop answers what was asked before", async () => {
    const answer = fixture.call("node_getEncodedEnr");
    const release = await asked.promise;
    const { url } = fixture.server;
    const stopped = fixture.server.stop();
    release();
    expect((await answer).result).to.equal("enr");
    await stopped;
    await fetch(url, { method: "POST" }).then(
      () => expect.fail("answered"),
      (cause: Error) => expect(cause).to.be.instanceOf(TypeError),
    );
    await fixture.server.stop();
  });

  it("listens on 127.0.0.1 unless told otherwise", async () => {
    const { rpcSettings } = await import("./settings.js");
    expect(rpcSettings.host.default).to.equal("127.0.0.1");
    expect(rpcSettings.port.default).to.equal(8080);
  });

  it("rpc.discover describes every method, with its parameters by name", async () => {
    const { result } = await fixture.call("rpc.discover");
    const names = result.methods.map((method: { name: string }) => method.name);
    expect(names).to.have.members([
      ...Object.keys(nodeMethods(jsFieldHasher).methods).map(name => `node_${name}`),
      "rpc.discover",
    ]);
    const getBlocks = result.methods.find((method: { name: string }) => method.name === "node_getBlocks");
    expect(getBlocks.params.map((param: { name: string }) => param.name)).to.deep.equal(["from", "limit"]);
    expect(getBlocks.params[1].schema).to.include({ type: "integer", minimum: 1, maximum: 100 });
    const balance = result.methods.find((method: { name: string }) => method.name === "node_getPublicBalance");
    expect(balance.params[0].schema).to.deep.include({ type: "string", pattern: "^0x[0-9a-fA-F]{64}$" });
  });

  it("further groups plug in; two methods of one name do not", async () => {
    interface Doubler {
      double(value: number): Promise<number>;
    }
    const group: MethodGroup<Doubler> = {
      prefix: "math_",
      methods: {
        double: { summary: "Twice", params: [{ name: "value", description: "Any", schema: u32 }], result: u32 },
      },
    };
    const served = serveGroup(group, { double: async value => 2 * value });
    const plugged = new RpcFixture({}, {}, { groups: [served] });
    await plugged.server.start();
    expect((await plugged.call("math_double", { value: 4 })).result).to.equal(8);
    await plugged.server.stop();
    expect(() => new RpcFixture({}, {}, { groups: [served, served] })).to.throw(RpcError, "math_double");
  });

  it("an implementation keeps its this", async () => {
    class Api {
      readonly #balance = 9n;
      async getPublicBalance() {
        return this.#balance;
      }
    }
    const bound = new RpcFixture(new Api());
    await bound.server.start();
    expect(
      (await bound.call("node_getPublicBalance", [`0x${Field(1n).toString(16).padStart(64, "0")}`])).result,
    ).to.equal("9");
    await bound.server.stop();
  });
});
