import { expect } from "chai";
import { ManualClock } from "@sprtn/runtime";
import { HandshakePace } from "./handshake-pace.js";

describe("the pace of handshakes (LIMIT-29)", () => {
  const settings = {
    burst: 3,
    perSecond: 2,
    busyPerSecond: 0.5,
    calmLoad: 0.5,
    busyLoad: 0.8,
    maxWaiting: 4,
    maxWaitMs: 2_000,
  };

  /** Asks for a turn; `turns` then holds when it came, or that it was refused. */
  function setUp() {
    const clock = new ManualClock();
    const thread = { load: 0 };
    const pace = new HandshakePace({ clock, load: () => thread.load, isWelcome: host => host === "friend" }, settings);
    const startMs = clock.nowMs();
    const turns: (number | "refused")[] = [];
    const ask = async (count: number, signal?: AbortSignal, host = "stranger") => {
      for (let n = 0; n < count; n++)
        void pace
          .turn(host, signal)
          .then(begins => turns.push(begins ? clock.nowMs() - startMs : "refused"))
          .catch(() => {});
      await clock.advance(0);
    };
    return { clock, thread, turns, ask };
  }

  it("a burst begins at once, the next wait for their turn, and more than may wait are refused", async () => {
    const { clock, turns, ask } = setUp();
    await ask(9);
    expect(turns).to.have.members([0, 0, 0, "refused", "refused"]);
    turns.length = 0;
    for (let n = 0; n < 4; n++) await clock.advance(500);
    expect(turns).to.deep.equal([500, 1_000, 1_500, 2_000]);
  });

  it("after a quiet time there is a whole burst again, and no more", async () => {
    const { clock, turns, ask } = setUp();
    await ask(3);
    await clock.advance(60_000);
    turns.length = 0;
    await ask(4);
    expect(turns).to.deep.equal([60_000, 60_000, 60_000]);
    await clock.advance(500);
    expect(turns.at(-1)).to.equal(60_500);
  });

  for (const ms of [-3_600_000, 3_600_000])
    it(`a wall clock set by ${ms} makes nobody wait for it, and gives no turns`, async () => {
      const { clock, turns, ask } = setUp();
      await ask(3);
      clock.jump(ms);
      turns.length = 0;
      await ask(2);
      await clock.advance(1_000);
      expect(turns).to.deep.equal([ms + 500, ms + 1_000]);
    });

  it("a busy thread takes strangers more slowly, down to the least", async () => {
    for (const [load, perSecond] of [
      [0.5, 2],
      [0.65, 1.25],
      [0.8, 0.5],
      [1, 0.5],
    ] as const) {
      const { clock, thread, turns, ask } = setUp();
      thread.load = load;
      await ask(3);
      turns.length = 0;
      await ask(1);
      await clock.advance(1_000 / perSecond - 1);
      expect(turns, `${load}, a moment before`).to.deep.equal([]);
      await clock.advance(1);
      expect(turns, `${load}`).to.deep.equal([1_000 / perSecond]);
    }
  });

  it("who waits when the thread becomes busy waits longer, and in vain after the time for it", async () => {
    const { clock, thread, turns, ask } = setUp();
    await ask(6);
    turns.length = 0;
    await clock.advance(500);
    expect(turns).to.deep.equal([500]);
    thread.load = 1;
    await clock.advance(1_499);
    expect(turns).to.deep.equal([500]);
    await clock.advance(1);
    expect(turns).to.deep.equal([500, "refused", "refused"]);
  });

  it("strangers take no turns of addresses where useful peers have been, at whatever load", async () => {
    const { clock, thread, turns, ask } = setUp();
    thread.load = 1;
    await ask(100);
    turns.length = 0;
    await ask(4, undefined, "friend");
    expect(turns).to.deep.equal([0, 0, 0]);
    await clock.advance(500);
    expect(turns).to.deep.equal([0, 0, 0, 500]);
  });

  it("whoever hangs up waits no longer", async () => {
    const { clock, turns, ask } = setUp();
    const controller = new AbortController();
    await ask(3);
    await ask(1, controller.signal);
    controller.abort();
    await clock.advance(1_000);
    expect(turns).to.deep.equal([0, 0, 0]);
  });
});
