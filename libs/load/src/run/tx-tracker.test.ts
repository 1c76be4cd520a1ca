import { expect } from "chai";
import { Field } from "@sprtn/primitives";
import { watchedBlock } from "../test/made-up-arrivals.js";
import { TxTracker } from "./tx-tracker.js";

function follow(tracker: TxTracker, hash: number): string[] {
  const heard: string[] = [];
  tracker.track(Field(hash), {
    onStage: (stage, atMs, reverted) => heard.push(`${stage} ${atMs}${reverted ? " reverted" : ""}`),
    onRemoved: () => heard.push("removed"),
  });
  return heard;
}

describe("TxTracker", () => {
  let tracker: TxTracker;
  beforeEach(() => (tracker = new TxTracker()));

  it("tells each transaction of a block what was heard of the block", () => {
    const [first, second, other] = [follow(tracker, 1), follow(tracker, 2), follow(tracker, 3)];
    tracker.onBlock(watchedBlock(7, [1, 2, 99], { proposedAt: 400, attestedAt: 700, reverted: [2] }));
    expect(first).to.deep.equal(["proposed 400", "attested 700", "pending 1000"]);
    expect(second).to.deep.equal(["proposed 400 reverted", "attested 700 reverted", "pending 1000 reverted"]);
    expect(other).to.deep.equal([]);
    expect(tracker.waiting()).to.deep.equal([Field(3)]);
  });

  it("tells nothing of a proposal and a quorum that nobody heard of", () => {
    const heard = follow(tracker, 1);
    tracker.onBlock(watchedBlock(7, [1]));
    expect(heard).to.deep.equal(["pending 1000"]);
  });

  it("counts tips for blocks up to theirs, once", () => {
    const [early, late] = [follow(tracker, 1), follow(tracker, 2)];
    tracker.onBlock(watchedBlock(7, [1], { reverted: [1] }));
    tracker.onBlock(watchedBlock(8, [2]));
    tracker.onTip("proven", 7, 5_000);
    tracker.onTip("proven", 7, 5_500);
    expect([early.at(-1), late.at(-1)]).to.deep.equal(["proven 5000 reverted", "pending 1000"]);
    tracker.onTip("proven", 8, 6_000);
    tracker.onTip("finalized", 8, 9_000);
    expect(early).to.deep.equal(["pending 1000 reverted", "proven 5000 reverted", "finalized 9000 reverted"]);
    expect(late).to.deep.equal(["pending 1000", "proven 6000", "finalized 9000"]);
  });

  it("hears nothing more of what is finalized", () => {
    const heard = follow(tracker, 1);
    tracker.onBlock(watchedBlock(7, [1]));
    tracker.onTip("finalized", 7, 9_000);
    tracker.onRemoved("0x7");
    expect(heard).to.deep.equal(["pending 1000", "finalized 9000"]);
    expect(tracker.waiting()).to.deep.equal([]);
  });

  it("a tip that was heard before its block was read counts from the tip", () => {
    const heard = follow(tracker, 1);
    tracker.onTip("proven", 8, 4_000);
    tracker.onBlock(watchedBlock(7, [1], { pendingAt: 1_000 }));
    expect(heard).to.deep.equal(["pending 1000", "proven 4000"]);
  });

  it("a tip that is older than the block counts from the block", () => {
    const heard = follow(tracker, 1);
    tracker.onTip("finalized", 8, 500);
    tracker.onBlock(watchedBlock(7, [1], { pendingAt: 1_000 }));
    expect(heard).to.deep.equal(["pending 1000", "finalized 1000"]);
  });

  it("a removed block's transactions wait again, and reach all stages anew in another block", () => {
    const [heard, gone] = [follow(tracker, 1), follow(tracker, 2)];
    tracker.onBlock(watchedBlock(7, [1, 2]));
    tracker.onRemoved("0x7");
    expect(tracker.waiting()).to.have.members([Field(1), Field(2)]);
    tracker.onBlock(watchedBlock(8, [1], { pendingAt: 3_000 }));
    tracker.onTip("proven", 8, 4_000);
    expect(heard).to.deep.equal(["pending 1000", "removed", "pending 3000", "proven 4000"]);
    expect(gone).to.deep.equal(["pending 1000", "removed"]);
  });

  it("the same block that comes back counts again", () => {
    const heard = follow(tracker, 1);
    tracker.onBlock(watchedBlock(7, [1]));
    tracker.onRemoved("0x7");
    tracker.onRemoved("0x7");
    tracker.onBlock(watchedBlock(7, [1]));
    expect(heard).to.deep.equal(["pending 1000", "removed", "pending 1000"]);
  });

  it("after a tip was taken back, what comes at its height is not proven yet", () => {
    tracker.onTip("proven", 7, 500);
    tracker.onTip("proven", 6, 600);
    const heard = follow(tracker, 1);
    tracker.onBlock(watchedBlock(7, [1]));
    expect(heard).to.deep.equal(["pending 1000"]);
    tracker.onTip("proven", 7, 8_000);
    expect(heard.at(-1)).to.equal("proven 8000");
  });

  it("forgets what will be in no block", () => {
    const heard = follow(tracker, 1);
    tracker.forget(Field(1));
    tracker.onBlock(watchedBlock(7, [1]));
    expect([heard, tracker.waiting()]).to.deep.equal([[], []]);
  });
});
