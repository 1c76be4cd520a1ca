import { Field } from "@sprtn/primitives";
import { CodedError } from "@sprtn/primitives";
import type { JobSource, LeasedJob, Proof } from "@sprtn/ports";
import { ManualClock, sleep } from "@sprtn/runtime";
import { FakeKvStore, MemoryLogger, RecordingMeter, SeededRandom } from "@sprtn/testing";
import { expect } from "chai";
import { Broker, ProverAgent, ProverError, ProverErrorCode } from "../index.js";
import { job, StubBackend } from "../test/stub-backend.js";

/** A broker in front of which the line can be cut. */
async function setUp({ concurrency = 1, leaseMs = 900 } = {}) {
  const [clock, backend, logger, meter] = [
    new ManualClock(),
    new StubBackend(),
    new MemoryLogger(),
    new RecordingMeter(),
  ];
  const broker = await Broker.open(
    {
      store: new FakeKvStore(),
      backend: new StubBackend(),
      expected: (_, inputs) => [Field(inputs.length)],
      clock,
      random: new SeededRandom(1),
      logger: new MemoryLogger(),
      meter,
    },
    { prefix: new Uint8Array(), leaseMs, attempts: 3, lostLeases: 10 },
  );
  const line = { down: false };
  const over =
    <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
    async (...args: Args) => {
      if (line.down) throw new CodedError("RPC_UNREACHABLE", "connection refused");
      return call(...args);
    };
  const jobs: JobSource = {
    take: over((...args: Parameters<JobSource["take"]>) => broker.take(...args)),
    heartbeat: over((...args: Parameters<JobSource["heartbeat"]>) => broker.heartbeat(...args)),
    complete: over((...args: Parameters<JobSource["complete"]>) => broker.complete(...args)),
    fail: over((...args: Parameters<JobSource["fail"]>) => broker.fail(...args)),
    release: over((...args: Parameters<JobSource["release"]>) => broker.release(...args)),
  };
  const agent = new ProverAgent(
    { jobs, backend, clock, logger, meter },
    { name: "a", concurrency, pollMs: 100, circuits: ["tx-base"] },
  );
  await agent.start(new AbortController().signal);
  return { agent, broker, clock, backend, logger, meter, line, jobs };
}

const warnings = (logger: MemoryLogger) => logger.lines("warn").map(line => line.fields["code"]);

describe("prover agent", () => {
  it("works all jobs off, one after the other, and asks again when there are none", async () => {
    const { agent, broker, clock, backend, meter } = await setUp();
    await broker.enqueue(job("a"));
    await broker.enqueue(job("b"));
    await clock.advance(100);
    expect(backend.proven).to.deep.equal(["a", "b"]);
    await broker.enqueue(job("c"));
    await clock.advance(100);
    expect(broker.status().done).to.equal(3);
    expect(meter.observations("sprtn_agent_prove_seconds", { circuit: "tx-base" }).length).to.equal(3);
    await agent.stop();
    expect(clock.pendingTimers).to.equal(0);
  });

  it("counts its simulated proofs in one line a minute, and says nothing of a minute without any", async () => {
    const { agent, broker, clock, logger } = await setUp({ concurrency: 2 });
    const told = () => logger.lines("info").map(line => line.fields["jobs"]);
    for (const id of ["a", "b", "c"]) await broker.enqueue(job(id));
    await clock.advance(59_000);
    expect(told()).to.deep.equal([]);
    await clock.advance(1_000);
    expect(told()).to.deep.equal([3]);
    await clock.advance(120_000);
    await broker.enqueue(job("d"));
    await clock.advance(60_000);
    expect(told()).to.deep.equal([3, 1]);
    await agent.stop();
    expect(clock.pendingTimers).to.equal(0);
  });

  it("PROVER_AGENT_CONCURRENCY: so many at a time", async () => {
    const { agent, broker, clock, backend } = await setUp({ concurrency: 2 });
    let [now, most] = [0, 0];
    backend.onProve = async (_, signal) => {
      most = Math.max(most, ++now);
      await sleep(clock, 500, signal);
      now--;
    };
    for (const id of ["a", "b", "c", "d", "e"]) await broker.enqueue(job(id));
    await clock.advance(3000);
    expect(broker.status().done).to.equal(5);
    expect(most).to.equal(2);
    await agent.stop();
  });

  it("heartbeats keep its lease while it works", async () => {
    const { agent, broker, clock, backend } = await setUp();
    backend.onProve = (_, signal) => sleep(clock, 5000, signal);
    await broker.enqueue(job("a"));
    for (let i = 0; i < 45; i++) {
      await clock.advance(100);
      expect(await broker.take("b", ["tx-base"])).to.equal(null);
    }
    await clock.advance(1000);
    expect(broker.status().done).to.equal(1);
    await agent.stop();
  });

  it("stops working on a job that it has lost, says nothing, and takes the next", async () => {
    const { agent, broker, clock, backend, logger, line } = await setUp();
    const aborted: string[] = [];
    backend.onProve = async (text, signal) => {
      if (text === "b") return;
      signal?.addEventListener("abort", () => aborted.push(text));
      await sleep(clock, 60_000, signal);
    };
    await broker.enqueue(job("a"));
    await clock.advance(200);
    line.down = true;
    await clock.advance(1000);
    const other = (await broker.take("b", ["tx-base"])) as LeasedJob;
    expect(other.id).to.equal("a");
    line.down = false;
    await broker.enqueue(job("b"));
    await clock.advance(400);
    expect(aborted).to.deep.equal(["a"]);
    expect(backend.proven).to.deep.equal(["b"]);
    expect(await broker.heartbeat("a", other.lease)).to.equal(true);
    expect(logger.lines("warn")).to.deep.equal([]);
    await agent.stop();
  });

  it("reports failures: another may try, unless the inputs are at fault", async () => {
    for (const [code, failed] of [
      ["BB_CRASHED", 0],
      ["CIRCUIT_CONSTRAINT", 1],
      ["CIRCUIT_BAD_CHILD", 1],
    ] as const) {
      const { agent, broker, clock, backend, logger } = await setUp();
      backend.onProve = () => {
        if (backend.proven.length === 0 && logger.lines("warn").length === 0) throw new CodedError(code, "no");
      };
      await broker.enqueue(job("a"));
      await clock.advance(200);
      expect(warnings(logger)).to.deep.equal([code]);
      expect(broker.status()).to.deep.include({ failed, done: 1 - failed });
      await agent.stop();
    }
  });

  it("survives a broker that cannot be reached, and says so once", async () => {
    const { agent, broker, clock, backend, logger, line } = await setUp();
    line.down = true;
    await broker.enqueue(job("a"));
    await clock.advance(2000);
    expect(warnings(logger)).to.deep.equal(["RPC_UNREACHABLE"]);
    line.down = false;
    await clock.advance(100);
    expect(backend.proven).to.deep.equal(["a"]);
    line.down = true;
    await clock.advance(500);
    expect(warnings(logger).length).to.equal(2);
    await agent.stop();
  });

  it("says what is true of a broker that refuses it, or answers with an error, and each once", async () => {
    const { agent, clock, logger, jobs } = await setUp();
    let code = "RPC_UNREACHABLE";
    jobs.take = async () => {
      throw new CodedError(code, "no job");
    };
    for (code of ["RPC_UNREACHABLE", "RPC_UNAUTHORIZED", "RPC_UNKNOWN_METHOD"]) await clock.advance(500);
    const told = logger.lines("warn");
    expect(told.map(({ fields }) => fields["code"])).to.deep.equal([
      "RPC_UNREACHABLE",
      "RPC_UNAUTHORIZED",
      "RPC_UNKNOWN_METHOD",
    ]);
    expect(told.map(({ message }) => message.includes("cannot be reached"))).to.deep.equal([true, false, false]);
    expect(told[1]?.message).to.contain("PROVER_BROKER_TOKEN");
    expect(told[2]?.message).to.contain("PROVER_BROKER_HOST");
    await agent.stop();
  });

  it("is silent about a broker that it does not get hold of while it stops", async () => {
    const { agent, broker, clock, backend, logger, jobs } = await setUp();
    const refused = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    jobs.complete = () => (asked.resolve(), refused.promise);
    await broker.enqueue(job("a"));
    await clock.advance(100);
    await asked.promise;
    expect(backend.proven).to.deep.equal(["a"]);
    const stopped = agent.stop();
    refused.reject(new CodedError("RPC_UNREACHABLE", "connection refused"));
    await stopped;
    expect(logger.lines("warn")).to.deep.equal([]);
  });

  it("keeps a proof until the broker can be reached again", async () => {
    const { agent, broker, clock, backend, line, logger } = await setUp();
    backend.onProve = () => void (line.down = true);
    await broker.enqueue(job("a"));
    await clock.advance(5000);
    expect(broker.status().done).to.equal(0);
    line.down = false;
    await clock.advance(100);
    expect(broker.status().done).to.equal(1);
    expect(backend.proven).to.deep.equal(["a"]);
    expect(warnings(logger)).to.deep.equal(["RPC_UNREACHABLE"]);
    await agent.stop();
  });

  it("drops a result that the broker does not take", async () => {
    const { agent, broker, clock, jobs, logger } = await setUp();
    let calls = 0;
    jobs.complete = async (id: string, _lease: string, _proof: Proof) => {
      calls++;
      throw new ProverError(ProverErrorCode.WRONG_PROOF, "does not verify", { job: id });
    };
    await broker.enqueue(job("a"));
    await clock.advance(500);
    expect(calls).to.equal(1);
    expect(warnings(logger)).to.deep.equal([ProverErrorCode.WRONG_PROOF]);
    await agent.stop();
  });

  it("stopping cuts the work short, and gives the job back: another agent has it at once", async () => {
    const { agent, broker, clock, backend, logger } = await setUp();
    backend.onProve = (_, signal) => sleep(clock, 60_000, signal);
    await broker.enqueue(job("a"));
    await clock.advance(200);
    await agent.stop();
    expect(broker.status()).to.include({ queued: 1, leased: 0 });
    expect((await broker.take("b", ["tx-base"]))?.id).to.equal("a");
    expect(clock.pendingTimers).to.equal(0);
    expect(logger.lines("warn")).to.deep.equal([]);
  });

  it("gives back a job that comes while it stops", async () => {
    const { agent, broker, clock, backend, jobs } = await setUp();
    await clock.advance(0);
    const given = Promise.withResolvers<void>();
    jobs.take = async (...args) => {
      const taken = await broker.take(...args);
      await given.promise;
      return taken;
    };
    await broker.enqueue(job("a"));
    await clock.advance(100);
    expect(broker.status().leased).to.equal(1);
    const stopped = agent.stop();
    given.resolve();
    await stopped;
    expect(broker.status()).to.include({ queued: 1, leased: 0 });
    expect(backend.proven).to.deep.equal([]);
  });

  it("hands in a proof that is ready when it stops", async () => {
    const { agent, broker, clock, backend } = await setUp();
    backend.onProve = () => void agent.stop();
    await broker.enqueue(job("a"));
    await clock.advance(100);
    await agent.stop();
    expect(broker.status().done).to.equal(1);
  });

  it("stops within two seconds of a broker that no longer answers anything", async () => {
    for (const silent of ["take", "heartbeat", "complete", "release"] as const) {
      const { agent, broker, clock, backend, jobs } = await setUp();
      await clock.advance(0);
      jobs[silent] = () => new Promise<never>(() => {});
      backend.onProve = (_, signal) => (silent === "complete" ? undefined : sleep(clock, 60_000, signal));
      await broker.enqueue(job("a"));
      await clock.advance(1_000);
      let stopped = false;
      const stopping = agent.stop().then(() => (stopped = true));
      await clock.advance(2_000);
      expect(stopped, silent).to.equal(true);
      await stopping;
      expect(clock.pendingTimers, silent).to.equal(0);
    }
  });
});
