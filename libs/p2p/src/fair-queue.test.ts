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
    expect(queue.run("c", false, jobs.job("c1"))).to.equal(undefined);
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
});
