import { MemoryLogger } from "@sprtn/testing";
import { ManualClock } from "@sprtn/runtime";
import { expect } from "chai";
import { type Devnet, startDevnet } from "../devnet/index.js";
import { JsonRpcProxy } from "../testing/json-rpc-proxy.js";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import { L1Endpoints } from "./l1-endpoints.js";

interface Failure {
  readonly code?: string;
  readonly message: string;
  readonly payload?: { readonly endpoints?: readonly string[]; readonly reason?: string };
}

async function failure(promise: Promise<unknown>): Promise<Failure> {
  return promise.then(
    () => expect.fail("it should have failed"),
    (error: Failure) => error,
  );
}

describe("L1Endpoints", () => {
  let devnet: Devnet;
  let first: JsonRpcProxy;
  let second: JsonRpcProxy;
  let logger: MemoryLogger;
  let clock: ManualClock;

  before(async () => {
    devnet = await startDevnet();
  });

  beforeEach(async () => {
    [first, second] = await Promise.all([JsonRpcProxy.start(devnet.url), JsonRpcProxy.start(devnet.url)]);
    logger = new MemoryLogger();
    clock = new ManualClock();
  });

  afterEach(async () => Promise.all([first.stop(), second.stop()]));

  after(async () => devnet.stop());

  const endpointsAt = (urls: readonly string[], chainId = 31337n) =>
    new L1Endpoints({ logger, clock }, { urls, chainId, requestTimeoutMs: 1000 });
  const blockNumber = async (endpoints: L1Endpoints) => endpoints.run(provider => provider.getBlockNumber());

  it("keeps to the first endpoint while it works, and asks for its chain id once", async () => {
    const endpoints = endpointsAt([first.url, second.url]);
    await blockNumber(endpoints);
    await blockNumber(endpoints);
    expect(second.calls).to.deep.equal([]);
    expect(first.calls.map(call => call.method)).to.deep.equal(["eth_chainId", "eth_blockNumber", "eth_blockNumber"]);
  });

  for (const [what, wish] of [
    ["refuses connections", { hangUp: true }],
    ["answers 503", { status: 503, body: "busy" }],
    ["answers 429 as JSON", { status: 429, body: '{"error":{"code":-32005,"message":"slow down"}}' }],
    ["answers HTML", { status: 200, body: "<html>" }],
  ] as const) {
    it(`goes on with the second when the first ${what}, and stays there`, async () => {
      const endpoints = endpointsAt([first.url, second.url]);
      await blockNumber(endpoints);
      first.intervene = () => wish;
      expect(await blockNumber(endpoints)).to.equal(0);
      first.intervene = () => undefined;
      await blockNumber(endpoints);
      expect(second.calls.filter(call => call.method === "eth_blockNumber")).to.have.length(2);
      expect(logger.lines("warn").map(line => line.fields["endpoint"])).to.deep.equal([first.url]);
    });
  }

  const asked = (proxy: JsonRpcProxy, method = "eth_blockNumber") =>
    proxy.calls.filter(call => call.method === method).length;

  /** Until a promise that nobody is given has come to its end: the probe of an endpoint. */
  async function probed(proxy: JsonRpcProxy): Promise<void> {
    await proxy.answeredAnew("eth_getBlockByNumber");
    for (let i = 0; i < 20; i++) await new Promise(resolve => setImmediate(resolve));
  }

  /** Likewise, of a probe that is told of, however slow the machine. */
  async function probedAndTold(proxy: JsonRpcProxy): Promise<void> {
    await proxy.answeredAnew("eth_getBlockByNumber");
    while (logger.lines("info").length === 0) await new Promise(resolve => setImmediate(resolve));
  }

  it("comes back to the first when that works again, one warning and one info later", async () => {
    const endpoints = endpointsAt([first.url, second.url]);
    first.intervene = () => ({ hangUp: true });
    for (let i = 0; i < 5; i++) {
      await blockNumber(endpoints);
      clock.advanceSync(2 ** i * 1000 + 1);
    }
    expect(logger.messages("warn")).to.have.length(1);
    expect(logger.messages("info")).to.deep.equal([]);
    first.intervene = () => undefined;
    clock.advanceSync(60_000);
    const found = probedAndTold(first);
    await blockNumber(endpoints);
    await found;
    expect(logger.lines("info").map(line => line.fields["endpoint"])).to.deep.equal([first.url]);
    const before = asked(second);
    await blockNumber(endpoints);
    expect(asked(second)).to.equal(before);
  });

  it("of several that fail the last is not told of: who asked says that there is no L1", async () => {
    const endpoints = endpointsAt([first.url, second.url]);
    for (const proxy of [first, second]) proxy.intervene = () => ({ status: 503 });
    expect((await failure(blockNumber(endpoints))).payload?.endpoints).to.deep.equal([first.url, second.url]);
    expect(logger.lines("warn").map(line => line.fields["endpoint"])).to.deep.equal([first.url]);
    for (const proxy of [first, second]) proxy.intervene = () => undefined;
    clock.advanceSync(60_000);
    const found = probedAndTold(second);
    await blockNumber(endpoints);
    await blockNumber(endpoints);
    await found;
    expect(logger.lines("info").map(line => line.fields["endpoint"])).to.deep.equal([first.url]);
  });

  it("every failure of all endpoints names them, also where one tells of an answer that makes no sense", async () => {
    const broken = endpointsAt([first.url]).run(async () => {
      throw new L1Error(L1ErrorCode.BAD_ANSWER, "no block");
    });
    expect((await failure(broken)).payload?.endpoints).to.deep.equal([first.url]);
  });

  for (const [what, wish, pauseMs] of [
    ["in seconds", { status: 429, headers: { "retry-after": "120" } }, 120_000],
    ["as a date", { status: 429, headers: { "retry-after": new Date(90_000).toUTCString() } }, 90_000],
    [
      "in the body",
      { error: { code: -32005, message: "daily request count exceeded", data: { rate: { backoff_seconds: 30 } } } },
      30_000,
    ],
    ["not at all", { error: { code: -32007, message: "50/second request limit reached" } }, 1000],
  ] as const) {
    it(`does not ask an endpoint that limits its rate before it wants to be asked again (${what})`, async () => {
      const endpoints = endpointsAt([first.url]);
      await blockNumber(endpoints);
      first.intervene = () => wish;
      expect((await failure(blockNumber(endpoints))).code).to.equal("L1_RATE_LIMITED");
      first.intervene = () => undefined;
      const before = first.calls.length;
      clock.advanceSync(pauseMs - 1);
      for (const ms of [3_600_000, -7_200_000]) {
        clock.jump(ms);
        expect((await failure(blockNumber(endpoints))).code).to.equal("L1_RATE_LIMITED");
      }
      expect(first.calls).to.have.length(before);
      clock.advanceSync(1);
      expect(await blockNumber(endpoints)).to.equal(0);
    });
  }

  it("uses another endpoint for a while when the answers of one are doubted, without a word", async () => {
    const endpoints = endpointsAt([first.url, second.url]);
    await blockNumber(endpoints);
    endpoints.turnAway();
    await blockNumber(endpoints);
    expect([asked(first), asked(second)]).to.deep.equal([1, 1]);
    clock.advanceSync(300_000);
    const found = probed(first);
    await blockNumber(endpoints);
    await found;
    await blockNumber(endpoints);
    expect([asked(first), asked(second)]).to.deep.equal([2, 2]);
    expect(logger.lines().filter(line => line.level === "warn" || line.level === "info")).to.deep.equal([]);
  });

  it("stays with the only endpoint that there is, doubted or not", async () => {
    const endpoints = endpointsAt([first.url]);
    endpoints.turnAway();
    expect(await blockNumber(endpoints)).to.equal(0);
  });

  it("gives up on a request that takes too long, and says which", async () => {
    const endpoints = endpointsAt([first.url]);
    const never = Promise.withResolvers<undefined>();
    const came = Promise.withResolvers<void>();
    first.intervene = () => (came.resolve(), never.promise);
    const failed = failure(blockNumber(endpoints));
    await came.promise;
    await clock.advance(1000);
    const error = await failed;
    never.resolve(undefined);
    expect(error.code).to.equal("L1_UNREACHABLE");
    expect(error.message).to.contain("1000 ms");
  });

  it("takes a head that is too old for a failed endpoint, and a single one for no L1", async () => {
    const { timestamp } = (await devnet.provider.getBlock("latest")) as { timestamp: number };
    clock.advanceSync((timestamp + 100) * 1000);
    const settings = { chainId: 31337n, requestTimeoutMs: 1000, maxHeadAgeMs: 120_000 };
    const endpoints = new L1Endpoints({ logger, clock }, { ...settings, urls: [first.url] });
    expect((await endpoints.head()).number).to.equal(0);
    clock.advanceSync(21_000);
    const error = await failure(endpoints.head());
    expect(error.code).to.equal("L1_STALE_HEAD");
    expect(error.message).to.contain("121 s").and.contain("clock");
    // Chain 31337 has blocks on demand: unless told, it is never too old.
    const { maxHeadAgeMs: _none, ...idle } = settings;
    expect((await new L1Endpoints({ logger, clock }, { ...idle, urls: [first.url] }).head()).number).to.equal(0);
  });

  it("believes endpoints that all go at L1's pace, however far behind the clock: the clock is wrong", async () => {
    clock.advanceSync(10_000_000);
    const startMs = clock.nowMs();
    const headOf = (n: number, lagSeconds: number) => ({
      number: `0x${n.toString(16)}`,
      hash: `0x${(n + 1).toString(16).padStart(64, "0")}`,
      timestamp: `0x${(startMs / 1000 + 12 * n - lagSeconds).toString(16)}`,
    });
    let n = 0;
    for (const [index, proxy] of [first, second].entries())
      proxy.intervene = ({ method }) =>
        method === "eth_getBlockByNumber" ? { result: headOf(n, 300 + 2 * index) } : undefined;
    const settings = { chainId: 31337n, requestTimeoutMs: 1000, maxHeadAgeMs: 120_000, slotSeconds: 12 };
    const endpoints = new L1Endpoints({ logger, clock }, { ...settings, urls: [first.url, second.url] });
    for (; n < 6; n++, clock.advanceSync(12_000))
      expect((await failure(endpoints.head())).code).to.equal("L1_STALE_HEAD");
    for (; n < 20; n++, clock.advanceSync(12_000)) expect((await endpoints.head()).number).to.equal(n);
    // One that stands still is stale all the same.
    n = 19;
    clock.advanceSync(120_001);
    expect((await failure(endpoints.head())).code).to.equal("L1_STALE_HEAD");
  });

  it("says what to do when none works: to look at ETHEREUM_HOST, or what its owner knows better", async () => {
    first.intervene = () => ({ hangUp: true });
    expect((await failure(blockNumber(endpointsAt([first.url])))).message).to.contain("ETHEREUM_HOST");
    const settings = { chainId: 31337n, requestTimeoutMs: 1000, urls: [first.url], remedy: "Start it again" };
    const { message } = await failure(blockNumber(new L1Endpoints({ logger, clock }, settings)));
    expect(message)
      .to.match(/Start it again$/)
      .and.not.contain("ETHEREUM_HOST");
  });

  it("asks for the chain with every look at the head", async () => {
    const endpoints = endpointsAt([first.url]);
    await endpoints.head();
    first.intervene = ({ method }) => (method === "eth_chainId" ? { result: "0x1" } : undefined);
    expect((await failure(endpoints.head())).code).to.equal("L1_WRONG_CHAIN");
  });

  it("takes null for no answer where there is always one", async () => {
    first.intervene = ({ method }) => (method === "eth_blockNumber" ? { result: null } : undefined);
    expect((await failure(blockNumber(endpointsAt([first.url])))).code).to.equal("L1_BAD_ANSWER");
  });

  it("runs the whole task anew on the next endpoint: never half on one, half on the other", async () => {
    const endpoints = endpointsAt([first.url, second.url]);
    first.intervene = ({ method }) => (method === "eth_gasPrice" ? { hangUp: true } : undefined);
    await endpoints.run(async provider => {
      await provider.getBlockNumber();
      return provider.send("eth_gasPrice", []);
    });
    expect(second.calls.map(call => call.method)).to.deep.equal(["eth_chainId", "eth_blockNumber", "eth_gasPrice"]);
  });

  it("leaves one that has heads but never logs alone for longer and longer, and soon says no more", async () => {
    const endpoints = endpointsAt([first.url, second.url]);
    const oneBlock = [{ fromBlock: "0x0", toBlock: "0x0" }];
    const logs = async () => endpoints.run(provider => provider.send("eth_getLogs", oneBlock));
    first.intervene = ({ method }) => (method === "eth_getLogs" ? { status: 503 } : undefined);
    for (let pause = 1; pause <= 1024; pause *= 2) {
      await logs();
      expect(asked(second, "eth_getLogs")).to.be.greaterThan(0);
      const before = asked(first, "eth_getLogs");
      // Whether it is tried meanwhile or not: no sooner than after its pause.
      clock.advanceSync(Math.min(pause, 600) * 1000 - 1);
      await logs();
      expect(asked(first, "eth_getLogs")).to.equal(before);
      clock.advanceSync(1);
      const found = probed(first);
      await logs();
      await found;
    }
    expect(logger.messages("warn")).to.have.length(2);
    expect(logger.messages("info")).to.have.length(1);
  });

  it("does not take L1's own errors for a failure of the endpoint", async () => {
    first.intervene = ({ method }) =>
      method === "eth_blockNumber" ? { error: { code: -32000, message: "the database is on fire" } } : undefined;
    const error = await failure(blockNumber(endpointsAt([first.url, second.url])));
    expect(error.code).to.equal("L1_REQUEST_FAILED");
    expect(error.message).to.contain("the database is on fire");
    expect(second.calls).to.deep.equal([]);
  });

  it("does not use an endpoint of another chain", async () => {
    first.intervene = ({ method }) => (method === "eth_chainId" ? { result: "0x1" } : undefined);
    await blockNumber(endpointsAt([first.url, second.url]));
    expect(first.calls.map(call => call.method)).to.deep.equal(["eth_chainId"]);
    const error = await failure(blockNumber(endpointsAt([first.url])));
    expect(error.code).to.equal("L1_WRONG_CHAIN");
    expect(error.message).to.contain("31337");
  });

  it("looks at the chain id again after a failure", async () => {
    const endpoints = endpointsAt([first.url]);
    await blockNumber(endpoints);
    first.intervene = () => ({ hangUp: true });
    await failure(blockNumber(endpoints));
    first.intervene = ({ method }) => (method === "eth_chainId" ? { result: "0x1" } : undefined);
    expect((await failure(blockNumber(endpoints))).code).to.equal("L1_WRONG_CHAIN");
  });

  it("says that none works, without what the URLs may hold", async () => {
    const secret = `${first.url.replace("//", "//user:p%40ssword@")}/v3/my-key`;
    first.intervene = () => ({ status: 401 });
    second.intervene = () => ({ hangUp: true });
    const error = await failure(blockNumber(endpointsAt([`${first.url}/v3/my-key`, second.url])));
    expect(error.code).to.equal("L1_UNREACHABLE");
    expect(error.message).to.contain("ETHEREUM_HOST").and.not.contain("my-key");
    expect(error.payload?.endpoints).to.deep.equal([first.url, second.url]);
    const other = await failure(blockNumber(endpointsAt([secret])));
    expect(JSON.stringify([other.message, other.payload])).to.not.match(/ssword|my-key/);
    expect(first.authorization).to.equal(`Basic ${btoa("user:p@ssword")}`);
  });

  it("wants at least one URL", () => {
    expect(() => endpointsAt([]))
      .to.throw()
      .with.property("code", "L1_BAD_SETTING");
  });
});
