import { expect } from "chai";
import { ManualClock, RuntimeErrorCode, untilAnswered } from "./index.js";

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: { code?: string }) => error.code,
  );

describe("untilAnswered", () => {
  const setUp = () => {
    const clock = new ManualClock();
    const told: unknown[] = [];
    const controller = new AbortController();
    const options = { clock, pollMs: 1_000, onWaiting: (error: unknown) => void told.push(error) };
    return { clock, told, controller, options: { ...options, signal: controller.signal } };
  };

  it("asks again until there is an answer; says that it waits, and again every minute", async () => {
    const { clock, told, options } = setUp();
    let asked = 0;
    const answer = untilAnswered(async () => {
      if (++asked <= 130) throw new TypeError(`no ${asked}`);
      return "yes";
    }, options);
    await clock.advance(130_000);
    expect(await answer).to.equal("yes");
    expect(told.map(error => (error as Error).message)).to.deep.equal(["no 1", "no 61", "no 121"]);
  });

  it("says nothing when it is answered at once", async () => {
    const { told, options } = setUp();
    expect(await untilAnswered(async () => 1, options)).to.equal(1);
    expect(told).to.deep.equal([]);
  });

  it("ends at once when it is stopped, between two tries and in one that hangs", async () => {
    for (const ask of [async () => Promise.reject(new TypeError("no")), () => new Promise<never>(() => {})]) {
      const { clock, controller, options } = setUp();
      const waiting = codeOf(untilAnswered(ask, options));
      await clock.advance(500);
      controller.abort();
      expect(await waiting).to.equal(RuntimeErrorCode.ABORTED);
      expect(clock.pendingTimers).to.equal(0);
    }
  });

  it("throws what is hopeless", async () => {
    const { options } = setUp();
    const failing = untilAnswered(async () => Promise.reject(new TypeError("no")), {
      ...options,
      isHopeless: () => true,
    }).catch((error: unknown) => error);
    expect(await failing).to.be.instanceOf(TypeError);
  });
});
