import type { CircuitName, LeasedJob } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { FakeKvStore, MemoryLogger, RecordingMeter, SeededRandom } from "@sprtn/testing";
import { expect } from "chai";
import fc from "fast-check";
import { Broker, ProverErrorCode } from "../index.js";
import { type OpenedQueue, queueCompliance } from "../test/queue-compliance.js";
import { job, rightProof, StubBackend, wrongProof } from "../test/stub-backend.js";

const all: readonly CircuitName[] = ["tx-base", "tx-merge", "block-merge"];
const forever = new AbortController().signal;
const turn = () => new Promise<void>(resolve => setImmediate(resolve));
const codeOfFailure = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: { code?: string }) => error.code,
  );

async function open(store = new FakeKvStore(), attempts = 3, lostLeases = 10) {
  const [clock, backend, logger, meter] = [
    new ManualClock(),
    new StubBackend(),
    new MemoryLogger(),
    new RecordingMeter(),
  ];
  const broker = await Broker.open(
    {
      store,
      backend,
      expected: () => rightProof("tx-base").publicInputs,
      clock,
      random: new SeededRandom(1),
      logger,
      meter,
    },
    { prefix: Uint8Array.of(3), leaseMs: 900, attempts, lostLeases },
  );
  const take = async (agent = "a") => (await broker.take(agent, all)) as LeasedJob;
  return { store, broker, clock, backend, logger, meter, take };
}

queueCompliance("Broker", async settings => {
  const asOpened = ({
    broker,
    clock,
    backend,
    logger,
    meter,
    store,
  }: Awaited<ReturnType<typeof open>>): OpenedQueue => ({
    queue: broker,
    backend,
    logger,
    meter,
    status: async () => broker.status(),
    expire: () => clock.advance(900),
    reopen: async () => asOpened(await open(store, settings.attempts, settings.lostLeases)),
    close: async () => {},
  });
  return asOpened(await open(undefined, settings.attempts, settings.lostLeases));
});

describe("broker: queue", () => {
  it("who asked while another was asking hears the outcome", async () => {
    const store = new FakeKvStore();
    const write = store.write.bind(store);
    store.write = async operations => {
      await turn();
      await write(operations);
    };
    const { broker, take } = await open(store);
    const ask = async () => {
      await broker.enqueue(job("a"));
      return broker.outcome("a", forever);
    };
    const first = ask();
    const second = ask();
    await turn();
    await turn();
    await broker.complete("a", (await take()).lease, rightProof("tx-base"));
    expect((await first).status).to.equal("done");
    expect((await second).status).to.equal("done");
  });

  it("a job that cannot be written is not queued", async () => {
    const { broker, store } = await open();
    store.onWrite = () => "lost";
    expect(await codeOfFailure(broker.enqueue(job("a")))).to.equal("FAKE_KV_FAILED");
    expect(await broker.take("a", all)).to.equal(null);
    store.onWrite = () => "done";
    await broker.enqueue(job("a"));
    expect((await broker.take("a", all))?.id).to.equal("a");
  });

  it("hands out the inputs and the time between heartbeats", async () => {
    const { broker, take } = await open();
    await broker.enqueue(job("a", { height: 2 }));
    expect(await take()).to.deep.include({ ...job("a", { height: 2 }), heartbeatMs: 300 });
  });

  it("forgets old epochs, on disk too; who still waits for them hears so", async () => {
    const { broker, store, take } = await open();
    for (const epoch of [1, 2, 3]) await broker.enqueue(job(`e${epoch}`, { epoch }));
    const waiting = broker.outcome("e1", forever);
    const working = await take();
    await broker.forgetBefore(3);
    expect(await waiting).to.include({ status: "failed", code: ProverErrorCode.UNKNOWN_JOB });
    expect(await broker.heartbeat(working.id, working.lease)).to.equal(false);
    expect((await open(store)).broker.status()).to.deep.equal({ queued: 1, leased: 0, done: 0, failed: 0 });
    let entries = 0;
    for await (const _ of store.entries()) entries++;
    expect(entries).to.equal(2);
  });

  it("inputs that are gone are said to be, and stop nothing else", async () => {
    const { broker, store } = await open();
    await broker.enqueue(job("a"));
    for await (const [key] of store.entries()) if (key[1] === 1) await store.write([{ type: "del", key }]);
    await broker.enqueue(job("b"));
    expect(await codeOfFailure(broker.take("a", all))).to.equal(ProverErrorCode.CORRUPT_QUEUE);
    expect((await broker.take("a", all))?.id).to.equal("b");
  });
});

describe("broker: leases", () => {
  it("one that expires goes to another agent; its first holder has lost it", async () => {
    const { broker, clock, take } = await open();
    await broker.enqueue(job("a"));
    const first = await take("a");
    await clock.advance(899);
    expect(await broker.take("b", all)).to.equal(null);
    expect(broker.status()).to.deep.equal({ queued: 0, leased: 1, done: 0, failed: 0 });
    await clock.advance(1);
    expect(broker.status()).to.deep.equal({ queued: 1, leased: 0, done: 0, failed: 0 });
    const second = await take("b");
    expect(second.id).to.equal("a");
    expect(second.lease).to.not.equal(first.lease);
    expect(await broker.heartbeat("a", first.lease)).to.equal(false);
    expect(await broker.heartbeat("a", second.lease)).to.equal(true);
  });

  it("neither ends nor lasts longer because the clock is set", async () => {
    const { broker, clock, take } = await open();
    await broker.enqueue(job("a"));
    const { lease } = await take("a");
    clock.jump(3_600_000);
    expect(await broker.take("b", all)).to.equal(null);
    expect(await broker.heartbeat("a", lease)).to.equal(true);
    clock.jump(-3_600_000);
    await clock.advance(900);
    expect((await take("b")).id).to.equal("a");
  });

  it("a heartbeat keeps it; one that comes late keeps it too if nobody has it yet", async () => {
    const { broker, clock, take } = await open();
    await broker.enqueue(job("a"));
    const { lease } = await take();
    for (let i = 0; i < 5; i++) {
      await clock.advance(800);
      expect(await broker.heartbeat("a", lease)).to.equal(true);
    }
    expect(await broker.take("b", all)).to.equal(null);
    await clock.advance(5000);
    expect(await broker.heartbeat("a", lease)).to.equal(true);
    expect(await broker.take("b", all)).to.equal(null);
    expect(await broker.heartbeat("x", lease)).to.equal(false);
  });
});

describe("broker: results", () => {
  it("two results at once end the job once", async () => {
    const { broker, take, backend, meter, store } = await open();
    await broker.enqueue(job("a"));
    const { lease } = await take();
    const gate = Promise.withResolvers<void>();
    backend.onVerify = () => gate.promise;
    const both = [
      broker.complete("a", lease, rightProof("tx-base")),
      broker.complete("a", lease, wrongProof("tx-base")),
    ];
    gate.resolve();
    await Promise.all(both);
    await broker.fail("a", lease, { code: "X", reason: "x", retry: true });
    expect(meter.value("sprtn_broker_jobs_total", { circuit: "tx-base", outcome: "done" })).to.equal(1);
    expect((await open(store)).broker.status().done).to.equal(1);
  });
});

describe("broker: restarts", () => {
  const ids = ["a", "b", "c", "d"];

  /** Queues all jobs and works them off, as orchestrator and agents would after a start. */
  async function run({ broker, take }: Awaited<ReturnType<typeof open>>, proven: string[], done: Set<string>) {
    for (const id of ids) await broker.enqueue(job(id, { height: ids.indexOf(id) }));
    for (let leased = await take(); leased !== null; leased = await take()) {
      expect([...done]).to.not.include(leased.id);
      proven.push(leased.id);
      if (leased.id === "b" && proven.filter(id => id === "b").length === 1)
        await broker.fail("b", leased.lease, { code: "X", reason: "x", retry: true });
      else await broker.complete(leased.id, leased.lease, rightProof("tx-base"));
    }
  }

  it("a crash at any write, done or not: nothing is lost, and nothing that was done is done again", async () => {
    for (const fate of ["lost", "unsure"] as const) {
      for (let crash = 1; crash <= 15; crash++) {
        const store = new FakeKvStore();
        store.onWrite = write => (write === crash ? fate : "done");
        const proven: string[] = [];
        const done = new Set<string>();
        const died = await run(await open(store), proven, done).then(
          () => false,
          (error: { code?: string }) => error.code === "FAKE_KV_FAILED",
        );
        expect(died).to.equal(crash <= 14);
        const reopened = await open(store);
        for (const id of ids) {
          const outcome = await Promise.race([
            (async () => reopened.broker.outcome(id, forever))().catch(() => undefined),
            Promise.resolve(undefined),
          ]);
          if (outcome?.status === "done") done.add(id);
        }
        await run(reopened, proven, done);
        expect(reopened.broker.status()).to.deep.equal({ queued: 0, leased: 0, done: 4, failed: 0 });
        // Each once, the one that failed once more, the one whose result was cut off once more.
        expect(proven.length).to.be.within(5, 6);
      }
    }
  });

  it("a job that kills the node with its own agent has failed after so many restarts", async () => {
    const store = new FakeKvStore();
    const first = await open(store, 3, 2);
    await first.broker.enqueue(job("a"));
    expect((await first.take()).id).to.equal("a");
    const second = await open(store, 3, 2);
    expect((await second.take()).id).to.equal("a");
    const third = await open(store, 3, 2);
    expect(await third.take()).to.equal(null);
    expect(await third.broker.outcome("a", forever)).to.include({ code: ProverErrorCode.LEASES_LOST });
    const fourth = await open(store, 3, 2);
    expect(await fourth.broker.troubles()).to.have.length(1);
    expect(fourth.broker.status().failed).to.equal(1);
  });

  it("what was leased is given out again, with the attempts that failed", async () => {
    const store = new FakeKvStore();
    const before = await open(store, 2);
    await before.broker.enqueue(job("a"));
    await before.broker.fail("a", (await before.take()).lease, { code: "X", reason: "x", retry: true });
    const { lease } = await before.take();
    const after = await open(store, 2);
    expect(await after.broker.heartbeat("a", lease)).to.equal(false);
    await after.broker.fail("a", (await after.take()).lease, { code: "X", reason: "x", retry: true });
    expect(after.broker.status().failed).to.equal(1);
    expect((await open(store, 2)).broker.status().failed).to.equal(1);
  });

  it("whatever agents do in whatever order, a job ends once, done only with a right proof", async () => {
    const step = fc.record({
      act: fc.constantFrom("take", "complete", "wrong", "fail", "beat", "wait", "restart", "enqueue"),
      id: fc.constantFrom("a", "b"),
      held: fc.nat(5),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
        const store = new FakeKvStore();
        let opened = await open(store);
        const leases: LeasedJob[] = [];
        const done = new Set<string>();
        for (const id of ["a", "b"]) await opened.broker.enqueue(job(id));
        for (const { act, id, held } of steps) {
          const { broker, clock } = opened;
          const lease = leases[held % Math.max(1, leases.length)];
          if (act === "take") {
            const taken = await broker.take("x", all);
            if (taken !== null) leases.push(taken);
            if (taken !== null) expect([...done]).to.not.include(taken.id);
          }
          if (act === "wait") await clock.advance(1000);
          if (act === "enqueue") await broker.enqueue(job(id));
          if (act === "restart") opened = await open(store);
          if (lease === undefined) continue;
          if (act === "complete") await broker.complete(lease.id, lease.lease, rightProof("tx-base"));
          if (act === "complete" && (await broker.outcome(lease.id, forever)).status === "done") done.add(lease.id);
          if (act === "wrong") await codeOfFailure(broker.complete(lease.id, lease.lease, wrongProof("tx-base")));
          if (act === "fail") await broker.fail(lease.id, lease.lease, { code: "X", reason: "x", retry: true });
          if (act === "beat") await broker.heartbeat(lease.id, lease.lease);
          const { queued, leased, done: ended, failed } = opened.broker.status();
          expect(queued + leased + ended + failed).to.equal(2);
          expect(ended).to.equal(done.size);
        }
      }),
    );
  });
});
