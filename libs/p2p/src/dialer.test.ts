import { expect } from "chai";
import { ManualClock } from "@sprtn/runtime";
import { Dialer, type DialerSettings } from "./dialer.js";
import { recordingLogger } from "./test/local-network.js";

const SETTINGS: DialerSettings = {
  self: "self",
  minPeers: 3,
  maxDialsAtOnce: 2,
  maxCandidates: 10,
  backoff: { firstDelayMs: 1_000, maxDelayMs: 8_000 },
  maxFailures: 3,
};
const signal = new AbortController().signal;

function setUp(settings: Partial<DialerSettings> = {}) {
  const clock = new ManualClock();
  const dialled: string[] = [];
  const connected = new Set<string>();
  const banned = new Set<string>();
  const failing = new Set<string>();
  const dialer = new Dialer(
    {
      clock,
      random: { bytes: length => new Uint8Array(length).fill(255) },
      logger: recordingLogger([]),
      connectedCount: () => connected.size,
      isConnected: peer => connected.has(peer),
      isBanned: peer => banned.has(peer),
      dial: async ({ peer }) => {
        dialled.push(peer);
        if (failing.has(peer)) throw new RangeError("refused");
        connected.add(peer);
      },
    },
    { ...SETTINGS, ...settings },
  );
  const add = (...peers: string[]) => peers.map(peer => dialer.add({ peer, addresses: [`/${peer}`] }));
  return { clock, dialer, dialled, connected, banned, failing, add };
}

describe("Dialer", () => {
  it("dials a few at a time until there are enough connections", async () => {
    const { dialer, dialled, connected, add } = setUp();
    expect(add("a", "b", "c", "d", "self", "a")).to.deep.equal([true, true, true, true, false, false]);
    await dialer.round(signal);
    expect(dialled).to.deep.equal(["a", "b"]);
    await dialer.round(signal);
    await dialer.round(signal);
    expect(dialled).to.deep.equal(["a", "b", "c"]);
    connected.delete("a");
    await dialer.round(signal);
    expect(dialled).to.deep.equal(["a", "b", "c", "a"]);
  });

  it("waits longer after each failure and forgets a discovered peer, but no bootstrap node", async () => {
    const { dialer, dialled, failing, clock, add } = setUp();
    dialer.add({ peer: "boot", addresses: ["/boot"] }, true);
    add("found");
    for (const peer of ["boot", "found"]) failing.add(peer);
    const dialledAt: number[] = [];
    for (let second = 0; second <= 40; second++) {
      const before = dialled.filter(peer => peer === "boot").length;
      await dialer.round(signal);
      if (dialled.filter(peer => peer === "boot").length > before) dialledAt.push(second);
      clock.jump(1_000);
    }
    expect(dialledAt).to.deep.equal([0, 1, 3, 7, 15, 23, 31, 39]);
    expect(dialled.filter(peer => peer === "found")).to.have.length(3);
    expect(add("found")).to.deep.equal([true]);
  });

  it("leaves banned and postponed peers alone, and starts afresh after a success", async () => {
    const { dialer, dialled, banned, failing, clock, connected, add } = setUp();
    add("a", "b");
    banned.add("a");
    dialer.postpone("b", 5_000);
    await dialer.round(signal);
    expect(dialled).to.deep.equal([]);
    clock.jump(5_000);
    failing.add("b");
    await dialer.round(signal);
    await dialer.round(signal);
    expect(dialled).to.deep.equal(["b"]);
    dialer.succeeded("b");
    failing.delete("b");
    await dialer.round(signal);
    expect([...connected]).to.deep.equal(["b"]);
  });
});
