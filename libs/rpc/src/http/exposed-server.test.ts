import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { Secret } from "@sprtn/settings";
import { expect } from "chai";
import { brokerMethods } from "../prover-methods.js";
import { createRpcClient } from "../rpc-client.js";
import { RemoteError, RpcErrorCode } from "../rpc-error.js";
import { RpcFixture } from "../rpc-fixture.test.js";
import { MAX_BODY_BYTES, type RpcServerSettings } from "../rpc-server.js";
import { serveGroup } from "../served-group.js";

const CALL = JSON.stringify({ jsonrpc: "2.0", id: 7, method: "node_getCurrentSlot" });
const JSON_TYPE = { "content-type": "application/json" };

describe("a JSON-RPC server that strangers reach", () => {
  let calls = 0;
  let fixture: RpcFixture;
  const open = async (changes: Partial<RpcServerSettings> = {}) => {
    calls = 0;
    fixture = new RpcFixture({ getCurrentSlot: async () => (calls++, 5 as never) }, changes);
    await fixture.server.start();
    return fixture;
  };
  afterEach(() => fixture.server.stop());

  /** What a browser sends, with the headers that a page's origin and its name give it. */
  async function browse(method: string, headers: Record<string, string>, body = CALL) {
    const sent = request(fixture.server.url, { method, headers });
    sent.end(method === "POST" ? body : undefined);
    const [response] = await new Promise<[import("node:http").IncomingMessage]>((resolve, reject) => {
      sent.once("response", message => resolve([message])).once("error", reject);
    });
    let text = "";
    for await (const chunk of response) text += chunk;
    return { status: response.statusCode, headers: response.headers, json: text === "" ? undefined : JSON.parse(text) };
  }

  async function socket(): Promise<Socket> {
    const { hostname, port } = new URL(fixture.server.url);
    const opened = connect(Number(port), hostname).on("error", () => {});
    await new Promise(resolve => opened.once("connect", resolve));
    return opened;
  }
  const closed = (of: Socket) =>
    new Promise<void>(resolve => void (of.destroyed ? resolve() : of.once("close", resolve)));

  it("answers a page that another name led here with 421, and does nothing", async () => {
    await open();
    const rebound = await browse("POST", { ...JSON_TYPE, host: "evil.example:8080" });
    expect([rebound.status, rebound.json.error.data.code]).to.deep.equal([421, RpcErrorCode.WRONG_HOST]);
    expect((await browse("GET", { host: "evil.example" })).status).to.equal(421);
    expect(calls).to.equal(0);
    expect((await browse("POST", { ...JSON_TYPE, host: "localhost:8080" })).json.result).to.equal(5);
  });

  it("lets a name in that a setting allows", async () => {
    await open({ allowedHosts: ["node.example"] });
    expect((await browse("POST", { ...JSON_TYPE, host: "node.example" })).json.result).to.equal(5);
    expect((await browse("POST", { ...JSON_TYPE, host: "other.example" })).status).to.equal(421);
  });

  it("answers no page of another origin, and gives no leave to read", async () => {
    await open();
    const origin = "https://evil.example";
    const posted = await browse("POST", { ...JSON_TYPE, origin });
    expect([posted.status, posted.json.error.data.code]).to.deep.equal([403, RpcErrorCode.WRONG_ORIGIN]);
    const form = await browse("POST", { "content-type": "text/plain" });
    expect([form.status, form.json.error.data.code]).to.deep.equal([415, RpcErrorCode.WRONG_CONTENT_TYPE]);
    const asked = await browse("OPTIONS", { origin, "access-control-request-method": "POST" });
    for (const answer of [posted, form, asked])
      expect(Object.keys(answer.headers).filter(name => name.startsWith("access-control"))).to.deep.equal([]);
    expect(calls).to.equal(0);
    const own = await browse("POST", { ...JSON_TYPE, host: "localhost:1", origin: "http://localhost:1" });
    expect(own.json.result).to.equal(5);
  });

  it("lets pages of the origins in that a setting names, preflight included", async () => {
    const origin = "https://wallet.example";
    await open({ corsOrigins: [origin] });
    const asked = await browse("OPTIONS", { origin, "access-control-request-method": "POST" });
    expect([asked.status, asked.headers["access-control-allow-origin"]]).to.deep.equal([204, origin]);
    const posted = await browse("POST", { ...JSON_TYPE, origin });
    expect([posted.json.result, posted.headers["access-control-allow-origin"]]).to.deep.equal([5, origin]);
    expect((await browse("POST", { ...JSON_TYPE, origin: "https://evil.example" })).status).to.equal(403);
  });

  it("LIMIT-24: lets nobody but agents with its token take, keep, fail or hand in jobs", async () => {
    const asked: string[] = [];
    const jobs = {
      take: async () => (asked.push("take"), null),
      heartbeat: async () => (asked.push("heartbeat"), true),
      complete: async () => void asked.push("complete"),
      fail: async () => void asked.push("fail"),
      release: async () => void asked.push("release"),
    };
    for (const accessToken of [new Secret(token), undefined]) {
      asked.length = 0;
      fixture = new RpcFixture({}, { accessToken }, { groups: [serveGroup(brokerMethods, jobs, { guarded: true })] });
      await fixture.server.start();
      for (const given of [undefined, "", "a-token-of-the-networ", `${token}s`, token.toUpperCase()]) {
        const stranger = createRpcClient(
          brokerMethods,
          fixture.server.url,
          given === undefined ? {} : { token: given },
        );
        const proof = { circuit: "transfer", publicInputs: [], bytes: new Uint8Array() } as never;
        const tried = [
          () => stranger.take("x", []),
          () => stranger.heartbeat("id", "lease"),
          () => stranger.complete("id", "lease", proof),
          () => stranger.fail("id", "lease", { code: "X", reason: "", retry: false }),
          () => stranger.release("id", "lease"),
        ];
        for (const attempt of tried) {
          const error = await attempt().then(
            () => expect.fail("let in"),
            (cause: unknown) => cause,
          );
          expect((error as RemoteError).code).to.equal(RpcErrorCode.UNAUTHORIZED);
        }
      }
      expect(asked).to.deep.equal([]);
      if (accessToken === undefined) return;
      const agent = createRpcClient(brokerMethods, fixture.server.url, { token });
      expect([await agent.take("x", []), await agent.heartbeat("id", "lease")]).to.deep.equal([null, true]);
      await fixture.server.stop();
    }
  });

  /** The statuses of what the server answers to some bytes, until it or the sender hangs up. */
  async function statuses(head: readonly string[], body = CALL): Promise<readonly number[]> {
    const sender = await socket();
    let answer = "";
    sender.setEncoding("latin1").on("data", text => (answer += text));
    sender.end(`${head.join("\r\n")}\r\n\r\n${body}`);
    await closed(sender);
    return [...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
  }

  const TYPE = "Content-Type: application/json";
  const LENGTH = `Content-Length: ${CALL.length}`;
  const HOST = "Host: localhost";
  const POST = "POST / HTTP/1.1";
  const token = "a-token-of-the-network";
  for (const [what, expected, head] of [
    ["one of each", 200, [POST, HOST, TYPE, LENGTH]],
    ["two Hosts", 400, [POST, HOST, "Host: evil.example", TYPE, LENGTH]],
    ["two Hosts, the other first", 400, [POST, "Host: evil.example", HOST, TYPE, LENGTH]],
    ["the same Host twice", 400, [POST, HOST, "hOsT: localhost", TYPE, LENGTH]],
    ["an empty Host", 400, [POST, "Host:", TYPE, LENGTH]],
    ["no Host", 400, [POST, TYPE, LENGTH]],
    ["no Host in HTTP/1.0", 421, ["POST / HTTP/1.0", TYPE, LENGTH]],
    ["a Host in HTTP/1.0", 200, ["POST / HTTP/1.0", HOST, TYPE, LENGTH]],
    ["two Content-Lengths", 400, [POST, HOST, TYPE, LENGTH, "Content-Length: 1"]],
    ["the same Content-Length twice", 400, [POST, HOST, TYPE, LENGTH, LENGTH]],
    ["a list of Content-Lengths", 400, [POST, HOST, TYPE, `${LENGTH}, ${CALL.length}`]],
    ["Transfer-Encoding and Content-Length", 400, [POST, HOST, TYPE, "Transfer-Encoding: chunked", LENGTH]],
    ["an unknown Transfer-Encoding", 400, [POST, HOST, TYPE, "Transfer-Encoding: chunked, identity"]],
    [
      "two Authorizations",
      400,
      [POST, HOST, TYPE, LENGTH, "Authorization: Bearer x", `Authorization: Bearer ${token}`],
    ],
    ["two Content-Types", 400, [POST, HOST, "Content-Type: text/plain", TYPE, LENGTH]],
    ["two Origins", 400, [POST, HOST, "Origin: http://localhost", "Origin: http://localhost", TYPE, LENGTH]],
    ["the absolute form of the same host", 200, ["POST http://localhost/ HTTP/1.1", HOST, TYPE, LENGTH]],
    ["the absolute form of another host", 400, ["POST http://evil.example/ HTTP/1.1", HOST, TYPE, LENGTH]],
    ["the absolute form of another port", 400, ["POST http://localhost:1/ HTTP/1.1", HOST, TYPE, LENGTH]],
    ["the absolute form with a user", 400, ["POST http://localhost@evil.example/ HTTP/1.1", HOST, TYPE, LENGTH]],
    ["the form of a tunnel's", 400, ["POST localhost:80 HTTP/1.1", HOST, TYPE, LENGTH]],
  ] as const)
    for (const allowedHosts of [[], ["*"]])
      it(`${expected}: ${what}${allowedHosts.length === 0 ? "" : ", with any name allowed"}`, async () => {
        await open({ allowedHosts, accessToken: new Secret(token) });
        const isServed = expected === 200 || (expected === 421 && allowedHosts.length > 0);
        expect(await statuses(head)).to.deep.equal([isServed ? 200 : expected]);
        expect(calls).to.equal(isServed ? 1 : 0);
      });

  it("does not serve what follows a request of two meanings on its connection", async () => {
    await open();
    const second = `${POST}\r\n${HOST}\r\n${TYPE}\r\n${LENGTH}\r\n\r\n${CALL}`;
    const first = [POST, HOST, "Host: evil.example", TYPE, LENGTH];
    expect(await statuses(first, `${CALL}${second}`)).to.deep.equal([400]);
    expect(calls).to.equal(0);
  });

  /** What a sender gets who stops in the middle, once he is hung up on; by a silence alone he would get nothing. */
  async function answerTo(begun: string): Promise<string> {
    const slow = await socket();
    let answer = "";
    slow.setEncoding("latin1").on("data", text => (answer += text));
    slow.write(begun);
    await closed(slow);
    return answer.split("\r\n")[0] ?? "";
  }

  it("LIMIT-21: closes the connection of one who takes his time with headers, sooner than with a body", async () => {
    await open({ headersTimeoutMs: 50, bodyTimeoutMs: 600_000 });
    expect(await answerTo("POST / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")).to.equal("HTTP/1.1 408 Request Timeout");
  });

  it("LIMIT-21: closes the connection of one who takes his time with a body", async () => {
    await open({ headersTimeoutMs: 50, bodyTimeoutMs: 100 });
    const headers = "Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 100";
    expect(await answerTo(`POST / HTTP/1.1\r\n${headers}\r\n\r\n{`)).to.equal("HTTP/1.1 408 Request Timeout");
  });

  it("LIMIT-21: closes the connection of one who says nothing at all", async () => {
    await open({ headersTimeoutMs: 50, bodyTimeoutMs: 600_000 });
    const silent = await socket();
    silent.resume();
    await closed(silent);
  });

  /** As {@link answerTo}, of one who goes on and on, a byte at a time. */
  async function answerToDrip(begun: string, byte: string): Promise<string> {
    const slow = await socket();
    let answer = "";
    slow.setEncoding("latin1").on("data", text => (answer += text));
    slow.write(begun);
    for (let turn = 0; !slow.destroyed; turn++) {
      if (turn % 1000 === 0) slow.write(byte);
      await new Promise(resolve => setImmediate(resolve));
    }
    return answer.split("\r\n")[0] ?? "";
  }

  it("LIMIT-21: closes the connection of one whose headers come in drips", async () => {
    await open({ headersTimeoutMs: 50, bodyTimeoutMs: 600_000 });
    const answer = await answerToDrip("POST / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", "x");
    expect(answer).to.equal("HTTP/1.1 408 Request Timeout");
  });

  it("LIMIT-21: closes the connection of one whose body comes in drips", async () => {
    await open({ headersTimeoutMs: 50, bodyTimeoutMs: 100 });
    const head = `POST / HTTP/1.1\r\nHost: localhost\r\n${TYPE}\r\nContent-Length: 100000\r\n\r\n`;
    expect(await answerToDrip(head, " ")).to.equal("HTTP/1.1 408 Request Timeout");
  });

  it("reads no more of a body than it takes, and nothing of one that it does not want", async () => {
    await open();
    const chunked = "Transfer-Encoding: chunked";
    const cases = [
      ["POST / HTTP/1.1", `${chunked}\r\nContent-Type: application/json`, 413],
      ["POST / HTTP/1.1", `Content-Length: ${500 * MAX_BODY_BYTES}\r\nContent-Type: application/json`, 413],
      ["POST / HTTP/1.1", `${chunked}\r\nContent-Type: text/plain`, 415],
      ["POST / HTTP/1.1", `${chunked}\r\nOrigin: https://evil.example`, 403],
      ["POST /nothing HTTP/1.1", chunked, 404],
      ["GET /health HTTP/1.1", chunked, 200],
    ] as const;
    for (const [line, headers, status] of cases) {
      const sender = await socket();
      let answer = "";
      sender.setEncoding("latin1").on("data", text => (answer += text));
      sender.write(`${line}\r\nHost: localhost\r\n${headers}\r\n\r\n`);
      const piece = Buffer.alloc(64 * 1024, 0x20);
      const chunk = Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")]);
      const send = () => {
        while (!sender.destroyed && sender.bytesWritten < 500 * MAX_BODY_BYTES) if (!sender.write(chunk)) return;
      };
      sender.on("drain", send);
      send();
      await closed(sender);
      // What the kernel holds for both sides comes on top of what was read.
      expect(sender.bytesWritten, `${line} ${headers}`).to.be.below(16 * MAX_BODY_BYTES);
      if (answer !== "") expect(answer, `${line} ${headers}`).to.contain(`HTTP/1.1 ${status}`);
    }
  });

  it("LIMIT-21: has a bound on one address's connections, which honest ones get back when they close", async () => {
    await open({ maxConnectionsPerAddress: 2 });
    const [first, second] = [await socket(), await socket()];
    first.resume();
    const third = await socket();
    let answer = "";
    third.setEncoding("latin1").on("data", text => (answer += text));
    third.write("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    await closed(third);
    expect(answer).to.equal("");
    // Its other side has closed when this one has: the place is free.
    first.end();
    await closed(first);
    expect((await browse("POST", { ...JSON_TYPE, host: "localhost" })).json.result).to.equal(5);
    second.destroy();
  });

  it("LIMIT-21: has a bound on all connections together: those that stand are not touched", async () => {
    await open({ maxConnections: 2 });
    const standing = [await socket(), await socket()];
    const third = await socket();
    let answer = "";
    third.setEncoding("latin1").on("data", text => (answer += text));
    third.write("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    await closed(third);
    expect(answer).to.equal("");
    const [first] = standing as [Socket, Socket];
    first.resume().end();
    await closed(first);
    expect((await browse("POST", { ...JSON_TYPE, host: "localhost" })).json.result).to.equal(5);
  });

  it("stops, whoever is connected and says nothing, or not enough", async () => {
    await open();
    const [silent, halfway] = [await socket(), await socket()];
    halfway.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n");
    await browse("POST", { ...JSON_TYPE, host: "localhost" });
    await fixture.server.stop();
    await Promise.all([closed(silent), closed(halfway)]);
  });

  it("a client that hangs up before its answer is sent is no trouble of the node's", async () => {
    const answer = Promise.withResolvers<never>();
    const asked = Promise.withResolvers<void>();
    fixture = new RpcFixture({ getPendingTxs: () => (asked.resolve(), answer.promise) });
    await fixture.server.start();
    fixture.logger.lines.length = 0;
    const call = { jsonrpc: "2.0", id: 1, method: "node_getPendingTxs", params: [1_000] };
    const body = JSON.stringify(Array.from({ length: 10 }, () => call));
    const impatient = await socket();
    impatient.write(
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
        `${body.length}\r\n\r\n${body}`,
    );
    await asked.promise;
    impatient.destroy();
    await closed(impatient);
    // Enough for an answer in pieces.
    answer.resolve(Array.from({ length: 1_000 }, (_, n) => 2n ** 250n + BigInt(n)) as never);
    while (fixture.logger.lines.length === 0) await new Promise(resolve => setImmediate(resolve));
    expect(fixture.logger.lines.map(line => line.split(" ")[0])).to.deep.equal(["debug"]);
  });

  it("LIMIT-22: makes whoever asks without end wait, whatever he asks for", async () => {
    await open({ workBurst: 5, workPerSecond: 1 });
    const asked = ["/health", "/ready", "/metrics", "/nothing", "/%zz"];
    for (const path of asked) expect((await fixture.get(path)).status, path).to.be.below(429);
    for (const path of asked) {
      let answered = false;
      const refused = fixture.get(path).finally(() => (answered = true));
      const isDecided = () => fixture.clock.timers.size > 0 || answered;
      while (!isDecided()) await new Promise(resolve => setImmediate(resolve));
      expect(answered, `${path}, at once`).to.equal(false);
      fixture.clock.fireAll();
      expect((await refused).status, path).to.equal(429);
      fixture.clock.timers.clear();
    }
    fixture.clock.nowValueMs += 2_000;
    expect((await fixture.get("/health")).status).to.equal(200);
  });

  it("LIMIT-21: cuts off a connection that sends requests without end and reads nothing", async () => {
    const held = Promise.withResolvers<void>();
    fixture = new RpcFixture({ getCurrentSlot: async () => (await held.promise, 5 as never) }, { workBurst: 50 });
    await fixture.server.start();
    const pipeline = await socket();
    const one =
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
      `${CALL.length}\r\n\r\n${CALL}`;
    pipeline.resume();
    pipeline.write(one.repeat(200));
    // Were more than sixteen taken in, most of them would wait here for being told that they ask too much.
    while (!pipeline.destroyed && fixture.clock.timers.size <= 16) await new Promise(resolve => setImmediate(resolve));
    expect(pipeline.destroyed).to.equal(true);
    held.resolve();
  });
});
