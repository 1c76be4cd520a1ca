import { expect } from "chai";
import type { FeedState } from "@sprtn/feed";
import { scenes } from "../test/scenes.js";
import { secondsToSync, type SyncSample, withSample } from "./sync-pace.js";

const base = scenes["syncing"]?.() as FeedState;
const at = (followed: number): FeedState => ({
  ...base,
  tips: { ...base.tips, l1: { number: 1, timestamp: followed }, synced: false },
});
/** Samples each second, of a node that starts 10,000 s behind and follows `pace` s of L1 a second. */
function run(pace: number, seconds: number): readonly SyncSample[] {
  let samples: readonly SyncSample[] = [];
  for (let i = 0; i <= seconds; i++) samples = withSample(samples, at(1_000_000 + pace * i), (1_010_000 + i) * 1000);
  return samples;
}

describe("the time until a node has caught up", () => {
  it("is what is missing at the pace of the last minute", () => {
    expect(secondsToSync(run(11, 10))).to.be.closeTo(990, 1e-6);
    expect(secondsToSync(run(101, 40))).to.be.closeTo(60, 1e-6);
  });

  it("is unknown at first, and where the node falls behind", () => {
    expect(secondsToSync([])).to.equal(null);
    expect(secondsToSync(run(11, 4))).to.equal(null);
    expect(secondsToSync(run(1, 30))).to.equal(null);
    expect(secondsToSync(run(0, 30))).to.equal(null);
  });

  it("keeps a minute, and nothing once it has caught up", () => {
    expect(run(11, 500)).to.have.length(61);
    const caughtUp = { ...base, tips: { ...base.tips, synced: true } };
    expect(withSample(run(11, 9), caughtUp, 1_010_010_000)).to.deep.equal([]);
    expect(withSample(run(11, 9), null, 1_010_010_000)).to.deep.equal([]);
    // A clock that was set back.
    expect(withSample(run(11, 9), at(5), 1_000_000_000)).to.have.length(1);
  });
});
