import { type FeedState, initialState, type SlotRow } from "@sprtn/feed";
import { expect } from "chai";
import { envText } from "../installation/env-text.js";
import { envVariables } from "../installation/env-variables.js";
import { recordPath } from "../supervise/run-record.js";
import { ADDRESS, L1, validator, withNetwork } from "../test/example.js";
import { FakeOperatorHost, identityOf } from "../test/fake-operator-host.js";
import { dutiesOf } from "./duties.js";
import { status } from "./status.js";
import { statusJson, statusText } from "./status-text.js";

const DIRECTORY = "/srv/v1";
const RPC = "http://127.0.0.1:8080";
const OTHER = `0x${"0b".repeat(20)}`;
const GENESIS = 1_800_000_000 - 100;

const row = (slot: number, changes: Partial<SlotRow> = {}): SlotRow => ({
  slot,
  proposer: OTHER,
  attested: [],
  steps: [],
  blocks: [],
  ...changes,
});
const block = (slot: number) => ({ number: slot, slot, hash: "0x", txs: 0, afterMs: 1 });
const proposal = { block: 1, txs: 0, afterMs: 1 };

/** 10 s a slot, 4 slots an epoch; the fake clock is in slot 10, epoch 2. */
function feed(changes: Partial<FeedState> = {}): FeedState {
  const node = {
    name: "validator",
    version: "0.1.0",
    network: "test",
    chainId: "31337",
    rollup: OTHER,
    roles: ["node", "sequencer"],
    own: ADDRESS,
    proofMode: "real",
    crs: "dev",
    density: 1,
  } as const;
  const rules = {
    genesisTime: GENESIS,
    slotDuration: 10,
    epochDuration: 4,
    fees: "on",
    proofWindow: 1,
    challengeWindow: 1,
    timetable: {} as FeedState["rules"]["timetable"],
  } as const;
  const epochs = [1, 2].map(epoch => ({ epoch, committee: [OTHER, ADDRESS], quorum: 2 }));
  return { ...initialState(node, rules, 0), epochs, slots: [row(10)], ...changes };
}

describe("status", () => {
  let host: FakeOperatorHost;
  const serve = (state: unknown, ready = true) => {
    host.pages.set(`${RPC}/ui/snapshot`, { status: 200, body: state });
    host.pages.set(
      `${RPC}/ready`,
      ready ? { status: 200, body: {} } : { status: 503, body: { code: "C", reason: "r" } },
    );
    // Own in slot 13; slot 14 and later are not known.
    host.endpoints.set(RPC, { node_getProposer: ([slot]) => (slot === 13 ? ADDRESS : OTHER) });
  };
  const note = (changes: object = {}, ...running: number[]) => {
    for (const pid of running) host.running.add(pid);
    const record = { supervisor: identityOf(7), node: identityOf(8), state: "running", sinceMs: 0, restarts: 0 };
    host.disk.set(recordPath(DIRECTORY), JSON.stringify({ version: 1, ...record, ...changes }));
  };
  const look = () => status(host, DIRECTORY);
  beforeEach(() => {
    host = withNetwork(new FakeOperatorHost());
    host.disk.set(`${DIRECTORY}/.env`, envText(envVariables(validator), undefined));
  });

  it("of a node that never ran", async () => {
    const report = await look();
    expect([report.verdict, report.state]).to.deep.equal(["down", "unknown"]);
    expect(statusText(report)).to.contain("sprtn start");
  });

  it("of one that runs well: duties, what comes next, balance", async () => {
    note({}, 7, 8);
    serve(feed());
    const report = await look();
    expect([report.verdict, report.problems, report.balance]).to.deep.equal(["ok", [], 10n ** 18n]);
    expect(report.next).to.deep.equal({
      member: true,
      attest: { slot: 11, inMs: 10_000 },
      propose: { slot: 13, inMs: 30_000 },
    });
    const text = statusText(report);
    for (const part of [
      "slot     10, epoch 2 · 0 of 10 s",
      "DEV CRS",
      "1 ETH",
      "attest 11 in 10 s · propose 13 in 30 s",
    ])
      expect(text).to.contain(part);
    expect(JSON.parse(statusJson(report))).to.have.property("balance", String(10n ** 18n));
  });

  it("a slow L1 or a node without a page leaves out what they would say", async () => {
    note({}, 7, 8);
    for (const other of [{ v: 99 }, { v: 1 }, null, [], { ...feed(), slots: {} }]) {
      serve(other);
      const { verdict, feed: shown } = await look();
      expect([verdict, shown], JSON.stringify(other)).to.deep.equal(["ok", undefined]);
    }
    serve(feed());
    host.endpoints.delete(L1);
    host.endpoints.delete(RPC);
    const { verdict, balance, next } = await look();
    expect([verdict, balance, next]).to.deep.equal(["ok", undefined, undefined]);
  });

  it("of one that is not ready, does not answer, or has lost its supervisor", async () => {
    note({}, 7, 8);
    serve(feed(), false);
    expect((await look()).problems.join()).to.contain("C: r");
    host.pages.set(`${RPC}/ready`, { status: 503, body: { code: "C", reason: "\u001b[2J" } });
    expect(statusText(await look())).to.not.contain("\u001b");
    host.pages.clear();
    expect((await look()).problems.join()).to.contain("does not answer");
    serve(feed());
    host.running.delete(7);
    const { verdict, problems } = await look();
    expect([verdict, problems.length]).to.deep.equal(["failed", 1]);
  });

  it("of one that has ended, and how", async () => {
    const lastEnd = { code: 1, signal: null, atMs: 0 };
    note({ state: "given-up", lastEnd });
    expect(statusText(await look()))
      .to.contain("given-up")
      .and.contain("with code 1");
    note({ state: "waiting", lastEnd }, 7);
    expect([(await look()).verdict, (await look()).problems.join()]).to.satisfy(
      ([verdict, text]: [string, string]) => verdict === "down" && text.includes("by itself"),
    );
    host.running.clear();
    expect((await look()).state).to.equal("stopped");
  });

  it("a node that somebody else runs is seen by what it answers", async () => {
    serve(feed());
    const { verdict, state } = await look();
    expect([verdict, state]).to.deep.equal(["ok", "unknown"]);
  });

  it("duties count what was asked for, not what nobody could do", () => {
    const slots = [
      // Nobody proposed: nothing to attest.
      row(4),
      row(5, { proposal, attested: [[1, 5]] }),
      // The other member attested alone.
      row(6, { proposal, attested: [[0, 5]] }),
      row(7, { proposer: ADDRESS, proposal, attested: [[1, 0]], blocks: [block(7)] }),
      row(8, { proposer: ADDRESS, own: { outcome: "nothing-to-build", code: "X", reason: null } }),
      row(9, { proposer: ADDRESS, own: { outcome: "failed", code: "X", reason: null } }),
      row(10, { proposer: ADDRESS, proposal }),
    ];
    expect(dutiesOf(feed({ slots }), ADDRESS)).to.deep.equal({
      slots: 6,
      attested: 2,
      toAttest: 3,
      proposed: 1,
      toPropose: 2,
    });
    expect(dutiesOf(feed({ slots }), `0x${"0c".repeat(20)}`)).to.deep.include({ toAttest: 0, toPropose: 0 });
  });
});
