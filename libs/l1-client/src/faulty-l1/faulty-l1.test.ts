import { FakeL1, FakeRollup } from "@sprtn/testing";
import { expect } from "chai";
import { faultModes } from "./fault-mode.js";
import { FaultyL1 } from "./faulty-l1.js";
import { malformations } from "./malformed.js";
import { RemoteFaultyL1 } from "./remote-faulty-l1.js";
import { ServedL1 } from "./served-l1.js";

describe("FaultyL1", () => {
  let rollup: FakeRollup;
  let upstream: ServedL1;
  let faulty: FaultyL1;

  beforeEach(async () => {
    rollup = new FakeRollup(new FakeL1());
    for (let i = 0; i < 6; i++) rollup.mine(turn => turn.propose());
    upstream = await ServedL1.start(rollup.l1, rollup.deployment);
    faulty = await FaultyL1.start(upstream.url);
  });

  afterEach(async () => {
    await faulty.stop();
    await upstream.stop();
  });

  const post = (method: string, ...params: readonly unknown[]) =>
    fetch(faulty.url, { method: "POST", body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }) });
  const ask = async (method: string, ...params: readonly unknown[]) =>
    (await (await post(method, ...params)).json()) as { result?: { number: string }; error?: object };
  const range = (from: number, to: number) => ({
    fromBlock: `0x${from.toString(16)}`,
    toBlock: `0x${to.toString(16)}`,
    address: [rollup.deployment.contracts.rollup],
  });

  it("passes on what it is asked until told otherwise, and again when healed", async () => {
    expect((await ask("eth_getBlockByNumber", "latest", false)).result?.number).to.equal("0x6");
    await faulty.setMode({ mode: "http-503" });
    expect((await post("eth_blockNumber")).status).to.equal(503);
    faulty.heal();
    expect((await post("eth_blockNumber")).status).to.equal(200);
  });

  it("has a fault in some methods only, if told so", async () => {
    await faulty.setMode({ mode: "null-result", methods: ["eth_getLogs"] });
    expect(await ask("eth_getLogs", range(1, 6))).to.deep.include({ result: null });
    expect((await ask("eth_blockNumber")).result).to.equal("0x6");
  });

  it("shows a head that stands still with nothing above it, in any method", async () => {
    await faulty.setMode({ mode: "stalled-head" });
    const above = rollup.mine(turn => turn.propose());
    expect((await ask("eth_blockNumber")).result).to.equal("0x6");
    expect((await ask("eth_getBlockByNumber", "latest", false)).result?.number).to.equal("0x6");
    expect((await ask("eth_getBlockByNumber", "0x7", false)).result).to.equal(null);
    expect((await ask("eth_getLogs", range(6, 7))).result).to.have.length(1);
    expect((await ask("eth_getLogs", range(7, 7))).result).to.deep.equal([]);
    faulty.heal();
    await ask("eth_getBlockByNumber", "0x7", false);
    await faulty.setMode({ mode: "older-heads", blocks: 2 });
    expect((await ask("eth_getBlockByNumber", "latest", false)).result?.number).to.equal("0x5");
    const call = { to: rollup.deployment.contracts.rollup, data: "0x" };
    expect((await ask("eth_call", call, { blockHash: above.hash })).error).to.deep.include({
      message: "header not found",
    });
  });

  it("limits the range of logs, by count in words and by time in silence", async () => {
    await faulty.setMode({ mode: "log-range-count", maxBlocks: 2 });
    expect((await ask("eth_getLogs", range(1, 3))).error).to.not.equal(undefined);
    expect((await ask("eth_getLogs", range(1, 2))).result).to.have.length(2);
    await faulty.setMode({ mode: "log-range-time", maxBlocks: 2 });
    const held = faulty.held();
    const silent = post("eth_getLogs", range(1, 3)).catch(() => "gone");
    await held;
    faulty.heal();
    expect(await silent).to.equal("gone");
  });

  it("is told what to do over HTTP as well, and tells what it was asked", async () => {
    const remote = new RemoteFaultyL1(faulty.url);
    await remote.setMode({ mode: "http-503" });
    expect(faulty.mode).to.deep.equal({ mode: "http-503" });
    expect((await post("eth_blockNumber")).status).to.equal(503);
    expect(await (await fetch(`${faulty.url}/mode`)).json()).to.deep.equal({ mode: "http-503" });
    await remote.heal();
    expect((await post("eth_blockNumber")).status).to.equal(200);
    expect(await remote.calls()).to.deep.equal({ eth_blockNumber: 2 });
  });

  it("spoils the values of answers, each time in another way", async () => {
    const right = (await ask("eth_getLogs", range(1, 6))).result;
    await faulty.setMode({ mode: "malformed-values" });
    const came = new Set<string>();
    for (const _ of malformations) came.add(JSON.stringify((await ask("eth_getLogs", range(1, 6))).result));
    expect(came.size).to.be.above(5);
    expect([...came]).to.not.include(JSON.stringify(right));
    await faulty.setMode({ mode: "malformed-values", how: "negative" });
    expect((await ask("eth_blockNumber")).result).to.equal("-0x1");
  });

  it("has one example of each mode for matrices", () => {
    expect(new Set(faultModes.map(fault => fault.mode)).size).to.equal(faultModes.length);
  });
});
