import { expect } from "chai";
import { hashOf, Network, NOW_SLOT } from "../test/network.js";
import { laneColumns, newestBlocks, stageOf, standing } from "./lanes.js";

const network = () => new Network({ slots: 40, busy: 1, prover: true }).run();

describe("lanes", () => {
  it("have a column for each slot, with the block that stands and how far it has come", () => {
    const { state } = network();
    const columns = laneColumns(state, NOW_SLOT);
    expect(columns.map(({ slot }) => slot)).to.deep.equal(state.slots.map(({ slot }) => slot));
    expect(columns.at(-1)).to.include({ slot: NOW_SLOT, epoch: 150, block: null, current: true });
    expect(columns[0]?.block).to.include({ number: 4_701, stage: "pending" });
    expect(columns.filter(({ current }) => current)).to.have.length(1);
  });

  it("tell pending, proven and finalized apart by the tips", () => {
    const { state } = network();
    const tips = { ...state.tips, pending: 30, proven: 20, finalized: 10 };
    expect([1, 10, 11, 20, 21, 30].map(number => stageOf({ ...state, tips }, number))).to.deep.equal([
      "finalized",
      "finalized",
      "proven",
      "proven",
      "pending",
      "pending",
    ]);
  });

  it("mark what is being proven, but not what is proven already", () => {
    const { state } = network();
    const proving = laneColumns(state, NOW_SLOT).filter(one => one.proving);
    expect(proving.length).to.be.above(10);
    expect(new Set(proving.map(({ epoch }) => epoch))).to.deep.equal(new Set([149]));
    const done = { ...state, tips: { ...state.tips, proven: state.tips.pending } };
    expect(laneColumns(done, NOW_SLOT).filter(one => one.proving)).to.deep.equal([]);
  });

  it("keep removed blocks crossed out beside the one that stands", () => {
    const before = network();
    const slot = NOW_SLOT - 3;
    const gone = before.state.slots.find(one => one.slot === slot)?.blocks[0];
    before.tell({ t: "blocks", added: [], removed: [gone?.hash ?? ""], cause: "prune" });
    const column = () => laneColumns(before.state, NOW_SLOT).find(one => one.slot === slot);
    expect(column()).to.deep.include({ block: null, removed: [{ ...gone, removed: "prune" }] });
    const back = { number: 4_790, slot, hash: hashOf(1, 9), txs: 3, afterMs: 9_000 };
    before.tell({ t: "blocks", added: [back], removed: [] });
    expect(column()?.block).to.include({ number: 4_790 });
    expect(column()?.removed).to.have.length(1);
  });

  it("list the newest standing blocks", () => {
    const { state } = network();
    expect(newestBlocks(state, 3).map(({ block }) => block.number)).to.deep.equal([4_739, 4_738, 4_737]);
    expect(newestBlocks({ ...state, slots: [] }, 3)).to.deep.equal([]);
    expect(standing({ slot: 1, proposer: null, attested: [], steps: [], blocks: [] })).to.equal(undefined);
  });
});
