import { expect } from "chai";
import { Network, NOW_MS, NOW_SLOT, rules } from "../test/network.js";
import { blockTimes } from "./block-times.js";
import { epochProofs } from "./epoch-proofs.js";
import { rates } from "./rates.js";
import { epochOf, proofDeadlines, slotAt, slotsOfEpoch, slotStartMs } from "./time.js";
import { txLadder } from "./tx-ladder.js";

const { state } = new Network({ busy: 1 }).run();

describe("slots and epochs", () => {
  it("begin when the rules say", () => {
    expect(slotAt(rules, rules.genesisTime * 1000)).to.equal(0);
    expect(slotAt(rules, rules.genesisTime * 1000 - 1)).to.equal(-1);
    expect(slotAt(rules, NOW_MS)).to.equal(NOW_SLOT);
    expect(slotAt(rules, slotStartMs(rules, 77) - 1)).to.equal(76);
    expect(slotsOfEpoch(rules, 2)).to.deep.equal([64, 95]);
    expect([63, 64].map(slot => epochOf(rules, slot))).to.deep.equal([1, 2]);
  });

  it("have deadlines for their proofs", () => {
    const { first, last } = proofDeadlines(rules, 0);
    expect(first).to.equal(slotStartMs(rules, 32) + 768_000);
    expect(last - first).to.equal(768_000);
  });
});

describe("where time goes", () => {
  it("shows the last eight blocks, newest first, up to L1", () => {
    const times = blockTimes(state);
    expect(times).to.have.length(8);
    expect(times[0]?.number).to.equal(state.tips.pending);
    for (const { stretches } of times) {
      expect(stretches.map(({ kind }) => kind)).to.deep.equal(["proposal", "quorum", "l1"]);
      stretches.forEach(({ fromMs, toMs }, i) => {
        expect(fromMs).to.equal(stretches[i - 1]?.toMs ?? 0);
        expect(toMs).to.be.at.least(fromMs);
      });
    }
  });

  it("says what came later than the timetable wants", () => {
    const slot = NOW_SLOT - 1;
    const row = state.slots.find(one => one.slot === slot);
    const attested = row?.attested.map(([member]) => [member, 13_000] as const) ?? [];
    const late = { ...row, attested, proposal: { block: 1, txs: 1, afterMs: 8_001 } };
    const [time] = blockTimes({ ...state, slots: [late] } as typeof state);
    // Its block was on L1 before the quorum was heard here: what is out of order is left out.
    const lateKinds = time?.stretches.filter(one => one.toMs > one.lateMs).map(({ kind }) => kind);
    expect(lateKinds).to.include.members(["proposal"]);
  });

  it("leaves out what this node did not see", () => {
    const slots = state.slots.map(({ proposal, ...row }) => ({
      ...row,
      attested: proposal === undefined ? row.attested : [],
    }));
    const [time] = blockTimes({ ...state, slots });
    expect(time?.stretches.map(({ kind }) => kind)).to.deep.equal(["l1"]);
    expect(blockTimes({ ...state, slots: [] })).to.deep.equal([]);
  });
});

describe("rates", () => {
  it("are over an epoch's worth of finished slots", () => {
    const row = { proposer: null, attested: [], steps: [] };
    const slots = Array.from({ length: 40 }, (_, i) => ({
      ...row,
      slot: NOW_SLOT - 39 + i,
      blocks: [{ number: i + 1, slot: NOW_SLOT - 39 + i, hash: `0x${i}`, txs: 24, afterMs: 1 }],
    }));
    const tips = { ...state.tips, proven: 10 };
    const { pending, proven, bySlot } = rates({ ...state, slots, tips }, NOW_SLOT);
    expect(pending).to.equal(1);
    expect(proven).to.equal(1);
    expect(bySlot.filter(one => one.proven)).to.have.length(10);
  });

  it("are unknown before a slot has ended", () => {
    expect(rates({ ...state, slots: [] }, NOW_SLOT)).to.deep.equal({ bySlot: [], pending: null, proven: null });
    expect(rates(state, 0)).to.include({ pending: null, proven: null });
  });
});

describe("epochs on their way to being proven", () => {
  it("are the last proven one and all after it", () => {
    const found = epochProofs(state, NOW_MS);
    expect(found.map(one => [one.epoch, one.state])).to.deep.equal([
      [148, "proven"],
      [149, "proving"],
      [150, "open"],
    ]);
    expect(found[1]).to.deep.include({ jobs: { done: 212, total: 405 }, secondsLeft: 354, blocks: 32 });
  });

  it("wait for another node's prover where there is none", () => {
    expect(epochProofs({ ...state, proofs: null }, NOW_MS)[1]).to.include({ state: "waiting", jobs: null });
  });

  it("are proven once L1 says so, whatever the prover still does", () => {
    const tips = { ...state.tips, proven: state.tips.pending };
    expect(epochProofs({ ...state, tips }, NOW_MS).find(one => one.epoch === 149)?.state).to.equal("proven");
  });

  it("are none at the start", () => {
    expect(epochProofs({ ...state, slots: [], proofs: null }, NOW_MS)).to.deep.equal([]);
  });
});

describe("a transaction's ladder", () => {
  const states = (stage: string) => txLadder({ txHash: "0x", stage })?.map(rung => rung.state);

  it("has seven rungs, and says what the next one waits for", () => {
    expect(states("submitted")).to.deep.equal(["done", "now", "next", "later", "later", "later", "later"]);
    expect(states("finalized")).to.deep.equal([...Array.from({ length: 6 }, () => "done"), "now"]);
    const ladder = txLadder({ txHash: "0x", stage: "pending" });
    expect(ladder?.find(rung => rung.state === "next")?.what).to.equal("waits for its epoch to end and to be proven");
    expect(ladder?.find(rung => rung.state === "later")?.what).to.equal("");
  });

  it("is none for a transaction that is dropped or unknown", () => {
    expect([states("dropped"), states("unknown"), states("constructor")]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
