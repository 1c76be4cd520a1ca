import type { CircuitName, JobSource, LeasedJob } from "@sprtn/ports";
import { RedisServer } from "@sprtn/testing/redis";
import { expect } from "chai";
import { Redis } from "ioredis";
import { ProverErrorCode } from "../index.js";
import { openRedisQueue } from "../test/open-redis-queue.js";
import { job, rightProof, wrongProof } from "../test/stub-backend.js";
import { waitFor } from "../test/wait-for.js";

const all: readonly CircuitName[] = ["tx-base", "tx-merge"];
const forever = new AbortController().signal;
const codeOfFailure = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: { code?: string }) => error.code,
  );

describe("BullMQ on Redis: shared by several", () => {
  let server: RedisServer;
  let admin: Redis;
  let networks = 0;
  let network = "";
  const opened: { close(): Promise<void> }[] = [];
  const open = async (attempts = 3) => {
    const parts = await openRedisQueue({ url: server.url, network, attempts });
    opened.push(parts.queue);
    return parts;
  };
  /** An agent with its own Redis that calls every proof correct. */
  const openFaulty = async () => {
    const parts = await open();
    parts.backend.verify = async () => true;
    return parts;
  };
  const take = async (source: JobSource) => waitFor<LeasedJob>("a job", () => source.take("a", all));

  before(async () => {
    server = await RedisServer.start();
    admin = new Redis(server.url);
  });

  beforeEach(() => {
    network = `shared${networks++}`;
  });

  afterEach(async () => {
    for (const queue of opened.splice(0)) await queue.close();
  });

  after(async () => {
    admin?.disconnect();
    await server?.kill();
  });

  it("two prover nodes and an agent on Redis: each job is proven once, and checked once by each node", async () => {
    const [one, two, agent] = [await open(), await open(), await open()];
    const ids = ["a", "b", "c"];
    const ask = (node: typeof one) =>
      ids.map(async id => {
        await node.queue.enqueue(job(id));
        return node.queue.outcome(id, forever);
      });
    let checked = 0;
    for (const node of [one, two]) node.backend.onVerify = () => void checked++;
    const outcomes = Promise.all([...ask(one), ...ask(two)]);
    const proven: string[] = [];
    while (proven.length < ids.length) {
      const taken = await take(agent.queue);
      proven.push(taken.id);
      await agent.queue.complete(taken.id, taken.lease, rightProof("tx-base"));
    }
    expect((await outcomes).map(outcome => outcome.status)).to.deep.equal(Array.from({ length: 6 }, () => "done"));
    expect(proven.toSorted()).to.deep.equal(ids);
    for (const id of ids) await one.queue.outcome(id, forever);
    expect(checked).to.equal(2 * ids.length);
  });

  it("a wrong proof that an agent wrote to Redis past all checks does not count: the job goes to another", async () => {
    const [node, faulty, good] = [await open(), await openFaulty(), await open()];
    await node.queue.enqueue(job("a"));
    const outcome = node.queue.outcome("a", forever);
    await faulty.queue.complete("a", (await take(faulty.queue)).lease, wrongProof("tx-base"));
    const taken = await take(good.queue);
    expect(node.logger.lines("warn").at(-1)?.fields).to.deep.include({ job: "a", circuit: "tx-base" });
    await good.queue.complete("a", taken.lease, rightProof("tx-base"));
    expect(await outcome).to.deep.equal({ status: "done", proof: rightProof("tx-base") });
  });

  it("so does one of inputs that an agent has put in the place of the job's", async () => {
    const [node, faulty] = [await open(), await openFaulty()];
    await node.queue.enqueue(job("a"));
    await node.queue.enqueue(job("b", { inputs: new TextEncoder().encode("other") }));
    const outcome = node.queue.outcome("a", forever);
    const [a = "", b = ""] = await Promise.all(
      ["a", "b"].map(async id => (await admin.keys(`*${network}}:tx-base:${id}`))[0]),
    );
    await admin.hset(a, "data", (await admin.hget(b, "data")) ?? "");
    const taken = await take(faulty.queue);
    expect(taken).to.deep.include({ id: "a", inputs: new TextEncoder().encode("other") });
    await faulty.queue.complete("a", taken.lease, rightProof("tx-base", "other".length));
    await waitFor("the proof to be refused", async () =>
      node.logger.lines("warn").some(line => line.fields["job"] === "a"),
    );
    const again = await take(faulty.queue);
    await node.queue.complete("a", again.lease, rightProof("tx-base"));
    expect(await outcome).to.deep.equal({ status: "done", proof: rightProof("tx-base") });
  });

  it("if that happens as often as a job is tried, it has failed, and begins anew", async () => {
    const [node, faulty] = [await open(1), await openFaulty()];
    await node.queue.enqueue(job("a"));
    const outcome = node.queue.outcome("a", forever);
    await faulty.queue.complete("a", (await take(faulty.queue)).lease, wrongProof("tx-base"));
    expect(await outcome).to.include({ status: "failed", code: ProverErrorCode.WRONG_PROOF });
    await node.queue.enqueue(job("a"));
    const again = node.queue.outcome("a", forever);
    await node.queue.complete("a", (await take(node.queue)).lease, rightProof("tx-base"));
    expect((await again).status).to.equal("done");
  });

  it("a proof that is gone from Redis or altered there is made again", async () => {
    const { queue } = await open();
    await queue.enqueue(job("a"));
    await queue.complete("a", (await take(queue)).lease, rightProof("tx-base"));
    const [blobs = ""] = await admin.keys(`*${network}}:blobs:1`);
    for (const [field, value] of Object.entries(await admin.hgetall(blobs)))
      if (value !== "a") await admin.hset(blobs, field, "altered");
    const outcome = queue.outcome("a", forever);
    await queue.complete("a", (await take(queue)).lease, rightProof("tx-base"));
    expect((await outcome).status).to.equal("done");
  });

  it("inputs that are gone are said to be, and stop nothing else; asked for again, the job is whole", async () => {
    const { queue } = await open();
    await queue.enqueue(job("a", { height: 2 }));
    const outcome = queue.outcome("a", forever);
    await admin.del(await admin.keys(`*${network}}:blobs:1`));
    await queue.enqueue(job("b"));
    expect(await codeOfFailure(queue.take("a", all))).to.equal(ProverErrorCode.CORRUPT_QUEUE);
    expect((await take(queue)).id).to.equal("b");
    expect(await outcome).to.include({ status: "failed", code: ProverErrorCode.CORRUPT_QUEUE });
    await queue.enqueue(job("a", { height: 2 }));
    expect(await take(queue)).to.deep.include(job("a", { height: 2 }));
  });

  it("a heartbeat that comes late keeps the lease if nobody has the job yet", async () => {
    // Nothing looks for expired leases.
    const { queue } = await openRedisQueue({ url: server.url, network, stalledMs: 60_000 });
    opened.push(queue);
    await queue.enqueue(job("a"));
    const { lease } = await take(queue);
    await admin.del(await admin.keys(`*${network}}*:lock`));
    expect(await queue.heartbeat("a", lease)).to.equal(true);
    expect(await admin.keys(`*${network}}*:lock`)).to.have.length(1);
    expect(await queue.take("b", all)).to.equal(null);
  });

  it("many agents at once: no job is given to two", async () => {
    const queues = [await open(), await open(), await open()];
    const ids = Array.from({ length: 60 }, (_, i) => `job ${i}`);
    await Promise.all(
      ids.map(id =>
        queues[0]?.queue.enqueue(job(id, { circuit: Number(id.slice(4)) % 2 === 0 ? "tx-base" : "tx-merge" })),
      ),
    );
    const taken = await Promise.all(ids.map((_, i) => queues[i % 3]?.queue.take(`agent ${i}`, all)));
    expect(taken.map(each => each?.id).toSorted()).to.deep.equal(ids.toSorted());
  });

  it("forgetting leaves nothing in Redis but what BullMQ knows of its queues", async () => {
    const { queue } = await open();
    for (const [i, id] of ["one done", "one failed", "one at work", "one waiting"].entries())
      await queue.enqueue(job(id, { height: 9 - i }));
    await queue.complete("one done", (await take(queue)).lease, rightProof("tx-base"));
    await queue.fail("one failed", (await take(queue)).lease, { code: "X", reason: "x", retry: false });
    expect((await take(queue)).id).to.equal("one at work");
    await queue.forgetBefore(2);
    const left = (await admin.keys(`*${network}}*`)).filter(
      key => !/:(meta|events|stalled-check|stalled|marker|pc|id)$/.test(key),
    );
    expect(left).to.deep.equal([]);
  });
});
