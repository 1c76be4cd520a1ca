import { expect } from "chai";
import type { FeedState } from "@sprtn/feed";
import { addressOf, Network, NOW_SLOT, rules } from "../test/network.js";
import { dutyGrid } from "./duties.js";

describe("duties", () => {
  const { state } = new Network({ busy: 1, down: [5], downFrom: NOW_SLOT - 30 }).run();
  const grid = dutyGrid(state, NOW_SLOT);
  const rowOf = (i: number) => grid.rows.find(({ address }) => address === addressOf(i));

  it("show the last 64 slots, own first, then who missed most", () => {
    expect(grid.slots).to.have.length(64);
    expect(grid.slots.at(-1)).to.equal(NOW_SLOT);
    expect(grid.rows).to.have.length(16);
    expect(grid.rows[0]).to.include({ address: addressOf(3), own: true });
    expect(grid.rows[1]?.address).to.equal(addressOf(5));
    const missed = grid.rows.slice(1).map(row => row.missed);
    expect(missed).to.deep.equal(missed.toSorted((a, b) => b - a));
  });

  it("tell proposals, attestations and misses from what nobody was asked for", () => {
    const down = rowOf(5);
    expect(down?.missed).to.be.above(20);
    // Its own slots since then: it may have had nothing to build.
    expect(down?.duties.filter(duty => duty === "unused").length).to.equal(2);
    expect(rowOf(0)?.duties.filter(duty => duty === "unasked").length).to.be.at.least(2);
    for (const { duties, proposed, attested, missed } of grid.rows) {
      const others = duties.filter(duty => ["unused", "unasked", "waiting", "out"].includes(duty)).length;
      expect(proposed + attested + missed + others).to.equal(64);
    }
  });

  it("wait in the slot that goes on", () => {
    const current = grid.rows.map(({ duties }) => duties.at(-1));
    expect(new Set(current)).to.deep.equal(new Set(["attested", "waiting"]));
  });

  it("say of no slot that it stayed empty before L1's blocks of it are known", () => {
    const { state: behind } = new Network({ busy: 0 }).run();
    const kinds = (l1: FeedState["tips"]["l1"]) => {
      const { rows } = dutyGrid({ ...behind, tips: { ...behind.tips, l1 } }, NOW_SLOT);
      return new Set(rows.flatMap(({ duties }) => duties));
    };
    expect(kinds(null)).to.deep.equal(new Set(["unasked", "waiting"]));
    expect(kinds({ number: 1, timestamp: rules.genesisTime })).to.deep.equal(new Set(["unasked", "waiting"]));
    const { rows } = dutyGrid(behind, NOW_SLOT);
    const last = rows.find(({ address }) => address === addressOf((NOW_SLOT - 1) % 16));
    expect(last?.duties.at(-2)).to.equal("unused");
    const early = { ...behind.tips, l1: { number: 1, timestamp: rules.genesisTime + NOW_SLOT * 24 - 1 } };
    const before = dutyGrid({ ...behind, tips: early }, NOW_SLOT).rows.find(one => one.address === last?.address);
    expect(before?.duties.at(-2)).to.equal("waiting");
  });

  it("leave out slots of epochs whose committee a validator is not in", () => {
    const [first, ...rest] = state.epochs;
    const others = rest.map(epoch => ({ ...epoch, committee: epoch.committee.slice(0, 8) }));
    const changed = dutyGrid({ ...state, epochs: [...(first === undefined ? [] : [first]), ...others] }, NOW_SLOT);
    expect(changed.rows.map(({ address }) => address)).to.not.include(addressOf(12));
  });

  it("give the median time of a validator's attestations", () => {
    const row = { slot: NOW_SLOT, proposer: addressOf(0), steps: [], blocks: [], attested: [] };
    const slots = [500, 900, 700].map((at, i) => ({
      ...row,
      slot: NOW_SLOT - 3 + i,
      attested: [[1, at] as const],
      proposal: { block: 1, txs: 1, afterMs: 100 },
    }));
    const one = dutyGrid({ ...state, slots }, NOW_SLOT).rows.find(({ address }) => address === addressOf(1));
    expect(one).to.include({ medianMs: 700, attested: 3, missed: 0 });
  });

  it("are empty without validators", () => {
    expect(dutyGrid(new Network({ validators: 0 }).run().state, NOW_SLOT).rows).to.deep.equal([]);
  });
});
