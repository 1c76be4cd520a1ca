import { expect } from "chai";
import { ManualClock, startDeadline, unixSeconds } from "./index.js";

describe("a deadline", () => {
  it("fires when its time is over, and says that it was the time", async () => {
    const clock = new ManualClock();
    const { signal } = new AbortController();
    const deadline = startDeadline({ clock, delayMs: 1_000, signal });
    await clock.advance(999);
    expect([deadline.signal.aborted, deadline.passed]).to.deep.equal([false, false]);
    await clock.advance(1);
    expect([deadline.signal.aborted, deadline.passed]).to.deep.equal([true, true]);
  });

  it("fires with the caller's signal, which is not the time", () => {
    const controller = new AbortController();
    const deadline = startDeadline({ clock: new ManualClock(), delayMs: 1_000, signal: controller.signal });
    controller.abort();
    expect([deadline.signal.aborted, deadline.passed]).to.deep.equal([true, false]);
  });

  it("leaves nothing at the clock once it is cleared", async () => {
    const clock = new ManualClock();
    const deadline = startDeadline({ clock, delayMs: 1_000 });
    deadline.clear();
    await clock.advance(2_000);
    expect([deadline.signal.aborted, deadline.passed]).to.deep.equal([false, false]);
  });
});

describe("unixSeconds", () => {
  it("are whole seconds, rounded down", () => {
    expect([0, 999, 1_000, 1_999].map(nowMs => unixSeconds({ nowMs: () => nowMs }))).to.deep.equal([0, 0, 1, 1]);
  });
});
