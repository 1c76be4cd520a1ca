import { expect } from "chai";
import type { FeedState } from "@sprtn/feed";
import { Network, NOW_MS, NOW_SLOT, rules } from "../test/network.js";
import { scenes } from "../test/scenes.js";
import { describeState } from "./describe-state.js";

const spaces = (text: string) => text.replaceAll(/[\u202f\u00a0]/g, " ");
const words = (state: FeedState, nowMs = NOW_MS, lostSinceMs: number | null = null) => {
  const { tone, word, text, code } = describeState(state, nowMs, lostSinceMs);
  return [tone, spaces(word), spaces(text), ...(code === undefined ? [] : [code])];
};
const scene = (name: string) => scenes[name]?.() as FeedState;

describe("the state in a sentence", () => {
  it("before genesis", () => {
    expect(words(scene("empty"))).to.deep.equal(["wait", "Genesis in 3 s", "the first slot begins then"]);
    const { genesisTime } = scene("empty").rules;
    expect(words(scene("empty"), genesisTime * 1000 - 1)[1]).to.equal("Genesis in 1 s");
    expect(words(scene("empty"), genesisTime * 1000)[1]).to.equal("Healthy");
  });

  it("of a healthy network", () => {
    expect(words(scene("healthy"))).to.deep.equal(["good", "Healthy", "block 4 783 pending, 38 wait for proof"]);
    const { state } = new Network().run();
    const all = { ...state.tips, proven: state.tips.pending };
    expect(words({ ...state, tips: all })[2]).to.equal("block 4 783 pending, all proven");
    expect(words({ ...state, tips: { ...all, proven: all.pending - 1 } })[2]).to.match(/, 1 waits for proof$/);
  });

  it("of a network in which nobody pays", () => {
    const idle = scene("quiet");
    expect(words({ ...idle, pool: { count: 0, bytes: 0 } })).to.deep.equal([
      "idle",
      "Healthy",
      "no block yet: a transaction starts the first one",
    ]);
    expect(words(idle)[2]).to.equal("no block yet, 41 transactions wait: the next proposer takes them");
  });

  it("while an epoch waits for its proof longer than its coordinator had, and than anyone has", () => {
    const state = scene("healthy");
    const due = (rules.genesisTime + 4_800 * rules.slotDuration + rules.proofWindow) * 1000;
    const quiet = { ...state, slots: state.slots.slice(0, -1) };
    expect(words(quiet, due - 1)[1]).to.equal("Healthy");
    expect(words(quiet, due + 8_000)).to.deep.equal([
      "warn",
      "Proof overdue",
      "epoch 149 is not proven: anyone may prove it for 12 min, then its blocks can be pruned",
    ]);
    expect(words(quiet, due + rules.challengeWindow * 1000 + 1)).to.deep.equal([
      "bad",
      "Proof overdue",
      "epoch 149 is not proven: its blocks can be pruned",
    ]);
  });

  it("when a proof failed", () => {
    const state = scene("healthy");
    const [first] = state.proofs?.epochs ?? [];
    const proofs = { ...state.proofs, epochs: [{ ...first, state: "failed", failure: "tx-base: out of memory" }] };
    expect(words({ ...state, proofs } as FeedState)).to.deep.equal([
      "bad",
      "Proof failed",
      "epoch 149: tx-base: out of memory",
    ]);
  });

  it("when validators are silent, with this node's own among them", () => {
    expect(words(scene("validator-down"))).to.deep.equal(["warn", "Validators silent", "2 of 16; block 4 777 pending"]);
    const own = new Network({ down: [3], downFrom: NOW_SLOT - 20 }).run().state;
    expect(words(own)[1]).to.equal("Validator silent");
    expect(words(own)[2]).to.match(/^0x78dd…0004, this node's key among them; block/);
  });

  it("when blocks were removed lately", () => {
    expect(words(scene("reorg"))).to.deep.equal(["warn", "Reorg of L1", "8 blocks removed, block 4 781 pending"]);
    const later = NOW_MS + 33 * rules.slotDuration * 1000;
    expect(words(scene("reorg"), later)[1]).to.not.equal("Reorg of L1");
    const network = new Network().run();
    const hash = network.state.slots[40]?.blocks[0]?.hash ?? "";
    expect(hash).to.not.equal("");
    network.tell({ t: "blocks", added: [], removed: [hash], cause: "prune" });
    expect(words(network.state)).to.deep.equal([
      "bad",
      "Pruned",
      "1 block removed, block 4 783 pending; not proven in time",
    ]);
  });

  it("when a quorum is missing", () => {
    expect(words(scene("no-quorum"))).to.deep.equal([
      "bad",
      "Quorum missing",
      "slot 4 810 had 9 of the 11 attestations that a block needs",
    ]);
  });

  it("while the node syncs", () => {
    expect(words(scene("syncing"))).to.deep.equal([
      "wait",
      "Syncing",
      "at block 2 112, L1 block 1 187 002, 17 h 3 min behind",
    ]);
    const state = scene("syncing");
    expect(words({ ...state, tips: { ...state.tips, l1: null } })[2]).to.equal("no block of L1 seen yet");
    // Before it has looked at itself.
    expect(words({ ...state, health: { ...state.health, code: null } })[1]).to.equal("Syncing");
  });

  it("when something keeps the node from catching up", () => {
    const state = scene("syncing");
    const health = { ...state.health, code: "L1_UNREACHABLE", reason: "check the L1 endpoints" };
    expect(words({ ...state, health })).to.deep.equal(["bad", "Not ready", "check the L1 endpoints", "L1_UNREACHABLE"]);
  });

  it("when the node is not ready, with code and reason, bounded", () => {
    const health = { ready: false, code: "NODE_L1_AWAY", reason: "no L1 endpoint answers", sinceMs: 0 };
    const state = { ...scene("healthy"), health };
    expect(words(state)).to.deep.equal(["bad", "Not ready", "no L1 endpoint answers", "NODE_L1_AWAY"]);
    expect(words({ ...state, health: { ...health, code: null, reason: null } })).to.deep.equal([
      "bad",
      "Not ready",
      "the node has not said why yet",
    ]);
    expect(words({ ...state, health: { ...health, reason: "\u202e".repeat(9_000) } })[2]).to.have.length(300);
  });

  it("when the connection is lost for five seconds, whatever else is the case", () => {
    for (const name of Object.keys(scenes)) {
      expect(words(scene(name), NOW_MS, NOW_MS - 5_000)[1]).to.equal("Connection lost");
      expect(words(scene(name), NOW_MS, NOW_MS - 4_999)[1]).to.not.equal("Connection lost");
    }
    expect(words(scene("healthy"), NOW_MS, NOW_MS - 12_000)).to.deep.equal([
      "bad",
      "Connection lost",
      "12 s ago, showing block 4 783",
    ]);
    expect(words(scene("empty"), NOW_MS, NOW_MS - 12_000)[2]).to.equal("12 s ago");
  });
});
