import { expect } from "chai";
import { backoffMs, ManualClock, type Random, randomBelow, randomFraction, sleep, withTimeout } from "./index.js";

const fixed = (...values: number[]): Random => {
  let next = 0;
  return {
    bytes: length => {
      const bytes = new Uint8Array(length);
      new DataView(bytes.buffer).setUint32(0, values[next++ % values.length] as number);
      return bytes;
    },
  };
};
const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("backoff", () => {
  const settings = { firstDelayMs: 100, maxDelayMs: 1000 };

  it("doubles with each failure", () => {
    const delays = [1, 2, 3, 4, 5, 6].map(failures => backoffMs(settings, failures, fixed(0)));
    expect(delays).to.deep.equal([50, 100, 200, 400, 500, 500]);
  });

  it("jitter lies between half and the whole, and the delay is bounded", () => {
    for (const [value, part] of [
      [0, 0.5],
      [2 ** 31, 0.75],
    ] as const)
      expect(backoffMs(settings, 2, fixed(value))).to.equal(200 * part);
    expect(backoffMs(settings, 5000, fixed(2 ** 32 - 1))).to.be.within(999, 1000);
  });
});

describe("random", () => {
  it("fractions lie in [0, 1) and whole numbers below their bound, redrawn where they would be uneven", () => {
    expect(randomFraction(fixed(2 ** 32 - 1))).to.be.below(1);
    expect(randomBelow(fixed(2 ** 32 - 1, 7), 3)).to.equal(1);
    expect(randomBelow(fixed(2 ** 32 - 1), 2 ** 32)).to.equal(2 ** 32 - 1);
  });
});

describe("withTimeout", () => {
  it("hands back the result in time, and leaves no timer", async () => {
    const clock = new ManualClock();
    const result = withTimeout({ clock, timeoutMs: 20, what: "the block" }, async () =>
      sleep(clock, 10).then(() => "block"),
    );
    await clock.advance(10);
    expect(await result).to.equal("block");
    expect(clock.pendingTimers).to.equal(0);
    expect(
      String(
        await caught(withTimeout({ clock, timeoutMs: 20, what: "the block" }, () => Promise.reject(new Error("gone")))),
      ),
    ).to.equal("Error: gone");
  });

  it("ends late work, whose signal fires and whose late error is dropped", async () => {
    const clock = new ManualClock();
    let cut = false;
    const late = caught(
      withTimeout({ clock, timeoutMs: 20, what: "the block" }, async signal => {
        signal.addEventListener("abort", () => (cut = true));
        await sleep(clock, 30);
        throw new Error("too late");
      }),
    );
    await clock.advance(40);
    expect(await late).to.include({ code: "RUNTIME_TIMEOUT", message: "the block took longer than 20 ms" });
    expect(cut).to.equal(true);
  });

  it("ends when the caller's signal fires", async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const cut = caught(
      withTimeout({ clock, timeoutMs: 20, what: "the block", signal: controller.signal }, signal =>
        sleep(clock, 30, signal),
      ),
    );
    controller.abort();
    expect(await cut).to.include({ code: "RUNTIME_ABORTED", message: "the block was aborted" });
    expect(clock.pendingTimers).to.equal(0);
  });
});
