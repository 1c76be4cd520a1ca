import { expect } from "chai";
import * as fc from "fast-check";
import { ManualClock, sleep } from "./index.js";

describe("ManualClock", () => {
  it("runs timers in order of time, then of making", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(20), { maxLength: 30 }),
        fc.array(fc.boolean(), { maxLength: 30 }),
        (delays, cancelled) => {
          const clock = new ManualClock(1000);
          const ran: [at: number, index: number][] = [];
          const cancels = delays.map((delay, index) => clock.schedule(delay, () => ran.push([clock.nowMs(), index])));
          cancels.forEach((cancel, index) => cancelled[index] && cancel());
          clock.advanceSync(20);
          const kept = delays
            .map((delay, index) => [1000 + delay, index] as [number, number])
            .filter(([, index]) => !cancelled[index]);
          expect(ran).to.deep.equal(kept.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));
          expect(clock.nowMs()).to.equal(1020);
          expect(clock.pendingTimers).to.equal(0);
        },
      ),
    );
  });

  it("advance lets asynchronous work make the timers that follow", async () => {
    const clock = new ManualClock();
    const seen: number[] = [];
    const walk = async () => {
      for (let i = 0; i < 4; i++) {
        await sleep(clock, 10);
        seen.push(clock.nowMs());
      }
    };
    const walking = walk();
    await clock.advance(35);
    expect(seen).to.deep.equal([10, 20, 30]);
    expect(clock.nextTimerMs()).to.equal(40);
    await clock.advance(5);
    await walking;
  });

  it("a jump of the wall clock moves the time alone, and leaves every delay as it was", () => {
    const clock = new ManualClock(100_000);
    let at = 0;
    clock.schedule(50, () => (at = clock.nowMs()));
    clock.jump(-60_000);
    expect(clock.steadyMs()).to.equal(0);
    clock.advanceSync(49);
    expect(at).to.equal(0);
    clock.advanceSync(1);
    expect(at).to.equal(40_050);
    expect(clock.steadyMs()).to.equal(50);
  });

  it("does not go back", () => {
    expect(() => new ManualClock().advanceSync(-1)).to.throw("give a number of at least 0");
  });

  it("a sleeper wakes up when its signal fires, and leaves no timer", async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const error = sleep(clock, 10, controller.signal).catch((reason: unknown) => reason);
    controller.abort("enough");
    expect(await error).to.include({ code: "RUNTIME_ABORTED", cause: "enough" });
    expect(clock.pendingTimers).to.equal(0);
    expect(await sleep(clock, 10, controller.signal).catch((reason: unknown) => reason)).to.include({
      code: "RUNTIME_ABORTED",
    });
  });
});
