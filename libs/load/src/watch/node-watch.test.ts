import { FEED_VERSION, type FeedChange } from "@sprtn/feed";
import type { FeedFrame, FeedReader } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { fed, fedState } from "../test/fed-states.js";
import { NodeWatch } from "./node-watch.js";

/** A node that answers what a test says, one connection after the other. */
class ScriptedReader implements FeedReader {
  readonly connections: { readonly snapshot: string; readonly frames: readonly FeedFrame[] }[] = [];
  #current: { readonly frames: readonly FeedFrame[] } = { frames: [] };
  since: number | undefined;

  async snapshot(): Promise<string> {
    const next = this.connections.shift();
    if (next === undefined) throw new TypeError("down");
    this.#current = next;
    return next.snapshot;
  }

  async *frames(since: number): AsyncGenerator<FeedFrame> {
    this.since = since;
    yield* this.#current.frames;
  }
}

const event = (seq: number, atMs: number, change: FeedChange): FeedFrame => ({
  kind: "event",
  json: JSON.stringify({ v: FEED_VERSION, seq, atMs, ...change }),
});
const slot = (seq: number, atMs = 1_000): FeedFrame => event(seq, atMs, { t: "slot", slot: seq });

describe("NodeWatch", () => {
  const controller = new AbortController();
  let [clock, logger, reader] = [new ManualClock(), new MemoryLogger(), new ScriptedReader()];
  let heard: string[] = [];
  let watch: NodeWatch;
  beforeEach(() => {
    [clock, logger, reader] = [new ManualClock(), new MemoryLogger(), new ScriptedReader()];
    heard = [];
    watch = new NodeWatch(
      { name: "validator-1", reader, clock, logger },
      {
        onState: state => heard.push(`state ${state.slots.length}`),
        onChange: (change, { slots }, atMs) => heard.push(`${change.t} ${slots.length} at ${atMs}`),
      },
    );
    void watch.run(controller.signal);
  });
  after(() => controller.abort());

  const snapshot = (atMs = 1_000) => JSON.stringify({ ...fedState(atMs), seq: 10 });
  const warnings = () => logger.lines("warn").map(({ fields }) => String(fields["reason"]));

  it("reads the state, then what changes it, in order, each once", async () => {
    reader.connections.push({ snapshot: snapshot(), frames: [slot(10), slot(11), slot(11), slot(12)] });
    await clock.advance(1_000);
    expect([reader.since, heard.length, heard[0]]).to.deep.equal([10, 3, "state 0"]);
    expect(watch.state?.slots.map(one => one.slot)).to.deep.equal([11, 12]);
  });

  it("compares clocks: of all messages the fastest one tells how far the node's is off", async () => {
    await clock.advance(500);
    // Its clock shows 10,000 when ours shows 1,000; one message takes 200 ms, the other none.
    const frames: FeedFrame[] = [{ kind: "time", atMs: 9_800 }, { kind: "time", atMs: 10_000 }, slot(11, 10_000)];
    reader.connections.push({ snapshot: snapshot(9_700), frames });
    await clock.advance(500);
    expect([clock.steadyMs(), watch.steady(10_000), heard[1]]).to.deep.equal([1_000, 1_000, "slot 1 at 1000"]);
  });

  it("reads the state anew when events were missed, and when the node was away", async () => {
    reader.connections.push({ snapshot: snapshot(), frames: [slot(11), { kind: "resync" }, slot(12)] });
    reader.connections.push({ snapshot: JSON.stringify(fed(fedState(1_000), { t: "slot", slot: 3 })), frames: [] });
    await clock.advance(2_000);
    expect(heard.map(line => line.split(" at")[0])).to.deep.equal(["state 0", "slot 1", "state 1"]);
    await clock.advance(5_000);
    // Once before the first answer, and once since.
    expect(warnings()).to.deep.equal(["down", "down"]);
    reader.connections.push({ snapshot: snapshot(), frames: [] });
    await clock.advance(1_000);
    expect(logger.lines("info").map(({ message }) => message)).to.deep.equal(
      Array.from({ length: 2 }, () => "a node's events are read again"),
    );
  });

  const strange: readonly (readonly [what: string, snapshot: string, frames?: readonly FeedFrame[]])[] = [
    ["no JSON", "<html>"],
    ["no state", "[]"],
    ["another version", '{"v":2}'],
    ["a state of another shape", JSON.stringify({ v: FEED_VERSION })],
    ["an event that is none", JSON.stringify({ ...fedState(1), seq: 1 }), [{ kind: "event", json: "null" }]],
  ];
  for (const [what, text, frames = []] of strange) {
    it(`survives ${what}, and does not keep it`, async () => {
      const onState = new NodeWatch(
        { name: "validator-2", reader, clock, logger },
        { onState: state => void state.slots.length, onChange: () => {} },
      );
      const own = new AbortController();
      reader.connections.push({ snapshot: text, frames });
      const run = onState.run(own.signal);
      await clock.advance(0);
      expect(warnings()[0]).to.match(/^(down|validator-2 tells what this program cannot read)/);
      if (frames.length === 0) expect(onState.state).to.equal(undefined);
      own.abort();
      await run;
    });
  }
});
