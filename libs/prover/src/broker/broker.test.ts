import type { CircuitName, LeasedJob } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { FakeKvStore, MemoryLogger, RecordingMeter, SeededRandom } from "@sprtn/testing";
import { expect } from "chai";
import fc from "fast-check";
import { Broker, ProverErrorCode } from "../index.js";
import { job, rightProof, StubBackend, wrongProof } from "../test/stub-backend.js";

const all: readonly CircuitName[] = ["tx-base", "tx-merge", "block-merge"];
const forever = new AbortController().signal;
const turn = () => new Promise<void>(resolve => setImmediate(resolve));
const codeOfFailure = (work: Promise<unknown>) => work.then(() => "none", (error: { code?: string }) => error.code);

async function open(store = new FakeKvStore(), attempts = 3) {
  const [clock, backend, logger, meter] = [new ManualClock(), new StubBackend(), new MemoryLogger(), new RecordingMeter()];
  const broker = await Broker.open({ store, backend, expected: () => rightProof("tx-base").publicInputs, clock, random: new SeededRandom(1), logger, meter }, { prefix: Uint8Array.of(3), leaseMs: 900, attempts });
  const take = async (agent = "a") => (await broker.take(agent, all)) as LeasedJob;
  return { store, broker, clock, backend, logger, meter, take };
}

describe("broker: queue", () => {
  it("the same job is queued once, however often it is asked for, also at once", async () => {
    const { broker, take } = await open();
    await Promise.all([broker.enqueue(job("a")), broker.enqueue(job("a"))]);
    await broker.enqueue(job("a"));
    expect(broker.status()).to.deep.equal({ queued: 1, leased: 0, done: 0, failed: 0 });
    const taken = await take();
    await broker.enqueue(job("a"));
    expect(await broker.take("b", all)).to.equal(null);
    await broker.complete("a", taken.lease, rightProof("tx-base"));
    await broker.enqueue(job("a"));
    expect(broker.status()).to.deep.equal({ queued: 0, leased: 0, done: 1, failed: 0 });
  });

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

  it("PROV-5: nearest to the root first, then the older epoch; only circuits that the agent knows", async () => {
    const { broker } = await open();
    for (const one of [job("base 1"), job("merge 2", { epoch: 2, circuit: "tx-merge", height: 3 }), job("base 0", { epoch: 0 }), job("merge 1", { circuit: "tx-merge", height: 3 }), job("range 2", { epoch: 2, circuit: "block-merge", height: 65 })]) await broker.enqueue(one);
    expect((await broker.take("a", ["tx-merge"]))?.id).to.equal("merge 1");
    const order: (string | undefined)[] = [];
    for (let i = 0; i < 5; i++) order.push((await broker.take("a", all))?.id);
    expect(order).to.deep.equal(["range 2", "merge 2", "base 0", "base 1", undefined]);
    expect(await broker.take("a", [])).to.equal(null);
  });

  it("hands out the inputs and the time between heartbeats", async () => {
    const { broker, take } = await open();
    await broker.enqueue(job("a", { height: 2 }));
    expect(await take()).to.deep.include({ ...job("a", { height: 2 }), heartbeatMs: 300 });
  });

  it("outcomes: at once for what has ended, ABORTED for who stops waiting, UNKNOWN_JOB for what it never had", async () => {
    const { broker, take } = await open();
    await broker.enqueue(job("a"));
    const controller = new AbortController();
    const given = codeOfFailure(broker.outcome("a", controller.signal));
    controller.abort();
    expect(await given).to.equal("RUNTIME_ABORTED");
    await broker.complete("a", (await take()).lease, rightProof("tx-base"));
    expect(await broker.outcome("a", forever)).to.deep.equal({ status: "done", proof: rightProof("tx-base") });
    expect(await codeOfFailure((async () => broker.outcome("b", forever))())).to.equal(ProverErrorCode.UNKNOWN_JOB);
    expect(await codeOfFailure(broker.complete("b", "x", rightProof("tx-base")))).to.equal(ProverErrorCode.UNKNOWN_JOB);
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

  it("a late result of an expired lease is taken if it verifies", async () => {
    const { broker, clock, take } = await open();
    await broker.enqueue(job("a"));
    const first = await take("a");
    await clock.advance(1000);
    const second = await take("b");
    await broker.complete("a", first.lease, rightProof("tx-base"));
    expect((await broker.outcome("a", forever)).status).to.equal("done");
    expect(await broker.heartbeat("a", second.lease)).to.equal(false);
    await broker.complete("a", second.lease, wrongProof("tx-base"));
    expect((await broker.outcome("a", forever)).status).to.equal("done");
  });

  it("a late wrong one takes the job from nobody, and a late failure counts for nothing", async () => {
    const { broker, clock, take } = await open(undefined, 2);
    await broker.enqueue(job("a"));
    const first = await take("a");
    await clock.advance(1000);
    const second = await take("b");
    expect(await codeOfFailure(broker.complete("a", first.lease, wrongProof("tx-base")))).to.equal(ProverErrorCode.WRONG_PROOF);
    await broker.fail("a", first.lease, { code: "X", reason: "x", retry: false });
    expect(await broker.heartbeat("a", second.lease)).to.equal(true);
    expect(broker.status().failed).to.equal(0);
  });
});

describe("broker: results", () => {
  it("a wrong proof is refused and the job goes to another; so is one of another circuit", async () => {
    const { broker, take, logger } = await open();
    await broker.enqueue(job("a"));
    expect(await codeOfFailure(broker.complete("a", (await take("a")).lease, wrongProof("tx-base")))).to.equal(ProverErrorCode.WRONG_PROOF);
    expect(logger.lines("warn").at(-1)?.fields).to.deep.include({ agent: "a", job: "a" });
    expect(await codeOfFailure(broker.complete("a", (await take("b")).lease, rightProof("tx-merge")))).to.equal(ProverErrorCode.WRONG_PROOF);
    await broker.complete("a", (await take("c")).lease, rightProof("tx-base"));
    expect((await broker.outcome("a", forever)).status).to.equal("done");
  });

  it("a proof of other inputs than the job's is refused, however well it verifies", async () => {
    const { broker, take } = await open();
    await broker.enqueue(job("a"));
    expect(await codeOfFailure(broker.complete("a", (await take("b")).lease, rightProof("tx-base", 2)))).to.equal(ProverErrorCode.WRONG_PROOF);
    expect(await codeOfFailure(broker.complete("a", (await take("b")).lease, { ...rightProof("tx-base"), publicInputs: [] }))).to.equal(ProverErrorCode.WRONG_PROOF);
    await broker.complete("a", (await take("c")).lease, rightProof("tx-base"));
  });

  it("fails after so many attempts, with the last reason; asked for again it gets as many anew", async () => {
    const { broker, take, meter } = await open(undefined, 2);
    await broker.enqueue(job("a"));
    const waiting = broker.outcome("a", forever);
    await broker.fail("a", (await take()).lease, { code: "X", reason: "out of memory", retry: true });
    await broker.fail("a", (await take()).lease, { code: "Y", reason: "disk full", retry: true });
    expect(await waiting).to.deep.equal({ status: "failed", code: "Y", reason: "disk full (tried 2 times)" });
    expect(await broker.take("a", all)).to.equal(null);
    expect(meter.value("sprtn_broker_jobs_total", { circuit: "tx-base", outcome: "failed" })).to.equal(1);
    await broker.enqueue(job("a"));
    const again = broker.outcome("a", forever);
    await broker.fail("a", (await take()).lease, { code: "X", reason: "x", retry: true });
    await broker.complete("a", (await take()).lease, rightProof("tx-base"));
    expect((await again).status).to.equal("done");
  });

  it("fails at once when the inputs are at fault", async () => {
    const { broker, take } = await open();
    await broker.enqueue(job("a"));
    await broker.fail("a", (await take()).lease, { code: "CIRCUIT_CONSTRAINT", reason: "no", retry: false });
    expect(await broker.outcome("a", forever)).to.deep.equal({ status: "failed", code: "CIRCUIT_CONSTRAINT", reason: "no" });
  });

  it("two results at once end the job once", async () => {
    const { broker, take, backend, meter, store } = await open();
    await broker.enqueue(job("a"));
    const { lease } = await take();
    const gate = Promise.withResolvers<void>();
    backend.onVerify = () => gate.promise;
    const both = [broker.complete("a", lease, rightProof("tx-base")), broker.complete("a", lease, wrongProof("tx-base"))];
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
      if (leased.id === "b" && proven.filter(id => id === "b").length === 1) await broker.fail("b", leased.lease, { code: "X", reason: "x", retry: true });
      else await broker.complete(leased.id, leased.lease, rightProof("tx-base"));
    }
  }

  it("a crash at any write, done or not: nothing is lost, and nothing that was done is done again", async () => {
    for (const fate of ["lost", "unsure"] as const) {
      for (let crash = 1; crash <= 10; crash++) {
        const store = new FakeKvStore();
        store.onWrite = write => (write === crash ? fate : "done");
        const proven: string[] = [];
        const done = new Set<string>();
        const died = await run(await open(store), proven, done).then(() => false, (error: { code?: string }) => error.code === "FAKE_KV_FAILED");
        expect(died).to.equal(crash <= 9);
        const reopened = await open(store);
        for (const id of ids) {
          const outcome = await Promise.race([(async () => reopened.broker.outcome(id, forever))().catch(() => undefined), Promise.resolve(undefined)]);
          if (outcome?.status === "done") done.add(id);
        }
        await run(reopened, proven, done);
        expect(reopened.broker.status()).to.deep.equal({ queued: 0, leased: 0, done: 4, failed: 0 });
        // Each once, the one that failed once more, the one whose result was cut off once more.
        expect(proven.length).to.be.within(5, 6);
      }
    }
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
    const step = fc.record({ act: fc.constantFrom("take", "complete", "wrong", "fail", "beat", "wait", "restart", "enqueue"), id: fc.constantFrom("a", "b"), held: fc.nat(5) });
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
