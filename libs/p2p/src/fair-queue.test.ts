import { expect } from "chai";
import { FairQueue } from "./fair-queue.js";

/** Jobs that run until the test ends them. */
class Jobs {
  readonly started: string[] = [];
  readonly #ends = new Map<string, () => void>();

  job(name: string): () => Promise<string> {
    return async () => {
      this.started.push(name);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#ends.set(name, resolve);
      await promise;
      return name;
    };
  }

  end(name: string): void {
    this.#ends.get(name)?.();
  }
}

const settings = { maxRunning: 2, reservedForUrgent: 1, maxWaiting: 4, maxPerPeer: 3 };

describe("FairQueue", () => {
  it("takes peers in turn and urgent jobs first", async () => {
    const queue = new FairQueue(settings);
    const jobs = new Jobs();
    const done = [
      queue.run("a", false, jobs.job("a1")),
      queue.run("a", false, jobs.job("a2")),
      queue.run("a", false, jobs.job("a3")),
      queue.run("b", false, jobs.job("b1")),
    ];
    expect(jobs.started).to.deep.equal(["a1"]);
    done.push(queue.run("c", true, jobs.job("c1")), queue.run("c", true, jobs.job("c2")));
    expect(jobs.started).to.deep.equal(["a1", "c1"]);
    jobs.end("a1");
    await done[0];
    for (const name of ["c2", "c1", "a2", "b1", "a3"]) {
      await new Promise(resolve => setImmediate(resolve));
      jobs.end(name);
    }
    expect(await Promise.all(done)).to.have.length(6);
    expect(jobs.started).to.deep.equal(["a1", "c1", "c2", "a2", "b1", "a3"]);
  });

  it("refuses what exceeds a peer's share or the room for all, and takes jobs again later", async () => {
    const queue = new FairQueue(settings);
    const jobs = new Jobs();
    const first = queue.run("a", false, jobs.job("a1"));
    void queue.run("a", false, jobs.job("a2"));
    void queue.run("a", false, jobs.job("a3"));
    expect(queue.run("a", false, jobs.job("a4"))).to.equal(undefined);
    void queue.run("b", false, jobs.job("b1"));
    void queue.run("b", false, jobs.job("b2"));
    void queue.run("c", false, jobs.job("c1"));
    expect(queue.run("c", false, jobs.job("c2"))).to.equal(undefined);
    expect(queue.run("b", false, jobs.job("b3"))).to.equal(undefined);
    jobs.end("a1");
    await first;
    await new Promise(resolve => setImmediate(resolve));
    expect(queue.run("a", false, jobs.job("a4"))).to.not.equal(undefined);
  });

  it("hands on a job's error and frees its place", async () => {
    const queue = new FairQueue({ ...settings, maxPerPeer: 1 });
    for (let i = 0; i < 3; i++) {
      const outcome = queue.run("a", false, () => Promise.reject(new RangeError("no")));
      expect(await outcome?.catch((error: Error) => error.message)).to.equal("no");
      await new Promise(resolve => setImmediate(resolve));
    }
  });

  it("LIMIT-1: peers that fill all places give one to each that has fewer, and lose their newest jobs", async () => {
    const queue = new FairQueue({ maxRunning: 1, reservedForUrgent: 0, maxWaiting: 40, maxPerPeer: 20 });
    const jobs = new Jobs();
    const flood = Array.from({ length: 10 }, (_, peer) =>
      Array.from({ length: 20 }, (_none, n) => queue.run(`flood ${peer}`, false, jobs.job(`flood ${peer} ${n}`))),
    ).flat();
    const honest = ["x", "y"].map(peer => queue.run(peer, false, jobs.job(peer)));
    expect(honest).to.not.include(undefined);
    for (let n = 0; jobs.started.length < 13; n++) {
      jobs.end(jobs.started[n] as string);
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(jobs.started).to.include.members(["x", "y"]);
    expect(flood.filter(outcome => outcome !== undefined)).to.not.have.length(200);
  });

  it("LIMIT-1: urgent jobs have places of their own, in all and for each peer", async () => {
    const queue = new FairQueue({ maxRunning: 1, reservedForUrgent: 0, maxWaiting: 3, maxPerPeer: 3 });
    const jobs = new Jobs();
    for (const peer of ["a", "b", "c", "d"])
      for (let n = 0; n < 3; n++) void queue.run(peer, false, jobs.job(`${peer}${n}`));
    const urgent = queue.run("a", true, jobs.job("vote"));
    expect(urgent).to.not.equal(undefined);
    jobs.end("a0");
    await new Promise(resolve => setImmediate(resolve));
    expect(jobs.started.at(-1)).to.equal("vote");
  });

  it("LIMIT-1: a job that gave way is told from one that ran", async () => {
    const queue = new FairQueue({ maxRunning: 1, reservedForUrgent: 0, maxWaiting: 3, maxPerPeer: 9 });
    const jobs = new Jobs();
    const outcomes = Array.from({ length: 4 }, (_, n) => queue.run("a", false, jobs.job(`a${n}`)));
    expect(queue.run("a", false, jobs.job("a4"))).to.equal(undefined);
    expect(queue.run("b", false, jobs.job("b0"))).to.not.equal(undefined);
    expect(await outcomes[3]).to.equal(undefined);
    expect(jobs.started).to.deep.equal(["a0"]);
  });
});
