import { ManualClock } from "@sprtn/runtime";
import { expect } from "chai";
import { Pace } from "./pace.js";

describe("pace", () => {
  it("LIMIT-22: lets work in until its units are spent, then as fast as they come back", async () => {
    const clock = new ManualClock(0);
    const pace = new Pace({ clock }, { unitsPerSecond: 100, burst: 50 });
    await pace.turn();
    pace.spend(70);
    let turns = 0;
    for (const ms of [-3_600_000, 7_200_000]) clock.jump(ms);
    const waiting = pace.turn().then(() => turns++);
    await clock.advance(199);
    expect(turns).to.equal(0);
    await clock.advance(100);
    await waiting;
    expect(turns).to.equal(1);
  });

  it("saves no more than its burst", async () => {
    const clock = new ManualClock(0);
    const pace = new Pace({ clock }, { unitsPerSecond: 100, burst: 50 });
    await clock.advance(1_000_000);
    pace.spend(51);
    let turns = 0;
    void pace.turn().then(() => turns++);
    await Promise.resolve();
    expect(turns).to.equal(0);
    await clock.advance(1_000);
    expect(turns).to.equal(1);
  });
});
