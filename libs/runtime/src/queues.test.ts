import { expect } from "chai";
import { BoundedQueue, ManualClock, SerialQueue, sleep } from "./index.js";

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

describe("BoundedQueue", () => {
  it("gives items in order, to takers in order", async () => {
    const queue = new BoundedQueue<number>({ name: "inbox", capacity: 2 });
    const early = [queue.take(), queue.take()];
    for (const item of [1, 2, 3, 4]) queue.push(item);
    expect(await Promise.all(early)).to.deep.equal([1, 2]);
    expect(queue.offer(5)).to.equal(false);
    expect(() => queue.push(5))
      .to.throw("inbox is full with 2 items")
      .with.property("code", "RUNTIME_QUEUE_FULL");
    expect([await queue.take(), queue.size]).to.deep.equal([3, 1]);
  });

  it("an aborted taker loses no item", async () => {
    const queue = new BoundedQueue<number>({ name: "inbox", capacity: 2 });
    const controller = new AbortController();
    const gone = caught(queue.take(controller.signal));
    const stays = queue.take();
    controller.abort();
    queue.push(7);
    expect(await gone).to.include({ code: "RUNTIME_ABORTED" });
    expect(await stays).to.equal(7);
  });

  it("closed, it gives what it has and no more", async () => {
    const queue = new BoundedQueue<number>({ name: "inbox", capacity: 2 });
    queue.push(1);
    queue.close();
    expect(() => queue.push(2))
      .to.throw()
      .with.property("code", "RUNTIME_QUEUE_CLOSED");
    expect(await queue.take()).to.equal(1);
    expect(await caught(queue.take())).to.include({ code: "RUNTIME_QUEUE_CLOSED" });
    const other = new BoundedQueue<number>({ name: "other", capacity: 1 });
    const waiting = caught(other.take());
    other.close();
    expect(await waiting).to.include({ code: "RUNTIME_QUEUE_CLOSED" });
  });
});
