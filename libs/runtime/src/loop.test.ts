import { expect } from "chai";
import { Loop, ManualClock, sleep } from "./index.js";

const never = new AbortController().signal;

function counted(
  intervalMs: number,
  work: (round: number, clock: ManualClock, signal: AbortSignal) => Promise<void> = async () => {},
  firstStep: "now" | "after-interval" = "now",
) {
  const clock = new ManualClock();
  const starts: number[] = [];
  const errors: unknown[] = [];
  const state = { active: 0, most: 0 };
  const step = async (signal: AbortSignal) => {
    starts.push(clock.nowMs());
    state.most = Math.max(state.most, ++state.active);
    try {
      await work(starts.length, clock, signal);
    } finally {
      state.active--;
    }
  };
  const loop = new Loop({ clock, step, onError: error => errors.push(error) }, { intervalMs, firstStep });
  return { clock, starts, errors, state, loop };
}

describe("Loop", () => {
  it("runs at once and then every interval", async () => {
    const { clock, starts, loop } = counted(100);
    await loop.start(never);
    await clock.advance(350);
    expect(starts).to.deep.equal([0, 100, 200, 300]);
    await loop.stop();
    await clock.advance(500);
    expect(starts.length).to.equal(4);
    expect(clock.pendingTimers).to.equal(0);
  });

  it("may wait for the first interval", async () => {
    const { clock, starts, loop } = counted(100, undefined, "after-interval");
    await loop.start(never);
    await clock.advance(250);
    expect(starts).to.deep.equal([100, 200]);
    await loop.stop();
  });

  it("never overlaps: a slow step skips the rounds it missed", async () => {
    const { clock, starts, state, loop } = counted(100, (_, time) => sleep(time, 130));
    await loop.start(never);
    await clock.advance(600);
    expect(starts).to.deep.equal([0, 200, 400, 600]);
    expect(state.most).to.equal(1);
    const stopped = loop.stop();
    await clock.advance(130);
    await stopped;
    expect(state.active).to.equal(0);
  });

  it("stop waits for the running step, whose signal fires", async () => {
    let cut = false;
    const { clock, errors, state, loop } = counted(100, async (_, time, signal) => {
      signal.addEventListener("abort", () => (cut = true));
      await sleep(time, 50);
      throw new Error("late, and of no interest");
    });
    await loop.start(never);
    let stopped = false;
    const stopping = loop.stop().then(() => (stopped = true));
    expect(cut).to.equal(true);
    await clock.advance(49);
    expect([stopped, state.active]).to.deep.equal([false, 1]);
    await clock.advance(1);
    await stopping;
    expect(errors).to.deep.equal([]);
  });

  it("goes on after an error", async () => {
    const { clock, starts, errors, loop } = counted(10, async round => {
      if (round === 2) throw new Error("bad round");
    });
    await loop.start(never);
    await clock.advance(30);
    expect(starts.length).to.equal(4);
    expect(errors.map(String)).to.deep.equal(["Error: bad round"]);
    await loop.stop();
  });

  it("trigger runs it now, or once more after the running step", async () => {
    const { clock, starts, loop } = counted(100, (_, time) => sleep(time, 20));
    await loop.trigger();
    expect(starts).to.deep.equal([]);
    await loop.start(never);
    const ends: number[] = [];
    void loop.trigger().then(() => ends.push(clock.nowMs()));
    void loop.trigger().then(() => ends.push(clock.nowMs()));
    await clock.advance(60);
    expect(starts).to.deep.equal([0, 20]);
    expect(ends).to.deep.equal([40, 40]);
    void loop.trigger();
    await clock.advance(100);
    expect(starts).to.deep.equal([0, 20, 60, 160]);
    const waiting = loop.trigger();
    const stopping = loop.stop();
    await waiting;
    await clock.advance(20);
    await stopping;
  });

  it("ends when its signal fires; does not start twice; takes no interval below 1", async () => {
    const { clock, starts, loop } = counted(100);
    const controller = new AbortController();
    await loop.start(controller.signal);
    expect(await loop.start(never).catch((error: unknown) => error)).to.include({ code: "RUNTIME_ALREADY_STARTED" });
    controller.abort();
    await clock.advance(500);
    expect(starts).to.deep.equal([0]);
    await loop.stop();
    expect(() => counted(0)).to.throw("a loop's interval in ms");
  });
});
