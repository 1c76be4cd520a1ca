import { expect } from "chai";
import { plannedJobs, type PlannedBlock, weightOf } from "./planned-jobs.js";

const single: PlannedBlock = { txCount: 1, single: true };
const block = (txCount: number): PlannedBlock => ({ txCount, single: false });
const counts = (blocks: readonly PlannedBlock[]) =>
  plannedJobs(blocks).reduce<Record<string, number>>((all, job) => ({ ...all, [job]: (all[job] ?? 0) + 1 }), {});

describe("an epoch's jobs, planned", () => {
  it("none for no blocks, a root over one for one", () => {
    expect(plannedJobs([])).to.deep.equal([]);
    expect(counts([block(0)])).to.deep.equal({ "block-root-empty": 1, "root-one": 1 });
    expect(counts([single])).to.deep.equal({ "block-root-single": 1, "root-one": 1 });
    expect(counts([single, single])).to.deep.equal({ "block-root-pair": 1, "root-one": 1 });
  });

  it("bases, and merges but for the one that the block root makes itself", () => {
    expect(counts([block(1)])).to.deep.equal({ "tx-base": 1, "block-root-one": 1, "root-one": 1 });
    expect(counts([block(5), block(2)])).to.deep.equal({
      "tx-base": 7,
      "tx-merge": 3,
      "block-root-two": 2,
      "root-two": 1,
    });
  });

  it("pairs neighbours from the left; what has none is proven alone", () => {
    expect(counts([single, single, single, block(0), single, single])).to.deep.equal({
      "block-root-pair": 2,
      "block-root-single": 1,
      "block-root-empty": 1,
      "block-merge": 2,
      "root-two": 1,
    });
  });

  it("eight blocks of one transaction take half of the gates of a tree over bases and block roots", () => {
    const pairs = weightOf(plannedJobs(Array.from({ length: 8 }, () => single)));
    const tree = weightOf(plannedJobs(Array.from({ length: 8 }, () => block(1))));
    expect(pairs / tree).to.be.within(0.5, 0.51);
  });
});
