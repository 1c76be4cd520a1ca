import type { LeasedJob } from "@sprtn/ports";
import { RedisServer } from "@sprtn/testing/redis";
import { expect } from "chai";
import { openRedisQueue } from "../test/open-redis-queue.js";
import { SpawnedWorker } from "../test/spawn-worker.js";
import { job, rightProof } from "../test/stub-backend.js";
import { waitFor } from "../test/wait-for.js";

const forever = new AbortController().signal;
const JOBS = 40;
/** Long enough for a busy machine to beat in time, as in queue-worker.ts. */
const LEASE_MS = 4500;
/** Of the worker's agent. */
const CONCURRENCY = 2;

describe("BullMQ on Redis: kill -9", () => {
  let server: RedisServer;

  before(async () => {
    server = await RedisServer.start();
  });

  after(async () => {
    await server?.kill();
  });

  it("of an agent at work: its heartbeats kept the job, then another gets it", async () => {
    const network = "agent";
    const { queue } = await openRedisQueue({ url: server.url, network, leaseMs: LEASE_MS });
    const worker = new SpawnedWorker([server.url, network, "0", "never-end"]);
    try {
      await queue.enqueue(job("a"));
      const outcome = queue.outcome("a", forever);
      // Longer than a lease, which is three heartbeats.
      await waitFor("five heartbeats", async () => worker.all("held").length >= 5);
      expect(worker.all("proving")).to.deep.equal(["a"]);
      expect(worker.all("lost")).to.deep.equal([]);
      expect(await queue.take("b", ["tx-base"])).to.equal(null);
      await worker.kill();
      const taken = await waitFor<LeasedJob>("the job to be given out again", () => queue.take("b", ["tx-base"]));
      await queue.complete("a", taken.lease, rightProof("tx-base"));
      expect((await outcome).status).to.equal("done");
    } finally {
      await worker.kill();
      await queue.close();
    }
  });

  it("of a prover node with its agent, at any moment: nothing is lost, and nothing is done twice", async () => {
    const network = "node";
    const done = new Set<string>();
    let proven = 0;
    const repeated: string[] = [];
    const kills = [0, 1, 7, 16];
    for (const killAfter of [...kills, undefined]) {
      /** What an earlier process was told to be done. */
      const before = new Set(done);
      const worker: SpawnedWorker = new SpawnedWorker([server.url, network, String(JOBS), "end"], line => {
        if (line.startsWith("proving ")) {
          proven++;
          if (before.has(line.slice("proving ".length))) repeated.push(line);
          if (worker.all("proving").length > (killAfter ?? JOBS)) void worker.kill();
        }
        if (line.startsWith("done ")) done.add(line.slice("done ".length));
      });
      await worker.exited;
    }
    const { queue } = await openRedisQueue({ url: server.url, network });
    await queue.refresh();
    const status = queue.status();
    await queue.close();
    expect(status).to.deep.equal({ queued: 0, leased: 0, done: JOBS, failed: 0 });
    expect(done.size).to.equal(JOBS);
    expect(repeated).to.deep.equal([]);
    expect(proven).to.be.within(JOBS, JOBS + kills.length * CONCURRENCY);
  });
});
