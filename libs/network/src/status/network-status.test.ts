import { BlockNumber, Field } from "@sprtn/primitives";
import type { ChainTips } from "@sprtn/protocol";
import { expect } from "chai";
import { bringUp } from "../local/bring-up.js";
import { shellWord } from "../shell-word.js";
import { FakeHost } from "../test/fake-host.js";
import { areEqual, judgeTips, type Tips } from "./judge-tips.js";
import { networkStatus } from "./network-status.js";
import { statusJson, statusTable } from "./status-table.js";

const block = (number: number, fork = 0) => ({
  number: BlockNumber(number),
  hash: Field(BigInt(number + 1000 * fork)),
});
const tips = (pending: number, proven = 0, finalized = 0): ChainTips => ({
  pending: block(pending),
  proven: block(proven),
  finalized: block(finalized),
});
const forkedTips = (pending: number): ChainTips => ({ ...tips(pending), pending: block(pending, 1) });
const all = (...each: readonly ChainTips[]): Tips => new Map(each.map((one, i) => [`node-${i + 1}`, one]));

describe("tips of a network's nodes", () => {
  it("a block in flight is no fault; two are", () => {
    expect(judgeTips(all(tips(5), tips(6)), all(tips(5), tips(6)))).to.deep.equal([]);
    expect(judgeTips(all(tips(5), tips(7)), all(tips(5), tips(7))).join()).to.contain("node-1 is behind");
  });

  it("who catches up until the second look is not behind, however far the others have come by then", () => {
    expect(judgeTips(all(tips(5), tips(7)), all(tips(7), tips(9)))).to.deep.equal([]);
  });

  it("a proof is heard of by all until the second look", () => {
    expect(judgeTips(all(tips(9, 0), tips(9, 8)), all(tips(9, 8), tips(9, 8)))).to.deep.equal([]);
    expect(judgeTips(all(tips(9, 0), tips(9, 8)), all(tips(9, 0), tips(9, 8))).join()).to.contain("proven");
    expect(judgeTips(all(tips(9, 8, 0), tips(9, 8, 8)), all(tips(9, 8, 0), tips(9, 8, 8))).join()).to.contain(
      "finalized",
    );
  });

  it("another block at the same height is a fault", () => {
    expect(areEqual(all(tips(5), forkedTips(5)))).to.equal(false);
    const forked = all(tips(5), forkedTips(5));
    expect(judgeTips(forked, forked)).to.deep.equal(["node-2 and node-1 have different pending blocks 5"]);
  });

  it("what was pruned in the meantime is expected of nobody", () => {
    expect(judgeTips(all(tips(20), tips(20)), all(tips(8), tips(8)))).to.deep.equal([]);
    expect(judgeTips(all(tips(20), tips(8)), all(tips(8), tips(8)))).to.deep.equal([]);
  });

  it("one node, or none, is equal to itself", () => {
    expect(areEqual(all(tips(5)))).to.equal(true);
    expect(areEqual(new Map())).to.equal(true);
    expect(judgeTips(new Map(), new Map())).to.deep.equal([]);
  });
});

describe("a network's status", () => {
  let host: FakeHost;
  const signal = new AbortController().signal;
  const names = ["prover-1", "validator-1", "validator-2"];
  const status = () => networkStatus(host, { directory: "/net", signal });
  const tell = (name: string, ...answers: readonly ChainTips[]) => {
    const left = [...answers];
    host.nodes.set(name, { getChainTips: async () => (left.length > 1 ? left.shift() : left[0]) as ChainTips });
  };

  beforeEach(async () => {
    host = new FakeHost();
    const given = { sequencers: 2 };
    await bringUp(host, { directory: "/net", given, waitMs: 1_000, signal, onProgress: () => undefined });
    for (const name of names) tell(name, tips(5, 4, 3));
  });

  it("all well: a line a node", async () => {
    const found = await status();
    expect([found.verdict, found.problems]).to.deep.equal(["ok", []]);
    const table = statusTable(found);
    expect(table).to.match(/validator-1 +ready +5 +4 +3 +5 +0 +\d+ +\d+ s/);
    expect(table.split("\n")).to.have.length(2 + 5 + 1 + 1);
    expect(table).to.contain("SIMULATED").and.contain("all well");
  });

  it("a process that was killed, one that is not ready, one that is behind: each is told", async () => {
    host.process("validator-2").running = false;
    expect((await status()).problems.join())
      .to.contain("validator-2 does not run (ended)")
      .and.contain("network up");
    host.process("validator-2").running = true;
    host.unready.add("validator-1");
    expect((await status()).problems.join()).to.contain("validator-1 is not ready: NODE_NOT_SYNCED");
    host.unready.clear();
    tell("validator-1", tips(2, 1, 1));
    const found = await status();
    expect(found.verdict).to.equal("failed");
    expect(found.problems.join()).to.contain("validator-1 is behind");
    expect(statusTable(found)).to.contain("FAIL  validator-1");
  });

  it("for programs: hashes in hex", async () => {
    const { nodes } = JSON.parse(statusJson(await status())) as {
      readonly nodes: readonly { readonly name: string; readonly tips?: { readonly pending: object } }[];
    };
    const pending = nodes.find(({ name }) => name === "validator-1")?.tips?.pending;
    expect(pending).to.deep.equal({ number: 5, hash: `0x${"5".padStart(64, "0")}` });
  });

  it("unequal tips that a second look explains are none", async () => {
    tell("validator-1", tips(3, 0, 0), tips(3, 0, 0), tips(4, 4, 3), tips(5, 4, 3));
    const found = await status();
    expect(found.verdict).to.equal("ok");
    expect(found.nodes.find(({ name }) => name === "validator-1")?.tips).to.deep.equal(tips(4, 4, 3));
  });

  it("a node that does not tell its tips is told", async () => {
    host.nodes.delete("validator-1");
    expect((await status()).problems.join()).to.contain("validator-1 does not tell");
  });

  it("nothing runs: how to start it", async () => {
    for (const each of host.started) each.running = false;
    const found = await status();
    expect([found.verdict, found.problems.length]).to.deep.equal(["down", 1]);
    expect(found.problems.join()).to.contain("network up --dir /net");
    expect(["a/b", "it's $(here)", "a b"].map(shellWord)).to.deep.equal(["a/b", "'it'\\''s $(here)'", "'a b'"]);
  });

  it("no network there", async () => {
    host.disk.clear();
    expect(await status().catch((error: { code: string }) => error.code)).to.equal("NETWORK_NOT_A_NETWORK");
  });
});
