import { ManualClock } from "@sprtn/runtime";
import { expect } from "chai";
import { identityOf } from "../test/fake-operator-host.js";
import type { RunRecord } from "./run-record.js";
import { supervise, type SupervisedNode } from "./supervise.js";

interface Start {
  readonly atMs: number;
  readonly terminated: () => boolean;
  readonly end: (code: number | null, signal?: string) => void;
}

describe("a supervisor", () => {
  let clock: ManualClock;
  let starts: Start[];
  let notes: Omit<RunRecord, "supervisor">[];
  let controller: AbortController;
  let ended: Promise<number>;
  const last = () => starts.at(-1) as Start;
  const state = () => notes.at(-1)?.state;

  beforeEach(async () => {
    clock = new ManualClock(1_000);
    starts = [];
    notes = [];
    controller = new AbortController();
    const start = async (): Promise<SupervisedNode> => {
      const end = Promise.withResolvers<{ code: number | null; signal: string | null }>();
      let terminated = false;
      starts.push({
        atMs: clock.steadyMs(),
        terminated: () => terminated,
        end: (code, signal) => end.resolve({ code, signal: signal ?? null }),
      });
      return { identity: identityOf(100 + starts.length), ended: end.promise, terminate: () => (terminated = true) };
    };
    ended = supervise(
      { clock, start, note: async record => void notes.push(record), say: () => undefined },
      controller.signal,
    );
    await clock.advance(0);
  });

  it("starts a node that crashed again, later each time, up to a minute", async () => {
    const waits: number[] = [];
    for (let i = 0; i < 9; i++) {
      // Seldom enough for it to be worth another try.
      await clock.advance(180_000);
      const fromMs = clock.steadyMs();
      last().end(null, "SIGKILL");
      await clock.advance(0);
      expect(state()).to.equal("waiting");
      await clock.advance(60_000);
      waits.push((last().atMs - fromMs) / 1000);
    }
    expect(waits).to.deep.equal([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    await clock.advance(600_000);
    const fromMs = clock.steadyMs();
    last().end(1);
    await clock.advance(2_000);
    expect(last().atMs - fromMs).to.equal(1_000);
  });

  it("gives up after five crashes in ten minutes", async () => {
    for (let i = 0; i < 5; i++) {
      last().end(1);
      await clock.advance(60_000);
    }
    expect(await ended).to.equal(1);
    expect([starts.length, state()]).to.deep.equal([5, "given-up"]);
  });

  for (const code of [2, 4])
    it(`does not start again what ended with ${code}`, async () => {
      last().end(code);
      expect(await ended).to.equal(code);
      expect([starts.length, state(), notes.at(-1)?.lastEnd?.code]).to.deep.equal([1, "ended", code]);
    });

  it("nor what ended by itself", async () => {
    last().end(0);
    expect(await ended).to.equal(0);
    expect([starts.length, state()]).to.deep.equal([1, "ended"]);
  });

  it("told to stop, it ends its node and waits for it", async () => {
    controller.abort("SIGTERM");
    expect(last().terminated()).to.equal(true);
    await clock.advance(5_000);
    expect(state()).to.equal("running");
    last().end(null, "SIGTERM");
    expect(await ended).to.equal(0);
    expect(state()).to.equal("stopped");
  });

  it("told to stop while it waits, it starts nothing any more", async () => {
    last().end(1);
    await clock.advance(500);
    controller.abort("SIGTERM");
    expect(await ended).to.equal(0);
    expect([starts.length, state()]).to.deep.equal([1, "stopped"]);
  });
});
