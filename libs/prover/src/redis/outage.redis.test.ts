import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LeasedJob } from "@sprtn/ports";
import { RedisServer } from "@sprtn/testing/redis";
import { expect } from "chai";
import { Redis } from "ioredis";
import { ProverErrorCode } from "../index.js";
import { openRedisQueue } from "../test/open-redis-queue.js";
import { job, rightProof } from "../test/stub-backend.js";
import { waitFor } from "../test/wait-for.js";

const forever = new AbortController().signal;
const failure = (work: Promise<unknown>) =>
  work.then(
    () => ({ code: "none", message: "" }),
    (error: { code: string; message: string }) => error,
  );

describe("BullMQ on Redis: Redis's own troubles", () => {
  const closing: (() => Promise<unknown>)[] = [];
  const start = async (options?: Parameters<typeof RedisServer.start>[0]) => {
    const server = await RedisServer.start(options);
    closing.push(() => server.kill());
    return server;
  };
  const open = async (settings: Parameters<typeof openRedisQueue>[0]) => {
    const opened = await openRedisQueue(settings);
    closing.push(() => opened.queue.close());
    const take = async () => (await opened.queue.take("a", ["tx-base"])) as LeasedJob;
    return { ...opened, take };
  };

  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  it(
    "one that is killed and comes back with its log: nothing is lost, agents hear QUEUE_UNREACHABLE, the " +
      "node waits",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "sprtn-redis-"));
      closing.push(() => rm(folder, { recursive: true }));
      const server = await start({ folder });
      const { queue, take, logger } = await open({ url: server.url });
      for (const [i, id] of ["a", "b", "c"].entries()) await queue.enqueue(job(id, { height: i }));
      await queue.complete("c", (await take()).lease, rightProof("tx-base"));
      const working = await take();
      expect(working.id).to.equal("b");
      const outcomes = ["a", "b", "c"].map(id => queue.outcome(id, forever));
      await server.kill();
      await waitFor("the loss to be noticed", async () => logger.lines("warn").some(line => "host" in line.fields));
      for (const asked of [
        take(),
        queue.heartbeat("b", working.lease),
        queue.complete("b", working.lease, rightProof("tx-base")),
        queue.fail("b", working.lease, { code: "X", reason: "x", retry: true }),
      ]) {
        expect((await failure(asked)).code).to.equal(ProverErrorCode.QUEUE_UNREACHABLE);
      }
      const added = queue.enqueue(job("d"));
      const controller = new AbortController();
      const given = failure(queue.outcome("a", controller.signal));
      controller.abort();
      expect((await given).code).to.equal("RUNTIME_ABORTED");
      await server.start();
      await added;
      expect(await queue.heartbeat("b", working.lease)).to.equal(true);
      await queue.complete("b", working.lease, rightProof("tx-base"));
      for (const id of ["a", "d"]) {
        const taken = await take();
        expect(taken.id).to.equal(id);
        await queue.complete(id, taken.lease, rightProof("tx-base"));
      }
      expect((await Promise.all(outcomes)).map(outcome => outcome.status)).to.deep.equal(["done", "done", "done"]);
      expect(logger.lines("info").at(-1)?.fields).to.deep.equal({ host: new URL(server.url).host });
    },
  );

  it("one that comes back empty: who waits hears that the job is gone, and may ask anew", async () => {
    const server = await start();
    const { queue, take, logger } = await open({ url: server.url });
    expect(logger.lines("warn").at(-1)?.message).to.match(/appendonly/);
    await queue.enqueue(job("a"));
    const outcome = queue.outcome("a", forever);
    const { lease } = await take();
    await server.kill();
    await server.start();
    expect(await outcome).to.include({ status: "failed", code: ProverErrorCode.UNKNOWN_JOB });
    expect(await queue.heartbeat("a", lease)).to.equal(false);
    await queue.enqueue(job("a"));
    expect((await take()).id).to.equal("a");
  });

  it("one that is full: enqueuing waits and says what to do, and goes on when there is room", async () => {
    const server = await start({ options: ["--maxmemory", "3mb"] });
    const { queue, logger } = await open({ url: server.url });
    const many = Array.from({ length: 20 }, (_, i) =>
      queue.enqueue(job(`big ${i}`, { inputs: new Uint8Array(200_000).fill(i) })),
    );
    await waitFor("a warning", async () =>
      logger
        .lines("warn")
        .some(
          ({ fields }) =>
            fields["code"] === ProverErrorCode.QUEUE_UNREACHABLE && /maxmemory/.test(String(fields["reason"])),
        ),
    );
    const admin = new Redis(server.url);
    await admin.config("SET", "maxmemory", "0");
    admin.disconnect();
    await Promise.all(many);
    await queue.refresh();
    expect(queue.status().queued).to.equal(20);
  });

  it("QUEUE_UNFIT if it may throw keys away, QUEUE_UNREACHABLE for none, both without the password", async () => {
    const server = await start({ options: ["--maxmemory-policy", "allkeys-lru"] });
    const unfit = await failure(openRedisQueue({ url: server.url }));
    expect(unfit).to.include({ code: ProverErrorCode.QUEUE_UNFIT });
    expect(unfit.message).to.include("CONFIG SET maxmemory-policy noeviction");
    await server.kill();
    const away = await failure(openRedisQueue({ url: server.url.replace("//", "//user:hush@"), connectMs: 100 }));
    expect(away).to.include({ code: ProverErrorCode.QUEUE_UNREACHABLE });
    expect(away.message).to.include("PROVER_QUEUE_URL").and.to.include("ECONNREFUSED").and.to.not.include("hush");
  });

  it("a queue that is closed while it waits for Redis ends", async () => {
    const server = await start();
    const { queue, logger } = await open({ url: server.url });
    await server.kill();
    await waitFor("the loss to be noticed", async () => logger.lines("warn").some(line => "host" in line.fields));
    const added = failure(queue.enqueue(job("a")));
    await queue.close();
    expect((await added).code).to.equal(ProverErrorCode.QUEUE_UNREACHABLE);
  });
});
