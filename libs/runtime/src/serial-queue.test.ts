import { expect } from "chai";
import { ManualClock, SerialQueue, sleep } from "./index.js";

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("SerialQueue", () => {
  it("runs one at a time in order and hands back results and errors", async () => {
    const clock = new ManualClock();
    const queue = new SerialQueue({ name: "writes", maxWaiting: 10 });
    const log: string[] = [];
    const task = (name: string, ms: number) => async () => {
      log.push(`${name} in`);
      await sleep(clock, ms);
      log.push(`${name} out`);
      if (name === "b") throw new Error("b broke");
      return name;
    };
    const all = Promise.allSettled([queue.run(task("a", 30)), queue.run(task("b", 10)), queue.run(task("c", 1))]);
    expect(queue.waiting).to.equal(2);
    await clock.advance(100);
    expect(
      (await all).map(result => (result.status === "fulfilled" ? result.value : String(result.reason))),
    ).to.deep.equal(["a", "Error: b broke", "c"]);
    expect(log).to.deep.equal(["a in", "a out", "b in", "b out", "c in", "c out"]);
  });

  it("refuses more than it may hold", async () => {
    const clock = new ManualClock();
    const queue = new SerialQueue({ name: "writes", maxWaiting: 1 });
    const first = queue.run(() => sleep(clock, 10));
    const second = queue.run(async () => "second");
    expect(await caught(queue.run(async () => "third"))).to.include({
      code: "RUNTIME_QUEUE_FULL",
      message: "writes is full with 1 waiting tasks: try again later",
    });
    await clock.advance(10);
    await first;
    expect(await second).to.equal("second");
    expect(await queue.run(async () => "fourth")).to.equal("fourth");
  });

  it("a waiting task leaves when its signal fires, and another takes its place", async () => {
    const clock = new ManualClock();
    const queue = new SerialQueue({ name: "writes", maxWaiting: 1 });
    const first = queue.run(() => sleep(clock, 10));
    const controller = new AbortController();
    const second = caught(queue.run(async () => expect.fail("ran"), controller.signal));
    controller.abort();
    expect(await second).to.include({ code: "RUNTIME_ABORTED" });
    const third = queue.run(async () => 3);
    await clock.advance(10);
    await first;
    expect(await third).to.equal(3);
  });

  it("close refuses who waits and waits for who runs", async () => {
    const clock = new ManualClock();
    const queue = new SerialQueue({ name: "writes", maxWaiting: 1 });
    const first = queue.run(() => sleep(clock, 10));
    const second = caught(queue.run(async () => {}));
    let closed = false;
    const closing = queue.close().then(() => (closed = true));
    expect(await second).to.include({ code: "RUNTIME_QUEUE_CLOSED" });
    expect(await caught(queue.run(async () => {}))).to.include({ code: "RUNTIME_QUEUE_CLOSED" });
    expect(closed).to.equal(false);
    await clock.advance(10);
    await first;
    await closing;
    await queue.close();
  });
});
