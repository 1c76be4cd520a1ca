import type { CircuitName, JobSource, LeasedJob, ProofQueue, QueueStatus } from "@sprtn/ports";
import type { MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import { ProverErrorCode } from "../index.js";
import { job, rightProof, type StubBackend, wrongProof } from "./stub-backend.js";

export interface OpenedQueue {
  readonly queue: ProofQueue & JobSource;
  readonly backend: StubBackend;
  readonly logger: MemoryLogger;
  readonly meter: RecordingMeter;
  /** The queue's status when all that was done shows in it. */
  status(): Promise<QueueStatus>;
  /** Lets the leases of all jobs run out, as when their agents were silent for too long. */
  expire(): Promise<void>;
  /** A second opening of what is kept, as after `kill -9`: the first is no longer used. */
  reopen(): Promise<OpenedQueue>;
  close(): Promise<void>;
}

const all: readonly CircuitName[] = ["tx-base", "tx-merge", "block-merge"];
const forever = new AbortController().signal;
const codeOfFailure = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: { code?: string }) => error.code,
  );
const crash = { code: "X", reason: "x", retry: true };

/**
 * Declares the mocha tests that every queue of proof jobs passes. `open` makes an empty one whose expected public input
 * is that of `rightProof`, and whose leases last 900 ms or longer.
 */
export function queueCompliance(
  name: string,
  open: (settings: { readonly attempts: number; readonly lostLeases: number }) => Promise<OpenedQueue>,
): void {
  const opened: OpenedQueue[] = [];
  const start = async (attempts = 3, lostLeases = 10) => {
    const it = await open({ attempts, lostLeases });
    opened.push(it);
    return { ...it, take: taker(it) };
  };
  const taker =
    (it: OpenedQueue) =>
    async (agent = "a") =>
      (await it.queue.take(agent, all)) as LeasedJob;

  describe(`${name} is a queue of proof jobs`, () => {
    afterEach(async () => {
      for (const it of opened.splice(0)) await it.close();
    });

    it("the same job is queued once, however often it is asked for, also at once", async () => {
      const { queue, take, status } = await start();
      await Promise.all([queue.enqueue(job("a")), queue.enqueue(job("a"))]);
      await queue.enqueue(job("a"));
      expect(await status()).to.deep.equal({ queued: 1, leased: 0, done: 0, failed: 0 });
      const taken = await take();
      await queue.enqueue(job("a"));
      expect(await queue.take("b", all)).to.equal(null);
      expect(await status()).to.deep.equal({ queued: 0, leased: 1, done: 0, failed: 0 });
      await queue.complete("a", taken.lease, rightProof("tx-base"));
      await queue.enqueue(job("a"));
      expect(await status()).to.deep.equal({ queued: 0, leased: 0, done: 1, failed: 0 });
    });

    it("PROV-5: the older epoch first, then nearest to the root; only circuits that the agent knows", async () => {
      const { queue } = await start();
      for (const one of [
        job("base 1"),
        job("merge 2", { epoch: 2, circuit: "tx-merge", height: 3 }),
        job("base 0", { epoch: 0 }),
        job("merge 1", { circuit: "tx-merge", height: 3 }),
        job("range 2", { epoch: 2, circuit: "block-merge", height: 65 }),
        job("second 1", { height: 2 }),
      ])
        await queue.enqueue(one);
      expect((await queue.take("a", ["tx-merge"]))?.id).to.equal("merge 1");
      const order: (string | undefined)[] = [];
      for (let i = 0; i < 6; i++) order.push((await queue.take("a", all))?.id);
      expect(order).to.deep.equal(["base 0", "second 1", "base 1", "range 2", "merge 2", undefined]);
      expect(await queue.take("a", [])).to.equal(null);
    });

    it("a job over which agents vanish goes behind the others of its epoch, not behind younger ones", async () => {
      const { queue, take, expire } = await start();
      await queue.enqueue(job("killer", { height: 9 }));
      expect((await take()).id).to.equal("killer");
      await expire();
      for (const one of [job("good"), job("younger", { epoch: 2, height: 9 })]) await queue.enqueue(one);
      expect([(await take()).id, (await take()).id, (await take()).id]).to.deep.equal(["good", "killer", "younger"]);
    });

    it("after so many of them it has failed, says why, warned once; asked for again it begins anew", async () => {
      const { queue, take, expire, logger, meter, status } = await start(2, 4);
      await queue.enqueue(job("a", { epoch: 7 }));
      const outcome = queue.outcome("a", forever);
      for (let lost = 0; lost < 4; lost++) {
        expect((await take(`agent ${lost}`)).id).to.equal("a");
        await expire();
        expect(await queue.troubles()).to.have.length(lost === 0 && name === "Broker" ? 0 : 1);
      }
      expect(await queue.take("b", all)).to.equal(null);
      const failure = { code: ProverErrorCode.LEASES_LOST };
      expect(await outcome).to.include({ status: "failed", ...failure });
      expect((await queue.troubles())[0]).to.include({ job: "a", circuit: "tx-base", epoch: 7, ...failure });
      expect(await status()).to.deep.equal({ queued: 0, leased: 0, done: 0, failed: 1 });
      expect(logger.lines("warn").flatMap(({ fields }) => ("job" in fields ? [fields] : []))).to.deep.equal([
        { job: "a", circuit: "tx-base", epoch: 7, lost: 2 },
      ]);
      expect(meter.value("sprtn_broker_leases_lost_total", { circuit: "tx-base" })).to.equal(4);
      await queue.enqueue(job("a", { epoch: 7 }));
      for (let lost = 0; lost < 3; lost++) {
        expect((await take()).id).to.equal("a");
        await expire();
      }
      await queue.complete("a", (await take()).lease, rightProof("tx-base"));
      expect(await queue.troubles()).to.deep.equal([]);
    });

    it("agents that vanish, as hosts do that restart, do not use up the tries of a good job", async () => {
      const { queue, take, expire, status } = await start(2);
      await queue.enqueue(job("a"));
      for (let lost = 0; lost < 5; lost++) {
        await take();
        await expire();
      }
      await queue.fail("a", (await take()).lease, crash);
      expect(await status()).to.include({ queued: 1, failed: 0 });
      await take();
      await expire();
      await queue.complete("a", (await take()).lease, rightProof("tx-base"));
      expect((await queue.outcome("a", forever)).status).to.equal("done");
    });

    it("a job that its agent gives back, as agents do that stop, is there at once and has lost nothing", async () => {
      const { queue, take, status } = await start(2, 2);
      await queue.enqueue(job("a"));
      for (let stopped = 0; stopped < 5; stopped++) {
        const { lease } = await take();
        await queue.release("a", lease);
        expect(await status()).to.deep.equal({ queued: 1, leased: 0, done: 0, failed: 0 });
        expect(await queue.heartbeat("a", lease)).to.equal(false);
      }
      expect(await queue.troubles()).to.deep.equal([]);
      await queue.fail("a", (await take()).lease, crash);
      expect(await status()).to.include({ queued: 1, failed: 0 });
      await queue.complete("a", (await take()).lease, rightProof("tx-base"));
      expect((await queue.outcome("a", forever)).status).to.equal("done");
    });

    it("nobody gives back what is another's by now, is done, or was never there", async () => {
      const { queue, take, expire, status } = await start();
      await queue.enqueue(job("a"));
      const first = await take();
      await expire();
      const second = await take("b");
      await queue.release("a", first.lease);
      expect(await queue.heartbeat("a", second.lease)).to.equal(true);
      await queue.complete("a", second.lease, rightProof("tx-base"));
      await queue.release("a", second.lease);
      expect(await status()).to.include({ queued: 0, done: 1 });
      expect(await codeOfFailure(queue.release("b", "x"))).to.equal(ProverErrorCode.UNKNOWN_JOB);
    });

    it("tells what went wrong with jobs that are not done, until they are done or forgotten", async () => {
      const { queue, take } = await start();
      for (const id of ["a", "b"]) await queue.enqueue(job(id));
      const trouble = { circuit: "tx-base", epoch: 1, code: "X", reason: "x" };
      for (const id of ["a", "b"]) {
        const taken = await take();
        await queue.fail(taken.id, taken.lease, crash);
        expect([...(await queue.troubles())].map(each => each.job)).to.include(taken.id);
        if (id === "a") expect(await queue.troubles()).to.deep.equal([{ job: taken.id, ...trouble }]);
        await queue.complete(taken.id, taken.lease, rightProof("tx-base"));
        expect(await queue.troubles()).to.deep.equal([]);
      }
      await queue.enqueue(job("c"));
      const { lease } = await take();
      await queue.fail("c", lease, { ...crash, retry: false });
      expect((await queue.troubles())[0]).to.include({ job: "c", code: "X" });
      await queue.forgetBefore(2);
      expect(await queue.troubles()).to.deep.equal([]);
    });

    it(
      "hands out the job as it came, 200 KB of inputs too, and a time between heartbeats that a lease " +
        "outlasts twice",
      async () => {
        const { queue, take } = await start();
        const big = job("a", { height: 2, inputs: new Uint8Array(200_000).map((_, i) => i) });
        await queue.enqueue(big);
        const taken = await take();
        expect(taken).to.deep.include(big);
        expect(taken.heartbeatMs).to.be.at.least(300);
        expect(taken.lease.length).to.be.at.most(64);
      },
    );

    it("outcomes: at once for what has ended, ABORTED for who stops waiting, UNKNOWN_JOB for the rest", async () => {
      const { queue, take } = await start();
      await queue.enqueue(job("a"));
      const controller = new AbortController();
      const given = codeOfFailure(queue.outcome("a", controller.signal));
      controller.abort();
      expect(await given).to.equal("RUNTIME_ABORTED");
      const waiting = queue.outcome("a", forever);
      const proof = { ...rightProof("tx-base"), usage: { cpuSeconds: 1.5, peakMemoryBytes: 7 } };
      await queue.complete("a", (await take()).lease, proof);
      expect(await waiting).to.deep.equal({ status: "done", proof });
      expect(await queue.outcome("a", forever)).to.deep.equal({ status: "done", proof });
      expect(await codeOfFailure((async () => queue.outcome("b", forever))())).to.equal(ProverErrorCode.UNKNOWN_JOB);
      expect(await codeOfFailure(queue.complete("b", "x", rightProof("tx-base")))).to.equal(
        ProverErrorCode.UNKNOWN_JOB,
      );
      expect(await codeOfFailure(queue.fail("b", "x", crash))).to.equal(ProverErrorCode.UNKNOWN_JOB);
    });

    it("forgets old epochs, for good; who waits for them, or is at work on them, hears so", async () => {
      const { queue, take, status, reopen } = await start();
      for (const epoch of [1, 2, 3]) await queue.enqueue(job(`e${epoch}`, { epoch }));
      const waiting = queue.outcome("e1", forever);
      const working = await take();
      expect(working.id).to.equal("e1");
      await queue.forgetBefore(3);
      expect(await waiting).to.include({ status: "failed", code: ProverErrorCode.UNKNOWN_JOB });
      expect(await queue.heartbeat(working.id, working.lease)).to.equal(false);
      expect(await codeOfFailure(queue.complete("e1", working.lease, rightProof("tx-base")))).to.equal(
        ProverErrorCode.UNKNOWN_JOB,
      );
      expect(await status()).to.deep.equal({ queued: 1, leased: 0, done: 0, failed: 0 });
      const again = await reopen();
      opened.push(again);
      expect(await again.status()).to.deep.equal({ queued: 1, leased: 0, done: 0, failed: 0 });
    });

    it("a lease that runs out goes to another agent; its first holder has lost it", async () => {
      const { queue, take, expire } = await start();
      await queue.enqueue(job("a"));
      const first = await take("a");
      expect(await queue.take("b", all)).to.equal(null);
      await expire();
      const second = await take("b");
      expect(second.id).to.equal("a");
      expect(second.lease).to.not.equal(first.lease);
      expect(await queue.heartbeat("a", first.lease)).to.equal(false);
      expect(await queue.heartbeat("a", second.lease)).to.equal(true);
      expect(await queue.heartbeat("x", second.lease)).to.equal(false);
    });

    it("a late result of a lease that ran out is taken if it verifies, also while another has the job", async () => {
      const { queue, take, expire } = await start();
      await queue.enqueue(job("a"));
      await queue.enqueue(job("b", { epoch: 2 }));
      const first = await take("a");
      await expire();
      const second = await take("b");
      await queue.complete("a", first.lease, rightProof("tx-base"));
      expect((await queue.outcome("a", forever)).status).to.equal("done");
      expect(await queue.heartbeat("a", second.lease)).to.equal(false);
      await queue.complete("a", second.lease, wrongProof("tx-base"));
      expect((await queue.outcome("a", forever)).status).to.equal("done");
      const waiting = await take("a");
      await expire();
      await queue.complete("b", waiting.lease, rightProof("tx-base"));
      expect((await queue.outcome("b", forever)).status).to.equal("done");
      expect(await queue.take("c", all)).to.equal(null);
    });

    it("a late wrong one takes the job from nobody, and a late failure counts for nothing", async () => {
      const { queue, take, expire, status } = await start(2);
      await queue.enqueue(job("a"));
      const first = await take("a");
      await expire();
      const second = await take("b");
      expect(await codeOfFailure(queue.complete("a", first.lease, wrongProof("tx-base")))).to.equal(
        ProverErrorCode.WRONG_PROOF,
      );
      await queue.fail("a", first.lease, { ...crash, retry: false });
      expect(await queue.heartbeat("a", second.lease)).to.equal(true);
      expect((await status()).failed).to.equal(0);
    });

    it("a wrong proof is refused and the job goes to another; so is one of another circuit", async () => {
      const { queue, take, logger } = await start(4);
      await queue.enqueue(job("a"));
      expect(await codeOfFailure(queue.complete("a", (await take("a")).lease, wrongProof("tx-base")))).to.equal(
        ProverErrorCode.WRONG_PROOF,
      );
      expect(logger.lines("warn").at(-1)?.fields).to.deep.include({ agent: "a", job: "a" });
      expect(await codeOfFailure(queue.complete("a", (await take("b")).lease, rightProof("tx-merge")))).to.equal(
        ProverErrorCode.WRONG_PROOF,
      );
      await queue.complete("a", (await take("c")).lease, rightProof("tx-base"));
      expect((await queue.outcome("a", forever)).status).to.equal("done");
    });

    it("a proof of other inputs than the job's is refused, however well it verifies", async () => {
      const { queue, take } = await start();
      await queue.enqueue(job("a"));
      expect(await codeOfFailure(queue.complete("a", (await take("b")).lease, rightProof("tx-base", 2)))).to.equal(
        ProverErrorCode.WRONG_PROOF,
      );
      expect(
        await codeOfFailure(
          queue.complete("a", (await take("b")).lease, { ...rightProof("tx-base"), publicInputs: [] }),
        ),
      ).to.equal(ProverErrorCode.WRONG_PROOF);
      await queue.complete("a", (await take("c")).lease, rightProof("tx-base"));
    });

    it("fails after so many attempts, with the last reason; asked for again it gets as many anew", async () => {
      const { queue, take, meter, status } = await start(2);
      await queue.enqueue(job("a"));
      const waiting = queue.outcome("a", forever);
      await queue.fail("a", (await take()).lease, { code: "X", reason: "out of memory", retry: true });
      expect(await status()).to.include({ queued: 1, failed: 0 });
      await queue.fail("a", (await take()).lease, { code: "Y", reason: "disk full", retry: true });
      expect(await waiting).to.deep.equal({ status: "failed", code: "Y", reason: "disk full (tried 2 times)" });
      expect(await queue.take("a", all)).to.equal(null);
      expect(meter.value("sprtn_broker_jobs_total", { circuit: "tx-base", outcome: "failed" })).to.equal(1);
      await queue.enqueue(job("a"));
      const again = queue.outcome("a", forever);
      await queue.fail("a", (await take()).lease, crash);
      await queue.complete("a", (await take()).lease, rightProof("tx-base"));
      expect((await again).status).to.equal("done");
    });

    it("wrong proofs end a job as failures do", async () => {
      const { queue, take } = await start(2);
      await queue.enqueue(job("a"));
      for (const agent of ["a", "b"])
        await codeOfFailure(queue.complete("a", (await take(agent)).lease, wrongProof("tx-base")));
      expect(await queue.outcome("a", forever)).to.deep.equal({
        status: "failed",
        code: ProverErrorCode.WRONG_PROOF,
        reason: "b sent a proof that does not verify (tried 2 times)",
      });
    });

    it("fails at once when the inputs are at fault", async () => {
      const { queue, take } = await start();
      await queue.enqueue(job("a"));
      await queue.fail("a", (await take()).lease, { code: "CIRCUIT_CONSTRAINT", reason: "no", retry: false });
      expect(await queue.outcome("a", forever)).to.deep.equal({
        status: "failed",
        code: "CIRCUIT_CONSTRAINT",
        reason: "no",
      });
    });

    it("two results at once end the job once", async () => {
      const { queue, take, backend, meter, status } = await start();
      await queue.enqueue(job("a"));
      const { lease } = await take();
      const gate = Promise.withResolvers<void>();
      backend.onVerify = () => gate.promise;
      const both = [
        queue.complete("a", lease, rightProof("tx-base")),
        queue.complete("a", lease, rightProof("tx-base")),
      ];
      gate.resolve();
      await Promise.all(both);
      await queue.fail("a", lease, crash);
      expect(meter.value("sprtn_broker_jobs_total", { circuit: "tx-base", outcome: "done" })).to.equal(1);
      expect((await status()).done).to.equal(1);
    });

    it("after a restart, what was done is done, what was at work is given out again or handed in", async () => {
      const first = await start(2);
      for (const id of ["a", "b", "c"]) await first.queue.enqueue(job(id, { height: id.codePointAt(0) as number }));
      await first.queue.complete("c", (await first.take()).lease, rightProof("tx-base"));
      await first.queue.fail("b", (await first.take()).lease, crash);
      const working = await first.take();
      const again = await first.reopen();
      opened.push(again);
      await again.expire();
      expect((await again.queue.outcome("c", forever)).status).to.equal("done");
      const take = taker(again);
      const [b, a] = [await take(), await take()];
      expect([b.id, a.id].toSorted()).to.deep.equal(["a", "b"]);
      await again.queue.complete("a", working.id === "a" ? working.lease : a.lease, rightProof("tx-base"));
      await again.queue.complete("b", working.id === "b" ? working.lease : b.lease, rightProof("tx-base"));
      expect(await again.status()).to.deep.equal({ queued: 0, leased: 0, done: 3, failed: 0 });
      expect(await again.queue.take("a", all)).to.equal(null);
    });
  });
}
