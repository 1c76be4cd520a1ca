import { ManualClock } from "@sprtn/runtime";
import { expect } from "chai";
import { weightOf } from "./planned-jobs.js";
import { ProvingPace } from "./proving-pace.js";

describe("the pace of proving", () => {
  it("counts proofs that are made, in the time in which somebody waited", async () => {
    const clock = new ManualClock();
    const pace = new ProvingPace(clock);
    const base = weightOf(["tx-base"]);
    expect(pace.secondsFor(base)).to.equal(undefined);
    const [first, second] = [pace.begin("tx-base"), pace.begin("tx-base")];
    await clock.advance(20_000);
    first(true);
    expect(pace.secondsFor(base)).to.equal(20);
    second(true);
    expect(pace.secondsFor(base)).to.equal(10);
    // Idle time does not count, nor does a job that is given up.
    await clock.advance(60_000);
    pace.begin("tx-base")(false);
    expect(pace.secondsFor(base)).to.equal(10);
    expect(pace.weightDone).to.equal(2 * base);
  });

  it("takes proofs that an earlier run made as done, and not as fast", async () => {
    const clock = new ManualClock();
    const pace = new ProvingPace(clock);
    for (let i = 0; i < 5; i++) pace.begin("block-merge")(true);
    expect(pace.secondsFor(1)).to.equal(undefined);
    expect(pace.weightDone).to.equal(5 * weightOf(["block-merge"]));
  });
});
