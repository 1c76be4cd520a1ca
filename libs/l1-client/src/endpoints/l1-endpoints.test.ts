import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { type Devnet, startDevnet } from "../devnet/index.js";
import { JsonRpcProxy } from "../testing/json-rpc-proxy.js";
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

  before(async () => {
    devnet = await startDevnet();
  });

  beforeEach(async () => {
    [first, second] = await Promise.all([JsonRpcProxy.start(devnet.url), JsonRpcProxy.start(devnet.url)]);
    logger = new MemoryLogger();
  });

  afterEach(async () => Promise.all([first.stop(), second.stop()]));

  after(async () => devnet.stop());

  const endpointsAt = (urls: readonly string[], chainId = 31337n) =>
    new L1Endpoints({ logger }, { urls, chainId, requestTimeoutMs: 1000 });
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
      expect(logger.messages("warn")).to.deep.equal(["an L1 endpoint failed: trying the next one"]);
    });
  }

  it("runs the whole task anew on the next endpoint: never half on one, half on the other", async () => {
    const endpoints = endpointsAt([first.url, second.url]);
    first.intervene = ({ method }) => (method === "eth_gasPrice" ? { hangUp: true } : undefined);
    await endpoints.run(async provider => {
      await provider.getBlockNumber();
      return provider.send("eth_gasPrice", []);
    });
    expect(second.calls.map(call => call.method)).to.deep.equal(["eth_chainId", "eth_blockNumber", "eth_gasPrice"]);
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
