import { L1BlockNumber } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { buildEffect } from "@sprtn/testing";
import { expect } from "chai";
import { L1Endpoints } from "../endpoints/l1-endpoints.js";
import { JsonRpcProxy } from "../testing/json-rpc-proxy.js";
import { TestRollup } from "../testing/test-rollup.js";
import { EthersL1Reader } from "./ethers-l1-reader.js";

async function codeOfFailure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("it should have failed"),
    (error: { code?: string }) => error.code,
  );
}

describe("EthersL1Reader on a chain that moves, or an endpoint that balks", () => {
  let rollup: TestRollup;
  let proxy: JsonRpcProxy;
  let endpoints: L1Endpoints;
  let reader: EthersL1Reader;
  let snapshot: string;

  before(async () => {
    rollup = await TestRollup.start();
    await rollup.propose(rollup.publisher(1), 2, [buildEffect(1)]);
    await rollup.devnet.mine(3);
    snapshot = await rollup.devnet.snapshot();
  });

  beforeEach(async () => {
    proxy = await JsonRpcProxy.start(rollup.devnet.url);
    endpoints = rollup.endpointsAt([proxy.url]);
    reader = new EthersL1Reader({ endpoints }, { contracts: rollup.contracts, startBlock: L1BlockNumber(0) });
  });

  afterEach(async () => {
    endpoints.close();
    await proxy.stop();
    await rollup.devnet.revert(snapshot);
    snapshot = await rollup.devnet.snapshot();
  });

  after(async () => rollup.stop());

  it("notices a reorg after the logs were read", async () => {
    await rollup.devnet.mine(3);
    const head = await reader.head();
    let logsRead = false;
    let reorg: Promise<void> | undefined;
    proxy.intervene = async ({ method }) => {
      // After the logs were read, before anything that is asked then has its answer.
      if (logsRead) await (reorg ??= rollup.devnet.reorg(2));
      logsRead ||= method === "eth_getLogs";
      return undefined;
    };
    const error: unknown = await reader.events(L1BlockNumber(0), head.number).catch((thrown: unknown) => thrown);
    expect(error).to.deep.include({ code: "L1_REORGED" }).and.to.have.nested.property("payload.changed", true);
    expect(await reader.events(L1BlockNumber(0), head.number)).to.have.length(1);
  });

  it("notices logs of a removed block between two looks at the same chain", async () => {
    const head = await reader.head();
    proxy.intervene = async ({ method, params }) => {
      if (method !== "eth_getLogs") return undefined;
      const real = (await rollup.devnet.request("eth_getLogs", params)) as object[];
      return { result: real.map(log => ({ ...log, blockHash: `0x${"ab".repeat(32)}` })) };
    };
    expect(await codeOfFailure(reader.events(L1BlockNumber(0), head.number))).to.equal("L1_REORGED");
  });

  it("notices two hashes for one block number", async () => {
    const head = await reader.head();
    proxy.intervene = async ({ method, params }) => {
      if (method !== "eth_getLogs") return undefined;
      const real = (await rollup.devnet.request("eth_getLogs", params)) as object[];
      expect(real).to.have.length.above(1);
      return { result: real.map((log, i) => (i === 0 ? { ...log, blockHash: `0x${"ab".repeat(32)}` } : log)) };
    };
    expect(await codeOfFailure(reader.events(L1BlockNumber(0), head.number))).to.equal("L1_REORGED");
  });

  it("halves the range until the endpoint is content", async () => {
    const head = await reader.head();
    const ranges: number[] = [];
    proxy.intervene = ({ method, params }) => {
      if (method !== "eth_getLogs") return undefined;
      const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
      const range = Number(toBlock) - Number(fromBlock) + 1;
      ranges.push(range);
      return range > 4 ? { error: { code: -32005, message: "query returned more than 10000 results" } } : undefined;
    };
    expect(await reader.events(L1BlockNumber(0), head.number)).to.have.length(1);
    expect(ranges[0]).to.equal(head.number + 1);
    expect(Math.min(...ranges)).to.be.within(1, 4);
    expect(ranges.filter(range => range > 4)).to.have.length.below(5);
  });

  it("does not wait for one that hangs on logs again and again", async () => {
    const head = await reader.head();
    const clock = new ManualClock();
    const both = new L1Endpoints(
      { clock, logger: rollup.logger },
      { urls: [proxy.url, rollup.devnet.url], chainId: 31337n, requestTimeoutMs: 1000 },
    );
    const never = Promise.withResolvers<undefined>();
    let asked = Promise.withResolvers<void>();
    let hanging = 0;
    proxy.intervene = ({ method }) => {
      if (method !== "eth_getLogs") return undefined;
      hanging++;
      asked.resolve();
      asked = Promise.withResolvers();
      return never.promise;
    };
    const other = new EthersL1Reader(
      { endpoints: both },
      { contracts: rollup.contracts, startBlock: L1BlockNumber(0) },
    );
    const read = other.events(L1BlockNumber(0), head.number).then(events => events.length);
    while (await Promise.race([read.then(() => false), asked.promise.then(() => true)])) await clock.advance(1000);
    expect(await read).to.equal(1);
    expect(hanging).to.equal(2);
    never.resolve(undefined);
    both.close();
  });

  it("remembers the size that worked", async () => {
    const head = await reader.head();
    let refusals = 0;
    proxy.intervene = ({ method, params }) => {
      if (method !== "eth_getLogs") return undefined;
      const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
      if (Number(toBlock) - Number(fromBlock) < 4) return undefined;
      refusals++;
      return { error: { code: -32602, message: "Block range is too large" } };
    };
    await reader.events(L1BlockNumber(0), head.number);
    const before = refusals;
    expect(before).to.be.greaterThan(0);
    await reader.events(L1BlockNumber(0), head.number);
    expect(refusals).to.equal(before);
  });

  it("goes to another endpoint when a single block is too much", async () => {
    const head = await reader.head();
    proxy.intervene = ({ method }) =>
      method === "eth_getLogs" ? { error: { code: -32005, message: "no logs today" } } : undefined;
    expect(await codeOfFailure(reader.events(L1BlockNumber(0), head.number))).to.equal("L1_RANGE_TOO_LARGE");
    const both = rollup.endpointsAt([proxy.url, rollup.devnet.url]);
    const other = new EthersL1Reader(
      { endpoints: both },
      { contracts: rollup.contracts, startBlock: L1BlockNumber(0) },
    );
    expect(await other.events(L1BlockNumber(0), head.number)).to.have.length(1);
    both.close();
  });

  it("takes an error instead of a finalized block for none yet", async () => {
    const first = await reader.block(L1BlockNumber(0));
    proxy.intervene = ({ method, params }) =>
      method === "eth_getBlockByNumber" && params[0] === "finalized"
        ? { error: { code: -39001, message: "Unknown block" } }
        : undefined;
    expect((await reader.finalized()).hash).to.equal(first?.hash);
    const head = await reader.head();
    expect(await reader.events(L1BlockNumber(0), head.number)).to.have.length(1);
  });

  it("does not take a failing endpoint for one that has finalized nothing", async () => {
    proxy.intervene = ({ params }) => (params[0] === "finalized" ? { status: 503 } : undefined);
    expect(await codeOfFailure(reader.finalized())).to.equal("L1_UNREACHABLE");
  });

  it("has no state for a block that L1 does not have (any more)", async () => {
    const head = await reader.head();
    expect(await reader.stateAt({ ...head, hash: `0x${"ab".repeat(32)}` as typeof head.hash })).to.equal(undefined);
    proxy.intervene = ({ method }) =>
      method === "eth_call" ? { error: { code: -32000, message: "missing trie node" } } : undefined;
    expect(await reader.stateAt(head)).to.equal(undefined);
  });

  it("does not take a header for one that has another hash", async () => {
    const head = await reader.head();
    proxy.intervene = async ({ method, params }) => {
      if (method !== "eth_getLogs") return undefined;
      const logs = (await rollup.devnet.request("eth_getLogs", params)) as { data: string }[];
      return { result: logs.map(log => ({ ...log, data: log.data.replace(/c01bba5e/, "c01bba5f") })) };
    };
    expect(await codeOfFailure(reader.events(L1BlockNumber(0), head.number))).to.equal("L1_BAD_ANSWER");
  });

  it("says when L1 has a block without its header or effects", async () => {
    const head = await reader.head();
    proxy.intervene = async ({ method, params }) => {
      if (method !== "eth_getLogs") return undefined;
      const [{ address, ...filter }] = params as [{ address: string | string[] }];
      const others = [address].flat().filter(each => each !== rollup.contracts.availabilityOracle);
      return {
        result: others.length === 0 ? [] : await rollup.devnet.request("eth_getLogs", [{ ...filter, address: others }]),
      };
    };
    expect(await codeOfFailure(reader.events(L1BlockNumber(0), head.number))).to.equal("L1_BAD_LOG");
  });
});
