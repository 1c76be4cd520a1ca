import { expect } from "chai";
import { isAbortError, ManualClock, orAborted } from "./index.js";

const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    value => value,
    (error: unknown) => (isAbortError(error) ? "aborted" : error),
  );

describe("orAborted", () => {
  const forever = new Promise<never>(() => {});

  it("gives the work's result or error, with and without a signal", async () => {
    const { signal } = new AbortController();
    const error = new RangeError("no");
    expect(await orAborted(Promise.resolve(7), { what: "it", signal })).to.equal(7);
    expect(await outcomeOf(orAborted(Promise.reject(error), { what: "it", signal: undefined }))).to.equal(error);
  });

  it("ends when the signal fires, also one that had fired before", async () => {
    const controller = new AbortController();
    const waiting = outcomeOf(orAborted(forever, { what: "it", signal: controller.signal }));
    controller.abort();
    expect(await waiting).to.equal("aborted");
    expect(await outcomeOf(orAborted(forever, { what: "it", signal: controller.signal }))).to.equal("aborted");
  });

  it("takes an answer within the grace, waits no longer, and leaves nothing at the clock", async () => {
    const clock = new ManualClock();
    const options = { what: "it", signal: AbortSignal.abort(), grace: { clock, delayMs: 100 } };
    const { promise: answer, resolve } = Promise.withResolvers<string>();
    const early = orAborted(answer, options);
    const late = outcomeOf(orAborted(forever, options));
    await clock.advance(99);
    resolve("answered");
    expect(await early).to.equal("answered");
    await clock.advance(1);
    expect(await late).to.equal("aborted");
    expect(clock.pendingTimers).to.equal(0);
  });
});
